/** What the platform says of an app that does not answer. */
export interface Look {
  /** `pull`: it may not read the image, maybe only not yet. `broken`: waiting is of no use. `over`: it has run once, as it was to, and ended well. */
  readonly state: 'starting' | 'pull' | 'broken' | 'over';
  readonly reason?: string;
  readonly lines: readonly string[];
  /** The platform's own lines, with their times, of each start that it gave up. */
  readonly failedStarts?: readonly string[];
}

/** The last lines of a log. */
export function tailOf(text: string, count = 40): readonly string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(-count);
}
