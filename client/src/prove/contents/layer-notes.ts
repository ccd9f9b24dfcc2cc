import { cacheOf, type CacheKind } from './caches.ts';
import { headLength, suspicionOf } from './secret-files.ts';
import type { TarEntry } from './tar.ts';

/** What is worth knowing of a layer; never the list of its files, which may be millions. */
export interface LayerNotes {
  readonly files: number;
  /** Of all its files, unpacked. */
  readonly bytes: number;
  readonly secrets: readonly SecretFile[];
  /** Folders `.git` with history in them. */
  readonly repositories: ReadonlyMap<string, number>;
  /** By folder. */
  readonly caches: ReadonlyMap<string, CacheNote>;
  /** Paths of lower layers that are deleted here. */
  readonly removed: ReadonlySet<string>;
  /** Folders whose content in lower layers is deleted here. */
  readonly emptied: ReadonlySet<string>;
  /** Files here whose names are those of secrets, harmless or not: they hide what a lower layer has there. */
  readonly written: ReadonlySet<string>;
}

export interface SecretFile {
  readonly path: string;
  /** 'a private key' */
  readonly what: string;
}

export interface CacheNote {
  readonly kind: CacheKind;
  readonly bytes: number;
}

// What a hostile layer could fill memory with has an end.
const most = 10_000;
const deletion = '.wh.';

export async function takeNotes(entries: AsyncIterable<TarEntry>): Promise<LayerNotes> {
  const secrets: SecretFile[] = [];
  const repositories = new Map<string, { bytes: number; hasHistory: boolean }>();
  const caches = new Map<string, { kind: CacheKind; bytes: number; isNeeded: boolean }>();
  const [removed, emptied, written] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let [files, bytes] = [0, 0];

  const noteRepository = (path: string, size: number): void => {
    const [, folder, inside] = /^((?:.*?\/)?\.git)\/(.+)$/s.exec(path) ?? [];
    if (folder === undefined || inside === undefined) return;
    const known = repositories.get(folder) ?? { bytes: 0, hasHistory: false };
    if (repositories.size >= most && !repositories.has(folder)) return;
    const hasHistory =
      known.hasHistory ||
      inside === 'HEAD' ||
      inside === 'packed-refs' ||
      /^objects\/(?:pack|[0-9a-f]{2})\//.test(inside);
    repositories.set(folder, { bytes: known.bytes + size, hasHistory });
  };
  const noteCache = (path: string, size: number): void => {
    const cache = cacheOf(path);
    if (cache === undefined || (caches.size >= most && !caches.has(cache.folder))) return;
    const known = caches.get(cache.folder) ?? { kind: cache.kind, bytes: 0, isNeeded: false };
    caches.set(cache.folder, { ...known, bytes: known.bytes + size });
  };

  for await (const { path, kind, size, target, head } of entries) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (name.startsWith(deletion)) {
      const folder = path.slice(0, -name.length);
      if (name === '.wh..wh..opq') addTo(emptied, folder.replace(/\/$/, ''));
      else addTo(removed, `${folder}${name.slice(deletion.length)}`);
      continue;
    }
    if (kind === 'hard-link') {
      // pnpm links its packages to its store: they are the same bytes.
      const linked = cacheOf(target.replace(/^\.?\//, ''));
      const cache = linked && cacheOf(path)?.folder !== linked.folder ? caches.get(linked.folder) : undefined;
      if (cache) cache.isNeeded = true;
    }
    if (kind !== 'file') continue;
    files++;
    bytes += size;
    if (path.includes('.git/')) noteRepository(path, size);
    noteCache(path, size);
    const suspicion = suspicionOf(path, size);
    if (suspicion === undefined) continue;
    const isOne = suspicion.isOne?.(Buffer.from(await head(headLength)).toString('latin1')) ?? true;
    addTo(written, path);
    if (isOne && secrets.length < most) secrets.push({ path, what: suspicion.what });
  }
  return {
    files,
    bytes,
    secrets,
    repositories: new Map([...repositories].flatMap(([path, note]) => (note.hasHistory ? [[path, note.bytes]] : []))),
    caches: new Map([...caches].filter(([, { isNeeded }]) => !isNeeded)),
    removed,
    emptied,
    written,
  };
}

function addTo(paths: Set<string>, path: string): void {
  if (paths.size < 10 * most) paths.add(path);
}
