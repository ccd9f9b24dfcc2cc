// Runs on any Node >= 20 before anything is installed, so: no dependency and no TypeScript.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** The project's own Node, which runs TypeScript and the newest tools whatever the machine has. */
export const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** It has said itself what was wrong. */
export class ProgramFailed extends Error {}

export async function ensureInstalled() {
  if (isInstalled()) return;
  console.log('Installing what the project is built with (npm ci) ...');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // The engine warnings are about the Node that runs npm; the packages are run by the project's own.
  await run(npm, ['ci', '--loglevel=error', '--no-audit', '--no-fund'], { shell: process.platform === 'win32' });
}

/** Whether node_modules holds what package-lock.json asks for: npm keeps its own copy of the lock there. */
export function isInstalled() {
  try {
    const wanted = packagesOf(join(root, 'package-lock.json'));
    const present = packagesOf(join(root, 'node_modules', '.package-lock.json'));
    return (
      Object.entries(wanted).every(
        ([path, { version, optional }]) => path === '' || optional || present[path]?.version === version,
      ) && Object.keys(present).every((path) => path in wanted || path.startsWith('node_modules/node/'))
    );
  } catch {
    return false;
  }
}

/** Runs a program to its end with our own input and output; rejects when it fails. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new ProgramFailed(`${[command, ...args].join(' ')} ended with ${code}`)),
    );
  });
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await ensureInstalled();
