export function write(text: string): void {
  process.stdout.write(text);
}

export async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

/** A word to the user beside the output. */
export function say(message: string): void {
  process.stderr.write(`shipshape: ${message}\n`);
}

/** `shipshape rules | head` closes the pipe early: that is no error, and there is nobody left to write to. */
export function survivesClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** https://no-color.org and https://force-color.org; else by whether a person is looking. */
export function wantsColours(isTerminal: boolean): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: terminal } = process.env;
  if (force !== undefined) return force !== '0' && force !== 'false';
  if (no !== undefined && no !== '') return false;
  return isTerminal && terminal !== 'dumb';
}
