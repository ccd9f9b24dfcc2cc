import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerfileOf } from './corpus.ts';
import { EditorLine } from './editor-line.ts';
import { median } from './measure.ts';

/** Milliseconds from nothing to the first diagnostics of a file of 60 lines. */
export interface ColdStart {
  readonly server: number;
  readonly commandLine: number;
  /** What Node itself takes to start and do nothing. */
  readonly node: number;
}

export async function measureColdStart(dist: string, runs: number): Promise<ColdStart> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const file = join(folder, 'Dockerfile');
    writeFileSync(file, dockerfileOf(60));
    const server: number[] = [];
    const commandLine: number[] = [];
    const node: number[] = [];
    for (let i = 0; i < runs; i++) {
      node.push(timeOf(['-e', '0']));
      commandLine.push(timeOf([join(dist, 'cli.js'), 'lint', '--fail-on', 'never', file]));
      server.push(await timeToDiagnostics(join(dist, 'server.js')));
    }
    return { server: median(server), commandLine: median(commandLine), node: median(node) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function timeOf(args: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args);
  if (status !== 0) throw new Error(`'${args.join(' ')}' ended with ${status ?? 'a signal'}: ${stderr.toString()}`);
  return performance.now() - started;
}

async function timeToDiagnostics(server: string): Promise<number> {
  const uri = 'file:///bench/Dockerfile';
  const started = performance.now();
  const line = await EditorLine.start(server);
  await line.open(uri, dockerfileOf(60));
  const report = await line.diagnostics(uri);
  const taken = performance.now() - started;
  await line.end();
  if (report.kind !== 'full' || report.items.length === 0) throw new Error('The server has nothing to say');
  return taken;
}
