import type { App } from './containers.ts';

/** Each line of a container's log with its time, from `since` until the container ends. */
export async function readLines(
  app: App,
  since: number,
  signal: AbortSignal,
  take: (time: string, text: string) => void,
): Promise<void> {
  let rest = '';
  for await (const piece of app.follow({ timestamps: true, since }, signal)) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) takeLine(line, take);
  }
  if (rest !== '') takeLine(rest, take);
}

function takeLine(line: string, take: (time: string, text: string) => void): void {
  const space = line.indexOf(' ');
  if (space > 0) take(line.slice(0, space), line.slice(space + 1).replace(/\r$/, ''));
}
