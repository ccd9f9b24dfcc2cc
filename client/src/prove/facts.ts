import type { Run } from '../tools/command.ts';
import { inspectImage, readImageConfig, type ImageConfig } from '../tools/container/image-config.ts';
import { containerToolNames, type ContainerTool } from '../tools/container/tool.ts';
import { lastLine } from '../tools/last-line.ts';
import { UserError } from '../ui/user-error.ts';

export interface ImageFacts {
  /** As the user names it. */
  readonly image: string;
  readonly config: ImageConfig;
}

/** What the image says of itself; a `UserError` when it is not there or cannot be run here. */
export async function readFacts(
  image: string,
  { run, tool, signal }: { readonly run: Run; readonly tool: ContainerTool; readonly signal?: AbortSignal | undefined },
): Promise<ImageFacts> {
  const answer = await run(inspectImage(tool, image), signal && { signal });
  if (answer.code !== 0) throw new UserError(whyNoImage(image, tool, answer.stderr));
  const config = readImageConfig(answer.stdout);
  if (config === undefined)
    throw new UserError(`'${image}' could not be inspected: ${containerToolNames[tool.kind]} gave no JSON`);
  if (config.os !== 'linux') throw new UserError(`'${image}' is for ${config.os}: only Linux images can be proved`);
  return { image, config };
}

function whyNoImage(image: string, tool: ContainerTool, reason: string): string {
  const name = containerToolNames[tool.kind];
  if (/no such (image|object)|image not known|not found|unable to find/i.test(reason)) {
    return `There is no image '${image}' here: build or pull it first`;
  }
  if (/permission denied/i.test(reason)) return `${name} refuses you access: ${lastLine(reason)}`;
  if (/cannot connect|connection refused|is the docker daemon running|no such host|i\/o timeout/i.test(reason)) {
    return `${name} is installed but not running: start it, then try again (${lastLine(reason)})`;
  }
  return `'${image}' could not be inspected: ${lastLine(reason) || 'no reason given'}`;
}
