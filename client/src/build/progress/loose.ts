/** How many are kept: more than any builder says at its end. */
const kept = 500;

/** The last lines that a builder wrote beside its progress: there it says what went wrong. */
export class Loose {
  #lines: string[] = [];

  add(line: string): void {
    if (line.trim() === '') return;
    this.#lines.push(line);
    if (this.#lines.length > 2 * kept) this.#lines = this.lines().slice();
  }

  lines(): readonly string[] {
    return this.#lines.slice(-kept);
  }
}
