// `npm run check`: everything that can be said of the sources without running the tests.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const root = join(import.meta.dirname, '..');
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);

// Longest first: they run side by side.
const steps: readonly Step[] = [
  {
    name: 'lint',
    command: [bin('eslint'), '--max-warnings', '0', '--cache', '--cache-location', '.cache/eslint', '.'],
  },
  ...['server/tsconfig.json', 'server/tsconfig.entries.json', 'client/tsconfig.json', 'tsconfig.json'].map(
    (project): Step => ({ name: `types of ${project}`, command: [bin('tsc'), '--project', project] }),
  ),
  { name: 'formatting', command: [bin('prettier'), '--check', '--log-level', 'warn', '.'] },
  { name: 'unused code', command: [bin('knip'), '--no-progress', '--treat-config-hints-as-errors'] },
  { name: 'generated files', command: [process.execPath, 'scripts/generate.ts', '--check'] },
  { name: 'bundles', command: [process.execPath, 'scripts/build.ts'] },
];

const queue = [...steps];
const failed: string[] = [];
await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
if (failed.length > 0) {
  console.error(`\nFailed: ${failed.join(', ')}`);
  process.exitCode = 1;
}

async function work(): Promise<void> {
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    const started = Date.now();
    const { code, output } = await run(step.command);
    if (code !== 0) failed.push(step.name);
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${step.name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    if (output.trim() !== '' && code !== 0) console.log(output);
  }
}

function run([command, ...args]: readonly [string, ...string[]]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
