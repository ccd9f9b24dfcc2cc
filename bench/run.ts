// `npm run bench [-- FOLDER]`: how fast it is, in one run, beside the libraries that it stands on. FOLDER has `dockerfiles/` and `compose/` in it.
// Ratios are of the main thread's processor time, which a busy machine changes least. Nothing fails here: see what is over its target.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { DocumentKind } from '../server/src/engine/document.ts';
import { measureColdStart } from './cold-start.ts';
import { measureKeystrokes } from './keystrokes.ts';
import { passNames, measureSpeed } from './speed.ts';
import type { Taken } from './measure.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const rounds = 5;
const targets = { ratio: 2, keystroke: 10, vsix: 2000 };

const given = process.argv[2];
const folder = given === undefined ? undefined : resolve(given);
if (folder !== undefined && !existsSync(join(folder, 'dockerfiles'))) {
  console.error(`There is no 'dockerfiles' folder in ${folder}`);
  process.exit(2);
}
console.log(folder === undefined ? 'No corpus given: measuring copies of samples/' : `Corpus: ${folder}`);
build();

await speed('dockerfile', 'dockerfile-ast');
await speed('compose', 'yaml');
peers();
await keystrokes();
await coldStart();
sizes();

async function speed(kind: DocumentKind, library: string): Promise<void> {
  const { files, kilobytes, first, warm } = await measureSpeed(folder, kind, rounds);
  heading(`${files} ${kind === 'dockerfile' ? 'Dockerfiles' : 'Compose files'}, ${round(kilobytes)} kB`);
  row('', 'cpu ms', 'wall ms', 'ratio', 'peak MB');
  for (const [when, all] of [
    ['first pass', first],
    ['warm', warm],
  ] as const) {
    for (const name of passNames) {
      const one: Taken & { readonly peak?: number } = all[name];
      const ratio = one.cpu / all.bare.cpu;
      const what = name === 'bare' ? `bare ${library}` : `lint, preset '${name}'`;
      row(
        `${what}, ${when}`,
        round(one.cpu),
        round(one.wall),
        name === 'bare' ? '' : ratio.toFixed(2),
        one.peak === undefined ? '' : round(one.peak),
        name === 'bare' ? '' : verdict(ratio, targets.ratio),
      );
    }
  }
}

function peers(): void {
  heading('dclint, on the first 100 Compose files');
  const printed = execFileSync(process.execPath, [
    join(root, 'bench/peers.ts'),
    ...(folder === undefined ? [] : [folder]),
  ]);
  const taken = JSON.parse(printed.toString()) as Readonly<Record<'bare' | 'ours' | 'dclint', Taken>>;
  row('', 'cpu ms', 'wall ms', 'ratio');
  for (const [what, { cpu, wall }] of Object.entries(taken))
    row(what, round(cpu), round(wall), (cpu / taken.bare.cpu).toFixed(1));
}

async function keystrokes(): Promise<void> {
  heading(
    'From keystroke to diagnostics: dist/server.js over stdio, asked at once, as VS Code does (no debounce; pushed: + 75 ms)',
  );
  row('', 'p50 ms', 'p95 ms');
  for (const lines of [20, 60, 300, 1471]) {
    const { p50, p95 } = await measureKeystrokes(join(dist, 'server.js'), lines);
    row(`${lines} lines`, p50.toFixed(1), p95.toFixed(1), lines === 60 ? verdict(p95, targets.keystroke) : '');
  }
}

async function coldStart(): Promise<void> {
  heading('Cold start, median of 10');
  const { server, commandLine, node } = await measureColdStart(dist, 10);
  row('', 'wall ms');
  row('node that does nothing', round(node));
  row('dist/cli.js on one file', round(commandLine));
  row('dist/server.js to first diagnostics', round(server));
}

function sizes(): void {
  heading('Size');
  row('', 'kB', 'gzip kB');
  for (const name of readdirSync(dist).sort()) {
    if (!/\.(?:js|wasm)$/.test(name)) continue;
    const bytes = readFileSync(join(dist, name));
    row(name, round(bytes.length / 1000), round(gzipSync(bytes).length / 1000));
  }
  for (const name of readdirSync(root).filter((each) => each.endsWith('.vsix'))) {
    const kilobytes = statSync(join(root, name)).size / 1000;
    row(name, round(kilobytes), '', verdict(kilobytes, targets.vsix));
  }
}

/** What is measured is what the sources are now. */
function build(): void {
  for (const args of [['scripts/build.ts'], ['scripts/package.ts', '--built']]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root });
    if (status !== 0) throw new Error(`'${args.join(' ')}' failed:\n${stdout.toString()}${stderr.toString()}`);
  }
}

function heading(text: string): void {
  console.log(`\n${text}`);
}

function row(label: string, ...cells: readonly string[]): void {
  console.log(`  ${label.padEnd(42)}${cells.map((cell) => cell.padStart(9)).join('')}`.trimEnd());
}

function verdict(value: number, target: number): string {
  return `   ${value <= target ? 'PASS' : 'OVER'} (<= ${target})`;
}

function round(value: number): string {
  return value.toFixed(0);
}
