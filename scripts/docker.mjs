// A real Docker for the tests where none answers: engine, BuildKit, buildx and Compose from Debian's packages.
// Runs on any Node >= 20 before anything is installed. Nothing of the machine is changed but the packages that are added.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { cacheFolder, MissingPart } from './code-server.mjs';

// Clients and daemon come from the newest stable Debian, as older ones have neither buildx nor Compose v2; what the daemon
// runs with (containerd, runc, iptables) from the machine's own.
const mirror = 'http://deb.debian.org/debian';
const suite = 'trixie';
const taken = ['docker.io', 'docker-cli', 'docker-buildx', 'docker-compose'];
const forEngine = [
  { debian: 'docker.io', present: () => onPath('containerd') && onPath('runc') && onPath('iptables') },
  { debian: 'xz-utils', present: () => onPath('xz') },
];
/** What the tests use besides an engine, whoever started it: base images are made of the one, the other is their registry. */
const besides = [
  { debian: 'busybox-static', present: () => existsSync('/usr/bin/busybox') || existsSync('/bin/busybox') },
  { debian: 'jq', present: () => onPath('jq') },
  { debian: 'docker-registry', present: () => onPath('docker-registry') },
];

/**
 * The environment in which `docker` is a Docker that works, and how to end what was started for it.
 * One that already answers is taken as it is.
 */
export async function ensureDocker({ log = () => {} } = {}) {
  const maySetUp =
    process.platform === 'linux' && process.arch === 'x64' && process.getuid() === 0 && onPath('apt-get');
  if (answers(process.env)) {
    if (maySetUp) installSystemPackages(log, besides);
    return { environment: {}, stop: async () => {} };
  }
  if (!maySetUp) {
    throw new MissingPart('Docker does not answer: start Docker (with buildx and Compose), then run the tests again');
  }
  installSystemPackages(log, [...forEngine, ...besides]);
  return startEngine(await ensureClients(log));
}

function installSystemPackages(log, wanted) {
  const names = wanted.filter(({ present }) => !present()).map(({ debian }) => debian);
  if (names.length === 0) return;
  log(`Installing ${names.join(', ')} (apt-get) ...`);
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'inherit'],
  };
  execFileSync('apt-get', ['update', '-qq'], options);
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], options);
}

/** Unpacked into our cache, so that the machine keeps the Docker it has. */
async function ensureClients(log) {
  const folder = join(cacheFolder(), `docker-${suite}`);
  if (existsSync(folder)) return folder;
  log(`Fetching Docker, buildx and Compose of Debian ${suite} into ${folder} (once) ...`);
  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    const packed = await download(`dists/${suite}/main/binary-amd64/Packages.xz`);
    const index = execFileSync('xz', ['-dc'], { input: packed, maxBuffer: 500_000_000 }).toString();
    for (const name of taken) {
      const entry = index.split('\n\n').find((each) => each.startsWith(`Package: ${name}\n`)) ?? '';
      const field = (key) => new RegExp(`^${key}: (.+)$`, 'm').exec(entry)?.[1];
      const bytes = await download(field('Filename'));
      const sum = createHash('sha256').update(bytes).digest('hex');
      if (sum !== field('SHA256')) throw new MissingPart(`Debian's package '${name}' did not arrive whole: try again`);
      const file = join(partial, `${name}.deb`);
      writeFileSync(file, bytes);
      execFileSync('dpkg-deb', ['-x', file, partial]);
      rmSync(file);
    }
    if (!existsSync(folder)) renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}

async function download(path) {
  const answer = await fetch(`${mirror}/${path}`);
  if (!answer.ok) throw new MissingPart(`${mirror}/${path} answers ${answer.status}: try again later`);
  return Buffer.from(await answer.arrayBuffer());
}

async function startEngine(clients) {
  const home = mkdtempSync(join(tmpdir(), 'shipshape-docker-'));
  const config = join(home, 'config');
  mkdirSync(config);
  const plugins = join(clients, 'usr/libexec/docker/cli-plugins');
  writeFileSync(join(config, 'config.json'), JSON.stringify({ cliPluginsExtraDirs: [plugins] }));
  const environment = {
    DOCKER_HOST: `unix://${join(home, 'docker.sock')}`,
    DOCKER_CONFIG: config,
    PATH: [join(clients, 'usr/bin'), join(clients, 'usr/sbin'), process.env.PATH].join(delimiter),
  };
  const args = ['--host', environment.DOCKER_HOST, '--pidfile', join(home, 'pid')];
  args.push('--data-root', join(home, 'data'), '--exec-root', join(home, 'exec'));
  const log = join(home, 'dockerd.log');
  const daemon = spawn('sh', ['-c', 'exec "$@" >"$0" 2>&1', log, join(clients, 'usr/sbin/dockerd'), ...args], {
    env: { ...process.env, ...environment },
    stdio: 'ignore',
    detached: true,
  });
  let ended = false;
  const end = new Promise((resolve) => daemon.once('close', resolve)).then(() => (ended = true));
  const stop = async () => {
    daemon.kill('SIGTERM');
    await end;
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', () => ended || daemon.kill('SIGTERM'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  const deadline = Date.now() + 60_000;
  while (!answers({ ...process.env, ...environment })) {
    if (ended || Date.now() > deadline) {
      const said = readFileSync(log, 'utf8').split('\n').slice(-15).join('\n');
      await stop();
      throw new MissingPart(`Docker did not start:\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return { environment, stop };
}

function answers(env) {
  const ok = (...args) => spawnSync('docker', args, { env, stdio: 'ignore' }).status === 0;
  return ok('version') && ok('buildx', 'version') && ok('compose', 'version');
}

function onPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}
