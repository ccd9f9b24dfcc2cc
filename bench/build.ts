// `node bench/build.ts [ROUNDS]`: what building through Shipshape adds to what `docker build` takes alone, on the same cached build in the same run.
// Ours counts everything from the click on: facts with Git and Compose, plan, the build, and reading its progress and the image's id. Needs Docker.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executeBuild } from '../client/src/build/execute.ts';
import { gatherFacts } from '../client/src/build/facts.ts';
import { planBuild, requestFrom } from '../client/src/build/plan.ts';
import { findTool } from '../client/src/container/find-tool.ts';
import { createKeeper } from '../client/src/process/keep.ts';
import { createRun } from '../client/src/process/run.ts';
import { baseImage, docker, ensureBaseImage } from '../test/docker/docker.ts';

const rounds = Number(process.argv[2] ?? 15);
const target = 150;
const tag = 'shipshape-bench/build:1';

ensureBaseImage();
const run = createRun(createKeeper(join(import.meta.dirname, '../client/src/process/keeper.ts')));
const tool = await findTool(run, { kind: 'docker' });
const folder = mkdtempSync(join(tmpdir(), 'shipshape-bench-'));
try {
  makeProject();
  await ours();
  await alone();
  const taken: Record<'alone' | 'ours', number[]> = { alone: [], ours: [] };
  for (let round = 0; round < rounds; round++) {
    // Each is first as often as the other.
    const order = round % 2 === 0 ? (['alone', 'ours'] as const) : (['ours', 'alone'] as const);
    for (const which of order) taken[which].push(await timed(which === 'alone' ? alone : ours));
  }
  report(taken);
} finally {
  rmSync(folder, { recursive: true, force: true });
  docker('image', 'rm', '--force', tag);
}

async function alone(): Promise<void> {
  const args = ['build', '--tag', tag, '--file', join(folder, 'Dockerfile'), folder];
  const child = spawn('docker', args, { stdio: ['ignore', 'ignore', 'ignore'] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error('docker build failed');
}

async function ours(): Promise<void> {
  const facts = await gatherFacts(
    {
      dockerfile: join(folder, 'Dockerfile'),
      workspaceFolder: folder,
      readFile: (path) => readFile(path, 'utf8').catch(() => undefined),
      list: async (path) => {
        const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
        return entries?.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
      },
      run,
    },
    new AbortController().signal,
  );
  const plan = planBuild({ ...requestFrom(facts), tags: [tag] }, tool);
  if (plan.kind !== 'build') throw new Error(plan.reason);
  const outcome = await executeBuild(plan, { run });
  if (outcome.kind !== 'built' || outcome.image.id === undefined || facts.commit === undefined) {
    throw new Error(JSON.stringify(outcome));
  }
}

/** Small and cached: what is left is what starting and reading cost. */
function makeProject(): void {
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  mkdirSync(join(folder, 'src'));
  for (let i = 0; i < 200; i++) write(`src/file-${i}.txt`, `${i}\n`);
  write(
    'Dockerfile',
    `FROM ${baseImage} AS build\nARG MODE=release\nWORKDIR /app\nCOPY src ./src\nRUN cat src/*.txt > all.txt\n` +
      `FROM ${baseImage}\nCOPY --from=build /app/all.txt /all.txt\nUSER app\nCMD ["cat", "/all.txt"]\n`,
  );
  write('compose.yaml', 'services:\n  web:\n    build: .\n    image: web\n');
  const git = (...args: readonly string[]): void =>
    void execFileSync('git', ['-C', folder, ...args], { stdio: 'ignore' });
  git('init');
  git('add', '.');
  git('-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', 'commit', '--message', 'All');
}

async function timed(build: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await build();
  return performance.now() - start;
}

function report({ alone: bare, ours: full }: Readonly<Record<'alone' | 'ours', readonly number[]>>): void {
  const differences = full.map((value, index) => value - (bare[index] ?? 0));
  console.log(`\nA cached build with Docker ${tool.version} (${tool.builder}), median of ${rounds} alternating rounds`);
  row('', 'wall ms', 'least');
  row('docker build alone', round(median(bare)), round(Math.min(...bare)));
  row('facts, plan, build and progress', round(median(full)), round(Math.min(...full)));
  const added = median(differences);
  row('added, median of the pairs', round(added), '', `   ${added <= target ? 'PASS' : 'OVER'} (<= ${target})`);
}

function row(label: string, ...cells: readonly string[]): void {
  console.log(`  ${label.padEnd(42)}${cells.map((cell) => cell.padStart(9)).join('')}`.trimEnd());
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

function round(value: number): string {
  return value.toFixed(0);
}
