import type { TestContext } from 'node:test';
import { findTool } from '../../client/src/container/find-tool.ts';
import { createKeeper } from '../../client/src/process/keep.ts';
import { createRun } from '../../client/src/process/run.ts';
import { prove, type ProveMeans } from '../../client/src/prove/execute.ts';
import {
  usualProveSettings,
  type Proof,
  type PromiseId,
  type ProveSettings,
  type Verdict,
} from '../../client/src/prove/promise.ts';
import { baseImage, docker, imageOf } from './docker.ts';

/** Answers on port 8080, as a user of its own, and stops when asked. */
export const goodServer = `
FROM ${baseImage}
WORKDIR /etc
USER 1000
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=2s CMD printf 'GET /passwd HTTP/1.0\\r\\n\\r\\n' | nc -w 1 127.0.0.1 8080 | grep -q root
CMD ["sh", "-c", "trap 'kill $!; exit 0' TERM; httpd -f -p 8080 & wait"]
`;

/** An image that runs these lines in a shell; the last must go on until it is stopped. */
export function appOf(lines: readonly string[], instructions: readonly string[] = []): string {
  return [`FROM ${baseImage}`, ...instructions, `CMD ["sh", "-c", ${JSON.stringify(lines.join('\n'))}]`].join('\n');
}

/** Does nothing until it is asked to stop. */
export const untilStopped = ["trap 'exit 0' TERM", 'while :; do sleep 0.1; done'];

/** One static program and nothing else: no shell, no 'cat', no user. */
export function scratchOf(...instructions: readonly string[]): string {
  return [
    `FROM ${baseImage} AS tools`,
    'FROM scratch',
    'COPY --from=tools /bin/busybox /busybox-app',
    ...instructions,
  ].join('\n');
}

export async function meansOf(more: Partial<ProveMeans> = {}): Promise<ProveMeans> {
  const keeper = createKeeper(new URL('../../client/src/process/keeper.ts', import.meta.url).pathname);
  const run = createRun(keeper);
  return { run, keeper, tool: await findTool(run, { kind: 'docker' }), ...more };
}

/** The proof of an image of this Dockerfile, of the promises asked only. */
export async function proofOf(
  context: TestContext,
  dockerfile: string,
  checks: readonly PromiseId[],
  settings: Partial<ProveSettings> = {},
): Promise<Proof> {
  const image = imageOf(context, { Dockerfile: dockerfile });
  return prove(image, { ...usualProveSettings, ...settings, checks }, await meansOf());
}

/** The one verdict asked for. With a wait command that is always content, the app is ready at once. */
export async function verdictOn(
  context: TestContext,
  promise: PromiseId,
  dockerfile: string,
  settings: Partial<ProveSettings> = { waitCommand: ['true'] },
): Promise<Verdict> {
  const { verdicts } = await proofOf(context, dockerfile, [promise], settings);
  const [verdict] = verdicts;
  if (verdict === undefined || verdicts.length > 1) throw new Error('There is not one verdict');
  return verdict;
}

/** The containers of proofs by this process, or by another one. */
export function containersLeft(pid = process.pid): readonly string[] {
  const format = '{{.Names}} {{.Label "io.shipshape.owner"}}';
  const all = docker('ps', '--all', '--filter', 'label=io.shipshape.prove', '--format', format);
  return all.split('\n').filter((line) => line.includes(` ${pid}@`));
}
