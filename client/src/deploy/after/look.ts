/** What the platform says of an app that does not answer. */
export interface Look {
  /** `pull`: it may not read the image, maybe only not yet. `broken`: waiting is of no use. */
  readonly state: 'starting' | 'pull' | 'broken';
  readonly reason?: string;
  readonly lines: readonly string[];
}

/** The last lines of a log. */
export function tailOf(text: string, count = 40): readonly string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(-count);
}
