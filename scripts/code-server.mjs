// VS Code's real workbench where there is no desktop: code-server, in a cache folder of its own.
// Runs on any Node >= 20 before anything is installed; code-server itself is run by the project's Node.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { node } from './install.mjs';

const version = '4.139.1';
// Its terminal, file watcher and Kerberos sign-in are compiled on the spot.
const needed = [
  { debian: 'g++', present: () => onPath('g++') },
  { debian: 'make', present: () => onPath('make') },
  { debian: 'python3', present: () => onPath('python3') },
  { debian: 'libkrb5-dev', present: () => existsSync('/usr/include/gssapi/gssapi.h') },
];

/** What stands in the way is the user's to solve: the message says how. */
export class MissingPart extends Error {}

export function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'shipshape');
}

/**
 * Installs code-server on first use (some three minutes) and says how to start it:
 * `spawn(command, [...args, '--auth', 'none', ...], { env })`.
 */
export async function ensureCodeServer({ log = () => {} } = {}) {
  const folder = join(cacheFolder(), `code-server-${version}`);
  const entry = join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
  if (!existsSync(entry)) {
    if (process.platform === 'win32') throw new MissingPart('code-server does not run on Windows: install VS Code');
    await installSystemPackages(log);
    await installInto(folder, log);
  }
  return { command: node, args: [entry], env: environment() };
}

async function installSystemPackages(log) {
  const missing = process.platform === 'linux' ? needed.filter(({ present }) => !present()) : [];
  if (missing.length === 0) return;
  const names = missing.map(({ debian }) => debian);
  if (process.getuid() !== 0 || !onPath('apt-get')) {
    const how = onPath('apt-get')
      ? `sudo apt-get install -y ${names.join(' ')}`
      : `install what Debian calls ${names.join(', ')}`;
    throw new MissingPart(`code-server needs ${names.join(', ')}: ${how}`);
  }
  log(`Installing ${names.join(', ')} (apt-get) ...`);
  const options = { log, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  await runQuietly('apt-get', ['update', '-q'], options);
  await runQuietly('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names], options);
}

async function installInto(folder, log) {
  // Into a folder beside it first, so that what has the final name is always complete.
  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  writeFileSync(
    join(partial, 'package.json'),
    JSON.stringify({ private: true, allowScripts: { 'code-server': true } }),
  );
  log(`Installing code-server ${version} into ${folder} (once, about three minutes) ...`);
  const started = Date.now();
  const ticker = setInterval(() => log(`  still installing, ${Math.round((Date.now() - started) / 1000)} s`), 20_000);
  try {
    // Newer npm versions hold back install scripts, also those of VS Code's own modules that its script installs.
    const env = { ...environment(), npm_config_dangerously_allow_all_scripts: 'true' };
    const args = [
      'install',
      `code-server@${version}`,
      '--prefix',
      partial,
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ];
    await runQuietly('npm', args, { log, env, cwd: partial });
    if (!existsSync(folder)) renameSync(partial, folder);
  } finally {
    clearInterval(ticker);
    rmSync(partial, { recursive: true, force: true });
  }
}

function environment() {
  // What an outer npm hands down would make the inner one install into the wrong place, and say it is run by the outer one's Node.
  const handedDown =
    /^(npm_(config_(local_prefix|prefix|global_prefix|user_agent)|package_|lifecycle_|command|(node_)?execpath)|node$)/i;
  const inherited = Object.entries(process.env).filter(([name]) => !handedDown.test(name));
  return { ...Object.fromEntries(inherited), PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
}

/** Keeps the output to itself unless the program fails. */
function runQuietly(command, args, { log, env, cwd }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) return resolve();
      log(Buffer.concat(output).toString().split('\n').slice(-30).join('\n'));
      reject(new MissingPart(`'${command} ${args.slice(0, 2).join(' ')}' ended with ${code}, see above`));
    });
  });
}

function onPath(program) {
  try {
    execFileSync('/bin/sh', ['-c', 'command -v "$0"', program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
