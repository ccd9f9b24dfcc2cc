/** What a site writes: the platform's own lines, and what the app prints. */
export interface LogBook {
  readonly platform: (level: 'INFO' | 'WARN' | 'ERROR', text: string) => void;
  readonly app: (text: string) => void;
  /** All that is kept, oldest first; the app's lines only where logging to the file system is on. */
  readonly text: (withApp: boolean) => string;
  /** Called with every new line; gives what ends that. */
  readonly listen: (listener: (line: string, ofApp: boolean) => void) => () => void;
}

// Azure keeps 35 MB by itself.
const keptLines = 5_000;

export function createLogBook(): LogBook {
  const lines: { readonly text: string; readonly ofApp: boolean }[] = [];
  const listeners = new Set<(line: string, ofApp: boolean) => void>();
  let unfinished = '';

  const add = (text: string, ofApp: boolean): void => {
    lines.push({ text, ofApp });
    if (lines.length > keptLines) lines.shift();
    for (const listener of listeners) listener(text, ofApp);
  };

  return {
    platform: (level, text) => add(`${new Date().toISOString()} ${level.padEnd(5)} - ${text}`, false),
    app: (text) => {
      const pieces = (unfinished + text).split('\n');
      unfinished = pieces.pop() ?? '';
      for (const piece of pieces) add(`${new Date().toISOString()} ${piece.trimEnd()}`, true);
    },
    text: (withApp) =>
      lines
        .filter(({ ofApp }) => withApp || !ofApp)
        .map(({ text }) => `${text}\n`)
        .join(''),
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
