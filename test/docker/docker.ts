import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { copyFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';

/** Set where Docker cannot be had, with the reason; in CI the run fails before it comes to this. */
const missing = process.env['SHIPSHAPE_NO_DOCKER'];

/**
 * A test against the real Docker that `npm test` sees to, or that answers anyway. It is tried twice before it fails: a container on a busy machine may
 * hang up or be slow once, and what is wrong with us is wrong the second time, too.
 */
export function dockerTest(title: string, body: (context: TestContext) => Promise<void>): void {
  void test(title, { skip: missing ?? false, timeout: 600_000 }, async (context) => {
    try {
      await attempt(context, body);
    } catch (error) {
      console.error(`'${title}' failed, trying once more: ${error instanceof Error ? error.message : String(error)}`);
      await attempt(context, body);
    }
  });
}

/** Cleaned up before the next one. */
async function attempt(context: TestContext, body: (context: TestContext) => Promise<void>): Promise<void> {
  const endings: (() => unknown)[] = [];
  const own = new Proxy(context, {
    get: (_, name) => {
      if (name === 'after') return (end: () => unknown) => endings.push(end);
      const part: unknown = Reflect.get(context, name, context);
      return typeof part === 'function' ? (part.bind(context) as unknown) : part;
    },
  });
  try {
    await body(own);
  } finally {
    for (const end of endings) await end();
  }
}

export function docker(...args: readonly string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** An image of busybox with a shell, its applets, and a user `app` (1000); made here, as none can be fetched. */
export const baseImage = 'shipshape-test/base:1';

/** Makes the base image once, and again under each of these names. */
export function ensureBaseImage(...names: readonly string[]): void {
  importOnce();
  for (const name of names) docker('tag', baseImage, name);
}

/** A folder with these files, removed after the test. */
export function folderOf(context: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'shipshape-test-'));
  context.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Builds a Dockerfile and gives the image's name; both go after the test. */
export function imageOf(context: TestContext, files: Readonly<Record<string, string>>): string {
  ensureBaseImage();
  const folder = folderOf(context, files);
  const name = `shipshape-test/${Math.random().toString(36).slice(2)}:1`;
  execFileSync('docker', ['build', '--quiet', '--tag', name, folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  context.after(() => void spawnSync('docker', ['image', 'rm', '--force', name], { stdio: 'ignore' }));
  return name;
}

/** Files of tests run side by side, and all are to mean the same image by its name. */
function importOnce(): void {
  const isThere = (): boolean => spawnSync('docker', ['image', 'inspect', baseImage], { stdio: 'ignore' }).status === 0;
  // One that was killed with it must not stop the others for ever.
  const patience = Date.now() + 60_000;
  while (!isThere()) {
    try {
      mkdirSync(lock);
    } catch (error) {
      if (Date.now() < patience) spawnSync('sleep', ['0.2']);
      else rmSync(lock, { recursive: true, force: true });
      if (error instanceof Error && /EEXIST/.test(error.message)) continue;
      throw error;
    }
    try {
      if (!isThere()) importBase();
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
}

/** By whoever makes the base image; some tests have another folder for their temporary files. */
const lock = join(tmpdir(), 'shipshape-base.lock');

function importBase(): void {
  const busybox = ['/usr/bin/busybox', '/bin/busybox'].find((path) => existsSync(path));
  if (busybox === undefined) throw new Error('busybox is missing (Debian: apt-get install busybox-static)');
  const root = mkdtempSync(join(tmpdir(), 'shipshape-base-'));
  try {
    for (const folder of ['bin', 'etc', 'tmp', 'proc', 'sys', 'dev', 'root', 'usr', 'var', 'home/app']) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    copyFileSync(busybox, join(root, 'bin/busybox'));
    const applets = execFileSync(busybox, ['--list'], { encoding: 'utf8' }).trim().split('\n');
    for (const applet of applets) if (applet !== 'busybox') symlinkSync('busybox', join(root, 'bin', applet));
    symlinkSync('../bin', join(root, 'usr/bin'));
    writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n');
    writeFileSync(join(root, 'etc/group'), 'root:x:0:\napp:x:1000:\n');
    const packed = execFileSync('tar', ['-C', root, '-c', '.'], { maxBuffer: 50_000_000 });
    execFileSync('docker', ['import', '-', baseImage], { input: packed, stdio: ['pipe', 'ignore', 'pipe'] });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
