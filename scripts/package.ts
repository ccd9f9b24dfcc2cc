// `npm run package`: builds and packs the extension into shipshape-<version>.vsix. `--built` takes dist/ as it is.
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';

const limit = 2_500_000;
const root = join(import.meta.dirname, '..');

if (!process.argv.includes('--built')) {
  const { status } = spawnSync(process.execPath, ['scripts/build.ts'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string };
const file = join(root, `${manifest.name}-${manifest.version}.vsix`);
await createVSIX({
  cwd: root,
  packagePath: file,
  // Everything is in the bundles.
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
});

const { size } = statSync(file);
console.log(`${file} (${(size / 1000).toFixed(0)} kB)`);
if (size > limit) {
  console.error(`The VSIX is over ${limit / 1000} kB: 'npm run build -- --analyze' says what is in the bundles`);
  process.exitCode = 1;
}
