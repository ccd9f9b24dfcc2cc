// The licences of everything that is in the bundles, read from what esbuild says it put there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Metafile } from 'esbuild';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

// Shipped as files of their own, so no bundle mentions them.
const shippedBesides = ['tree-sitter-bash', 'web-tree-sitter'];

export function thirdPartyNotices(root: string, metafiles: readonly Metafile[]): string {
  const bundled = metafiles.flatMap((metafile) => Object.keys(metafile.inputs).flatMap(packageOf));
  const names = [...new Set([...bundled, ...shippedBesides])].sort();
  const notices = names.map((name) => noticeOf(join(root, 'node_modules', name)));
  const intro = 'Shipshape contains the following third-party software and data.\n';
  return [intro, ...notices, composeSchemaNotice(root)].join(`\n${'-'.repeat(80)}\n\n`);
}

/** `node_modules/a/node_modules/@b/c/d.js` is a file of `a/node_modules/@b/c`. */
function packageOf(input: string): readonly string[] {
  const match = /(?:^|\/)node_modules\/((?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(input);
  return match?.[1] === undefined ? [] : [match[1]];
}

function noticeOf(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const title = `${manifest.name} ${manifest.version} (${manifest.license ?? 'see below'})`;
  return `${title}\nhttps://www.npmjs.com/package/${manifest.name}\n\n${licenceText(folder)}\n`;
}

/** Published without the licence of the repository that they share with another package. */
const siblings: Readonly<Record<string, string>> = { 'proxy-agent-negotiate': 'http-proxy-agent' };

function licenceText(folder: string): string {
  const file = readdirSync(folder).find((name) => /^(un)?licen[cs]e([.-]|$)/i.test(name));
  const sibling = siblings[basename(folder)];
  if (file === undefined && sibling !== undefined) return licenceText(join(dirname(folder), sibling));
  if (file === undefined) throw new Error(`${folder} has no licence file: add its text to scripts/licenses`);
  return readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
}

function composeSchemaNotice(root: string): string {
  const apache = join(root, 'scripts/licenses/Apache-2.0.txt');
  if (!existsSync(apache)) throw new Error(`${apache} is missing`);
  return [
    'Compose Specification, compose-spec.json (Apache-2.0)',
    'https://github.com/compose-spec/compose-spec',
    'Copyright The Compose Specification Authors. Changed: compacted into a TypeScript table.',
    '',
    readFileSync(apache, 'utf8').trim(),
    '',
  ].join('\n');
}
