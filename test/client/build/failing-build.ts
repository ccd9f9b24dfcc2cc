import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { BuildFailure, BuildOutcome, BuildRequest } from '../../../client/src/build/build.ts';
import { executeBuild } from '../../../client/src/build/execute.ts';
import type { Explanation } from '../../../client/src/build/failure/explain.ts';
import { explainWithFiles } from '../../../client/src/build/failure/surroundings.ts';
import { planBuild } from '../../../client/src/build/plan.ts';
import { createRun } from '../../../client/src/process/run.ts';
import type { ContainerTool } from '../../../client/src/tools/container/tool.ts';
import { applyEdits } from '../../../server/src/text/problem.ts';
import { folderOf } from '../../docker/docker.ts';

/** A builder to fail with. */
export interface Variant {
  readonly name: string;
  readonly tool: ContainerTool;
  /** Differs from another one only in how its progress is read: a few cases will do. */
  readonly isBrief?: true;
}

const docker = { kind: 'docker', program: 'docker', version: '26.1.5', hasRawProgress: false } as const;
const ofTheSystem = '/usr/bin/docker';

/** The builders that are here; the BuildKit inside old clients only where such a client is installed. */
export const variants: readonly Variant[] = [
  { name: 'BuildKit', tool: { ...docker, builder: 'buildx', hasRawProgress: true } },
  { name: 'BuildKit with plain progress', tool: { ...docker, builder: 'buildx' }, isBrief: true },
  { name: 'the classic builder', tool: { ...docker, builder: 'classic' } },
  ...(isOldClient() ? [{ name: 'the BuildKit of Docker 20.10', tool: old() }] : []),
];

function old(): ContainerTool {
  return { ...docker, program: ofTheSystem, version: '20.10', builder: 'buildkit' };
}

function isOldClient(): boolean {
  if (!existsSync(ofTheSystem)) return false;
  const { stdout } = spawnSync(ofTheSystem, ['--version'], { encoding: 'utf8' });
  return /version (?:19|20)\./.test(stdout);
}

export interface Broken {
  /** `Dockerfile` unless told. */
  readonly dockerfile?: string;
  /** By path; those with `#!` are made executable. */
  readonly files: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Failed {
  readonly folder: string;
  readonly request: BuildRequest;
  readonly text: string;
  readonly failure: BuildFailure;
  readonly explanation: Explanation;
  /** The line, counted from 1, and what is marked on it. */
  readonly marked: string;
}

/** Builds for real what cannot be built. */
export async function failingBuild(context: TestContext, tool: ContainerTool, broken: Broken): Promise<Failed> {
  const folder = folderOf(context, broken.files);
  for (const [path, text] of Object.entries(broken.files)) {
    if (text.startsWith('#!') || text.startsWith('\0')) chmodSync(join(folder, path), 0o755);
  }
  const request = requestFor(folder, broken);
  const text = readFileSync(request.dockerfile, 'utf8');
  const outcome = await build(request, tool, broken.environment);
  assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
  const { failure } = outcome;
  const explanation = await explainWithFiles(failure, text, request);
  const { start, end } = explanation.range;
  const marked = `${text.slice(0, start).split('\n').length}: ${text.slice(start, end)}`;
  return { folder, request, text, failure, explanation, marked };
}

/** Applies the first fix and builds again. */
export async function buildFixed(tool: ContainerTool, failed: Failed): Promise<BuildOutcome> {
  const [fix] = failed.explanation.fixes;
  assert.ok(fix, `no fix: ${failed.explanation.message}`);
  const { request, text } = failed;
  if (fix.kind === 'edit') writeFileSync(request.dockerfile, applyEdits(text, fix.edits));
  if (fix.kind === 'append') appendFileSync(fix.path, `\n${fix.line}\n`);
  return await build(fix.kind === 'build' ? { ...request, target: fix.target } : request, tool);
}

async function build(
  request: BuildRequest,
  tool: ContainerTool,
  environment: Readonly<Record<string, string>> = {},
): Promise<BuildOutcome> {
  const plan = planBuild(request, tool);
  assert.ok(plan.kind === 'build');
  const { command } = plan;
  const within = { ...plan, command: { ...command, environment: { ...command.environment, ...environment } } };
  const outcome = await executeBuild(within, { run: createRun() });
  if (outcome.kind === 'built' && outcome.image.id !== undefined)
    spawnSync('docker', ['image', 'rm', '--force', outcome.image.id], { stdio: 'ignore' });
  return outcome;
}

function requestFor(folder: string, { dockerfile = 'Dockerfile', target }: Broken): BuildRequest {
  return {
    dockerfile: join(folder, dockerfile),
    context: folder,
    ...(target !== undefined && { target }),
    platforms: [],
    arguments: [],
    secrets: [],
    tags: [],
    pull: false,
    useCache: true,
  };
}

/** An image of our own, for as long as the test runs. */
export function image(context: TestContext, name: string, dockerfile: string): void {
  execFileSync('docker', ['build', '--quiet', '--tag', name, '-'], {
    input: dockerfile,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  context.after(() => void spawnSync('docker', ['image', 'rm', '--force', name], { stdio: 'ignore' }));
}
