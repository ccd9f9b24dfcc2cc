import { UserError } from '../../ui/user-error.ts';
import { containerToolNames } from '../../tools/container/tool.ts';
import { lastLine, type CheckContext } from '../check.ts';
import { Channel } from './channel.ts';
import { readArchive, type ImageContents } from './read-archive.ts';
import { BrokenArchive } from './tar.ts';

/** What is in the image of a proof, read as the container tool writes it: no file is made of it. For `CheckContext.once`. */
export async function lookInside({ facts, tool, run, signal }: CheckContext): Promise<ImageContents> {
  const args = ['image', 'save', '--', facts.image];
  const channel = new Channel(signal);
  const saved = run({ program: tool.program, args }, { onBytes: (bytes) => channel.put(bytes), long: true }).finally(
    () => channel.end(),
  );
  // An image that cannot be read is still saved to its end, so that the program ends; its bytes go nowhere.
  const contents = readArchive(channel.bytes()).catch((error: unknown) => {
    channel.end();
    return error instanceof Error ? error : new Error(String(error));
  });
  const ended = await saved;
  if (ended.code !== 0) {
    throw new UserError(
      `${containerToolNames[tool.kind]} could not save '${facts.image}': ${lastLine(ended) || 'it gave no reason'}`,
    );
  }
  const read = await contents;
  if (read instanceof BrokenArchive || (read instanceof Error && 'code' in read)) {
    throw new UserError(`'${facts.image}' cannot be looked into: ${read.message}`);
  }
  if (read instanceof Error) throw read;
  return read;
}
