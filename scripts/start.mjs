// `npm start`: from a fresh clone to VS Code with the extension in it and samples/ open.
// Desktop VS Code where there is one, else code-server in the browser; both with a profile of their own, the user's stays as it is.
// Options: --browser (code-server even where there is a desktop), --port N, --no-open (only print the address).
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder, ensureCodeServer, MissingPart } from './code-server.mjs';
import { ensureInstalled, node, ProgramFailed, root, run } from './install.mjs';

const samples = join(root, 'samples');
const firstFile = join(samples, 'api', 'Dockerfile');
const windows = process.platform === 'win32';
// What would stand between a newcomer and the sample.
const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'git.openRepositoryInParentFolders': 'never',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
};

try {
  await start();
} catch (error) {
  const isExpected =
    error instanceof MissingPart || error instanceof ProgramFailed || error.code?.startsWith('ERR_PARSE_ARGS');
  console.error(isExpected ? error.message : error);
  process.exitCode = 1;
}

async function start() {
  const { values } = parseArgs({
    options: {
      browser: { type: 'boolean', default: false },
      port: { type: 'string' },
      'no-open': { type: 'boolean', default: false },
    },
  });
  await ensureInstalled();
  console.log('Building and packaging the extension ...');
  await run(node, ['scripts/package.ts']);
  if (!values.browser && hasDesktopCode()) await openDesktop();
  else await openCodeServer(values.port === undefined ? await freePort() : Number(values.port), !values['no-open']);
}

async function openDesktop() {
  const profile = prepareProfile('desktop');
  const code = (...args) =>
    run('code', ['--user-data-dir', profile.data, '--extensions-dir', profile.extensions, ...args].map(quoted), {
      shell: windows,
    });
  await code('--install-extension', vsix(), '--force');
  await code('--disable-workspace-trust', '--new-window', samples, firstFile);
  console.log('VS Code is open with samples/: hover an underlined word in api/Dockerfile');
}

async function openCodeServer(port, open) {
  const server = await ensureCodeServer({ log: console.log });
  const profile = prepareProfile('browser');
  // Without a file of its own, code-server writes one into the user's ~/.config.
  const config = join(profile.folder, 'config.yaml');
  writeFileSync(config, 'auth: none\n');
  const common = ['--config', config, '--user-data-dir', profile.data, '--extensions-dir', profile.extensions];
  await run(server.command, [...server.args, ...common, '--install-extension', vsix(), '--force'], { env: server.env });

  const options = ['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-workspace-trust'];
  const quiet = ['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'];
  const child = spawn(server.command, [...server.args, ...common, ...options, ...quiet, samples], {
    env: server.env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  const address = `http://127.0.0.1:${port}`;
  await Promise.race([untilServing(address), ended.then((code) => fail(`code-server ended with ${code}`))]);
  const url = `${address}/?${new URLSearchParams({ folder: samples, payload: openFile(port) })}`;
  console.log(`\nVS Code is ready. Open this address; Ctrl+C here stops it:\n\n  ${url}\n`);
  if (open) openInBrowser(url);
  await ended;
}

function openFile(port) {
  return JSON.stringify([['openFile', `vscode-remote://127.0.0.1:${port}${firstFile}`]]);
}

/** A desktop VS Code that opens a window here: not the `code` of a remote terminal or of WSL, which cannot take a profile. */
function hasDesktopCode() {
  const { VSCODE_IPC_HOOK_CLI, WSL_DISTRO_NAME, DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (VSCODE_IPC_HOOK_CLI || WSL_DISTRO_NAME) return false;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return false;
  try {
    execFileSync('code', ['--version'], { stdio: 'ignore', shell: windows });
    return true;
  } catch {
    return false;
  }
}

function prepareProfile(name) {
  const folder = join(cacheFolder(), `${name}-profile`);
  const data = join(folder, 'data');
  const extensions = join(folder, 'extensions');
  const settings = join(data, 'User', 'settings.json');
  mkdirSync(join(data, 'User'), { recursive: true });
  mkdirSync(extensions, { recursive: true });
  if (!existsSync(settings)) writeFileSync(settings, `${JSON.stringify(quietSettings, undefined, 2)}\n`);
  return { folder, data, extensions };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function untilServing(address) {
  const deadline = Date.now() + 60_000;
  while (!(await answers(`${address}/healthz`))) {
    if (Date.now() > deadline) fail(`code-server did not answer at ${address} within a minute`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function answers(url) {
  return new Promise((resolve) => {
    get(url, (response) => resolve(response.resume().statusCode === 200)).once('error', () => resolve(false));
  });
}

function openInBrowser(url) {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  const [command, args] = { darwin: ['open', [url]], win32: ['explorer', [url]] }[process.platform] ?? [
    'xdg-open',
    [url],
  ];
  // No browser to open is no failure: the address is printed.
  spawn(command, args, { stdio: 'ignore', detached: true })
    .once('error', () => {})
    .unref();
}

function vsix() {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return join(root, `${name}-${version}.vsix`);
}

function quoted(argument) {
  return windows && argument.includes(' ') ? `"${argument}"` : argument;
}

function fail(message) {
  throw new MissingPart(message);
}
