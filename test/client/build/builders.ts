import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import type { BuildEvent, BuildOutcome, BuildRequest } from '../../../client/src/build/build.ts';
import { executeBuild } from '../../../client/src/build/execute.ts';
import type { FactsRequest } from '../../../client/src/build/facts.ts';
import { planBuild } from '../../../client/src/build/plan.ts';
import { findTool } from '../../../client/src/container/find-tool.ts';
import { createRun } from '../../../client/src/process/run.ts';
import type { Run } from '../../../client/src/tools/command.ts';
import type { ContainerTool } from '../../../client/src/tools/container/tool.ts';
import { folderOf } from '../../docker/docker.ts';

/** One way to build, all against the same daemon. */
export interface Builder {
  readonly name: string;
  readonly tool: ContainerTool;
  readonly run: Run;
}

/**
 * The ways that one Docker with buildx has: raw progress, plain progress, BuildKit by `docker build`, and the classic builder. Other clients
 * are added by their paths in SHIPSHAPE_DOCKERS, and run without any plugin.
 */
export async function builders(): Promise<readonly Builder[]> {
  const run = createRun();
  const tool = await findTool(run, { kind: 'docker' });
  assert.equal(tool.builder, 'buildx', 'the tests need buildx');
  const empty = mkdtempSync(join(tmpdir(), 'shipshape-config-'));
  process.once('exit', () => rmSync(empty, { recursive: true, force: true }));
  const bare = withEnvironment(run, { DOCKER_CONFIG: empty });
  const others = (process.env['SHIPSHAPE_DOCKERS'] ?? '').split(delimiter).filter((path) => path !== '');
  return [
    { name: 'buildx, raw', tool, run },
    { name: 'buildx, plain', tool: { ...tool, hasRawProgress: false }, run },
    { name: 'docker build', tool: { ...tool, builder: 'buildkit', hasRawProgress: false }, run },
    { name: 'classic', tool: { ...tool, builder: 'classic', hasRawProgress: false }, run: bare },
    ...(await Promise.all(
      others.map(async (path) => {
        const other = await findTool(bare, { kind: 'docker', path });
        return { name: `${other.builder} of ${other.version}`, tool: other, run: bare };
      }),
    )),
  ];
}

export function withEnvironment(run: Run, environment: Readonly<Record<string, string>>): Run {
  return (command, options) => run({ ...command, environment: { ...environment, ...command.environment } }, options);
}

export interface Built {
  readonly outcome: BuildOutcome;
  readonly events: readonly BuildEvent[];
}

export async function build(
  { tool, run }: Pick<Builder, 'tool' | 'run'>,
  request: Partial<BuildRequest> & Pick<BuildRequest, 'context'>,
  { signal, onEvent }: { readonly signal?: AbortSignal; readonly onEvent?: (event: BuildEvent) => void } = {},
): Promise<Built> {
  const plan = planBuild(requestFor(request), tool);
  assert.ok(plan.kind === 'build', plan.kind === 'impossible' ? plan.reason : '');
  const events: BuildEvent[] = [];
  const outcome = await executeBuild(plan, {
    run,
    ...(signal && { signal }),
    onEvent: (event) => {
      events.push(event);
      onEvent?.(event);
    },
  });
  return { outcome, events };
}

function requestFor(request: Partial<BuildRequest> & Pick<BuildRequest, 'context'>): BuildRequest {
  return {
    dockerfile: join(request.context, 'Dockerfile'),
    platforms: [],
    arguments: [],
    secrets: [],
    tags: [],
    pull: false,
    useCache: true,
    ...request,
  };
}

/** Looks again until it is so, with a deadline. */
export async function eventually(what: string, check: () => boolean, seconds = 120): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!check()) {
    assert.ok(Date.now() < deadline, `not within ${seconds} s: ${what}`);
    await after(50);
  }
}

/** How to read files, for facts. */
export const onDisk: Pick<FactsRequest, 'readFile' | 'list'> = {
  readFile: (path) => readFile(path, 'utf8').catch(() => undefined),
  list: async (folder) => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
    return entries?.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  },
};

/** Makes builds keep their own files in a folder of the test's; gives what is left of them. */
export function ownTemporary(context: TestContext): () => readonly string[] {
  const folder = folderOf(context, {});
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  context.after(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
  return () => readdirSync(folder).filter((name) => name.startsWith('shipshape-build-'));
}
