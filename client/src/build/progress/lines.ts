/** Cuts text that comes in pieces into lines, without their ends. */
export class Lines {
  #rest = '';

  add(text: string): readonly string[] {
    // Most pieces end a line; the rest is not searched again for one.
    if (!text.includes('\n')) {
      this.#rest += text;
      return [];
    }
    const parts = (this.#rest + text).split('\n');
    this.#rest = parts.pop() ?? '';
    return parts.map(withoutReturn);
  }

  end(): readonly string[] {
    const rest = this.#rest;
    this.#rest = '';
    return rest === '' ? [] : [withoutReturn(rest)];
  }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.replace(/\r+$/, '') : line;
}
