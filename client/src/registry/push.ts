import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ended, Run } from '../tools/command.ts';
import type { LoginFolder } from '../tools/container/login.ts';
import { pushImage } from '../tools/container/push.ts';
import type { ContainerTool } from '../tools/container/tool.ts';
import { isLostConnection, whyRefused } from './push-failure.ts';
import { createPushReader } from './push-progress.ts';
import type { Registry } from './registry.ts';

export interface PushOptions {
  readonly run: Run;
  readonly tool: ContainerTool;
  readonly registry: Registry;
  readonly place: LoginFolder;
  readonly signal: AbortSignal;
  readonly onLog: (text: string) => void;
  readonly onProgress: (message: string) => void;
}

/** Pushes what is tagged with this name. The digest as the tool tells it, where it does. */
export async function push(name: string, options: PushOptions): Promise<string | undefined> {
  const first = await pushOnce(name, options);
  if (first.ended.code === 0) return first.digest;
  const said = saidBy(first.ended);
  if (!isLostConnection(said)) throw whyRefused(said, options.registry, 'push');
  options.onProgress('The connection was lost, pushing again');
  // What has arrived is not sent again.
  const second = await pushOnce(name, options);
  if (second.ended.code !== 0) throw whyRefused(saidBy(second.ended), options.registry, 'push');
  return second.digest;
}

async function pushOnce(
  name: string,
  { run, tool, place, signal, onLog, onProgress }: PushOptions,
): Promise<{ readonly ended: Ended; readonly digest: string | undefined }> {
  const digestFile = join(place.folder, 'pushed-digest');
  const reader = createPushReader();
  const ended = await run(pushImage(tool, place, name, digestFile), {
    signal,
    long: true,
    keep: 20_000,
    onOutput: (text) => {
      onLog(text);
      reader.read(text);
      const message = reader.message();
      if (message !== undefined) onProgress(message);
    },
  });
  return { ended, digest: reader.digest() ?? (await digestIn(digestFile)) };
}

async function digestIn(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return /^sha256:[0-9a-f]{64}/.exec(text)?.[0];
}

/** Errors last, as the last line is what is told when nothing is recognised. */
function saidBy({ stdout, stderr }: Ended): string {
  return `${stdout}\n${stderr}`;
}
