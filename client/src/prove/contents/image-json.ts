/** Which files of the archive make up the image. */
export interface Manifest {
  readonly config: string;
  /** The lowest first. */
  readonly layers: readonly string[];
}

export interface ImageDescription {
  readonly environment: readonly string[];
  /** The oldest first. */
  readonly history: readonly HistoryEntry[];
}

export interface HistoryEntry {
  readonly createdBy: string;
  readonly comment: string;
  /** It made no layer. */
  readonly isEmpty: boolean;
}

type Read = (path: string) => string | undefined;

/** Docker's `manifest.json`, else OCI's `index.json`; of several images the first that is there. */
export function readManifest(read: Read, hasLayer: (path: string) => boolean): Manifest | undefined {
  const docker = list(parse(read('manifest.json'))).map((each) => manifestOf(each['Config'], each['Layers']));
  const all = docker.length > 0 ? docker : [...ociManifests(parse(read('index.json')), read, 0)];
  return all.find(({ config, layers }) => read(config) !== undefined && layers.every(hasLayer)) ?? all[0];
}

/** An index may point to indexes; what signs or describes an image is in there, too. */
function* ociManifests(index: Fields, read: Read, depth: number): Generator<Manifest> {
  for (const entry of list(index['manifests'])) {
    if (depth > 3 || 'vnd.docker.reference.type' in fields(entry['annotations'])) continue;
    const found = parse(read(blob(entry)));
    if ('layers' in found) yield manifestOf(blob(fields(found['config'])), list(found['layers']).map(blob));
    else yield* ociManifests(found, read, depth + 1);
  }
}

export function readConfig(json: string): ImageDescription {
  const image = parse(json);
  return {
    environment: texts(fields(image['config'])['Env']),
    history: list(image['history']).map((entry) => ({
      createdBy: text(entry['created_by']),
      comment: text(entry['comment']),
      isEmpty: entry['empty_layer'] === true,
    })),
  };
}

/**
 * How many layers came with the image of FROM. The image does not say so: but nearly all images end with CMD or ENTRYPOINT, and
 * what comes after those of the base is our own. An imported archive is a base in one piece.
 */
export function baseLayersOf(history: readonly HistoryEntry[]): number {
  const isStart = ({ createdBy, isEmpty }: HistoryEntry): boolean =>
    isEmpty && /^(?:\/bin\/sh -c #\(nop\) +)?(?:CMD|ENTRYPOINT)\b/.test(createdBy);
  let end = history.length;
  while (end > 0 && history[end - 1]?.isEmpty === true) end--;
  const start = history.findLastIndex((entry, i) => i < end && isStart(entry));
  const isImported = history[0]?.createdBy === '' || history[0]?.comment.startsWith('Imported from') === true;
  const entries = start >= 0 ? start + 1 : isImported ? 1 : 0;
  return history.slice(0, entries).filter(({ isEmpty }) => !isEmpty).length;
}

function manifestOf(config: unknown, layers: unknown): Manifest {
  return { config: text(config), layers: texts(layers) };
}

function blob(descriptor: Fields): string {
  return `blobs/${text(descriptor['digest']).replace(':', '/')}`;
}

type Fields = Readonly<Record<string, unknown>>;

function parse(json: string | undefined): Fields {
  try {
    return fields(JSON.parse(json ?? ''));
  } catch {
    return {};
  }
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function list(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
