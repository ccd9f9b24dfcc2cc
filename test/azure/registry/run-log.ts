import type { Blobs } from './blobs.ts';

/** How a log ends, as its metadata says it. */
export type Completion = 'successful' | 'failed' | 'internalerror' | 'timedout' | 'canceled';

/** The log of a run as the service writes it: an append blob that grows by whole lines, each piece ended by CRLF and LF within. */
export interface RunLog {
  /** As Docker wrote it. */
  readonly add: (text: string) => void;
  /** What the service says itself, with its time. */
  readonly say: (text: string) => void;
  readonly end: (completion: Completion, text: string) => void;
}

export function createRunLog(blobs: Blobs, path: string): RunLog {
  let rest = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    const end = rest.lastIndexOf('\n');
    if (end < 0) return;
    blobs.append(path, `${rest.slice(0, end)}\r\n`);
    rest = rest.slice(end + 1);
  };
  const add = (text: string): void => {
    rest += text;
    timer ??= setTimeout(flush, 50);
  };
  return {
    add,
    say: (text) => add(`${momentOf(new Date())} ${text}\n`),
    end: (completion, text) => {
      clearTimeout(timer);
      if (rest !== '' && !rest.endsWith('\n')) rest += '\n';
      flush();
      blobs.append(path, `\r\n${text}\r\n`);
      blobs.append(path, '', { complete: completion });
    },
  };
}

/** `2026/11/21 09:30:00`. */
function momentOf(time: Date): string {
  return time.toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
}
