import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** From the package's manifest: beside `dist/` when bundled, two folders up when run from source. */
export function versionOf(program: string): string {
  for (const up of ['..', '../..']) {
    const manifest = readManifest(join(program, up, 'package.json'));
    if (manifest?.name === 'shipshape') return manifest.version ?? '0.0.0';
  }
  return '0.0.0';
}

function readManifest(path: string): { readonly name?: string; readonly version?: string } | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { name?: string; version?: string };
  } catch {
    return undefined; // not there: the caller looks elsewhere
  }
}
