/** What a stream says again after it was opened anew: Azure begins each time with the last lines that there are. */
export interface Repeats {
  /** The stream was opened. Gives what is to be shown before its first text. */
  readonly opened: () => string;
  /** What of the text is new. Where a stream may repeat itself, a line is passed on once it is whole. */
  readonly pass: (text: string) => string;
}

/** As many lines are known, and looked at, when a stream begins anew; Azure repeats 300 at most. */
const most = 1000;

export function createRepeats(): Repeats {
  const recent: string[] = [];
  /** How often each of the lines may come again. */
  let old = new Map<string, number>();
  let left = 0;
  /** The line that has not ended yet, and how much of it has been passed on. */
  let held = '';
  let shown = 0;

  const isRepeated = (line: string): boolean => {
    if (left === 0) return false;
    left--;
    const count = old.get(line) ?? 0;
    if (count > 0) old.set(line, count - 1);
    return count > 0;
  };

  return {
    opened: () => {
      const rest = held === '' ? '' : `${held.slice(shown)}\n`;
      held = '';
      shown = 0;
      old = new Map();
      for (const line of recent) old.set(line, (old.get(line) ?? 0) + 1);
      left = recent.length === 0 ? 0 : most;
      return rest;
    },
    pass: (text) => {
      held += text;
      let fresh = '';
      for (let end = held.indexOf('\n'); end >= 0; end = held.indexOf('\n')) {
        const line = held.slice(0, end).trimEnd();
        if (shown > 0 || !isRepeated(line)) {
          fresh += held.slice(shown, end + 1);
          recent.push(line);
          if (recent.length > most) recent.shift();
        }
        held = held.slice(end + 1);
        shown = 0;
      }
      if (left > 0) return fresh;
      fresh += held.slice(shown);
      shown = held.length;
      return fresh;
    },
  };
}
