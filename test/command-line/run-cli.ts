import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly folder: string;
  readonly input?: string | Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
  /** Stops reading after the first piece of output, as `head` does. */
  readonly closesOutput?: boolean;
}

const root = join(import.meta.dirname, '../..');

/** Runs the command line as its users do: as a process of its own. */
export async function runCli(args: readonly string[], options: RunOptions): Promise<Ran> {
  const { folder, input, environment, closesOutput = false } = options;
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', NODE_NO_WARNINGS: '1', ...environment },
    timeout: 300_000,
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout.push(chunk);
    if (closesOutput) child.stdout.destroy();
  });
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.end(input ?? '');
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    });
  });
}

// What users run, when it is up to date, as it is in `npm test`; it also starts three times faster than the sources.
const program = isFresh(join(root, 'dist/cli.js')) ? join(root, 'dist/cli.js') : join(root, 'server/src/cli.ts');

function isFresh(bundle: string): boolean {
  const built = statSync(bundle, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return ['server/src', 'client/src'].every((folder) => {
    const sources = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    return sources.every((name) => statSync(join(root, folder, name)).mtimeMs <= built);
  });
}

/** A new folder with these files, gone after the tests of the file that asked for it. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'shipshape-test-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}
