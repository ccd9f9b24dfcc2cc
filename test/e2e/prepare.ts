import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ensureCodeServer, MissingPart, type CodeServer } from '../../scripts/code-server.mjs';

/** What a run needs, ready to start. */
export interface Parts {
  readonly chromium: string;
  readonly codeServer: CodeServer;
  readonly vsix: string;
}

/** Finds or installs every part; what only the user can install is a `MissingPart` that says how. */
export async function prepare(): Promise<Parts> {
  return { chromium: ensureChromium(), codeServer: await ensureCodeServer({ log: console.log }), vsix: packaged() };
}

function ensureChromium(): string {
  const found = findChromium();
  if (found) return found;
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !onPath('apt-get')) {
    throw new MissingPart('Chromium is missing: install Chromium or Chrome (Debian: sudo apt-get install -y chromium)');
  }
  console.log('Installing chromium (apt-get) ...');
  const aptGet = (...args: string[]): unknown =>
    execFileSync('apt-get', args, {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  aptGet('update', '-qq');
  aptGet('install', '-y', '-qq', '--no-install-recommends', 'chromium');
  const installed = findChromium();
  if (!installed) throw new MissingPart("Debian's package 'chromium' brought no Chromium");
  return installed;
}

function findChromium(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
  const inApplications = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return (
    names.map(onPath).find((path) => path !== undefined) ?? (existsSync(inApplications) ? inApplications : undefined)
  );
}

function onPath(program: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

/** The package under test: the given one, else one made now, so that no run ever tests an old build. */
function packaged(): string {
  const given = process.env['VSIX'];
  if (given) return given;
  const root = join(import.meta.dirname, '../..');
  execFileSync(process.execPath, ['scripts/package.ts'], { cwd: root, stdio: 'inherit' });
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  return join(root, `${name}-${version}.vsix`);
}
