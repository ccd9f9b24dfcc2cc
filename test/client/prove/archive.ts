/** Hand-made archives: what no program at hand writes any more, and what only an enemy would write. */
export interface Member {
  readonly path: string;
  readonly body?: string | Uint8Array;
  /** As in the header; a file when absent. */
  readonly type?: string;
  readonly target?: string;
  /** Where GNU and old archives differ from POSIX. */
  readonly magic?: string;
  readonly prefix?: string;
  /** In the header, whatever the body's is. */
  readonly size?: string;
}

export function tarOf(...members: readonly Member[]): Buffer {
  return Buffer.concat([...members.map(block), Buffer.alloc(1024)]);
}

export function pax(records: Readonly<Record<string, string>>): Member {
  const body = Object.entries(records).map(([name, value]) => {
    const rest = Buffer.byteLength(` ${name}=${value}\n`);
    let length = rest + 1;
    while (String(length).length + rest !== length) length = String(length).length + rest;
    return `${length} ${name}=${value}\n`;
  });
  return { path: 'pax', type: 'x', body: body.join('') };
}

function block({ path, body = '', type = '0', target = '', magic = 'ustar\x0000', prefix = '', size }: Member): Buffer {
  const bytes = Buffer.from(body);
  const header = Buffer.alloc(512);
  header.write(path, 0, 100);
  header.write('0000644\0', 100);
  header.write(size ?? `${bytes.length.toString(8).padStart(11, '0')}\0`, 124, 12, 'latin1');
  header.write('        ', 148);
  header.write(type, 156);
  header.write(target, 157, 100);
  header.write(magic, 257, 'latin1');
  header.write(prefix, 345, 155);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, bytes, Buffer.alloc(-bytes.length & 511)]);
}

export interface Layer {
  readonly createdBy: string;
  /** Absent for a step without a layer. */
  readonly archive?: Uint8Array;
}

/** Of what the image says of itself. */
export interface Told {
  readonly layers: readonly Layer[];
  readonly environment?: readonly string[];
  /** Steps without a layer, before the first that has one. */
  readonly before?: readonly string[];
}

const archivesOf = ({ layers }: Told): readonly Uint8Array[] => layers.flatMap(({ archive }) => archive ?? []);

function configOf({ layers, environment = [], before = [] }: Told): string {
  const history = [
    ...before.map((each) => ({ created_by: each, empty_layer: true })),
    ...layers.map(({ createdBy, archive }) => ({ created_by: createdBy, ...(!archive && { empty_layer: true }) })),
  ];
  return JSON.stringify({ config: { Env: environment }, history });
}

/** As Docker before 25 saves an image: the manifest comes last. */
export function dockerArchive(told: Told): Buffer {
  const archives = archivesOf(told);
  const paths = archives.map((_, i) => `${i}aaaa/layer.tar`);
  return tarOf(
    ...archives.flatMap((archive, i): Member[] => [
      { path: `${i}aaaa/`, type: '5' },
      { path: `${i}aaaa/VERSION`, body: '1.0' },
      { path: paths[i] ?? '', body: archive },
    ]),
    { path: 'cafe.json', body: configOf(told) },
    { path: 'manifest.json', body: JSON.stringify([{ Config: 'cafe.json', RepoTags: null, Layers: paths }]) },
  );
}

/** As OCI lays it out, by way of an index in the index, with a signature beside the image; layers in any order. */
export function ociArchive(told: Told): Buffer {
  const descriptor = (name: string): object => ({ digest: `sha256:${name}` });
  const archives = archivesOf(told);
  const manifest = { config: descriptor('config'), layers: archives.map((_, i) => descriptor(`layer${i}`)) };
  const attestation = { ...descriptor('signature'), annotations: { 'vnd.docker.reference.type': 'attestation' } };
  const blob = (name: string, body: string | Uint8Array): Member => ({ path: `./blobs/sha256/${name}`, body });
  return tarOf(
    ...archives.map((archive, i) => blob(`layer${i}`, archive)).toReversed(),
    blob('config', configOf(told)),
    blob('manifest', JSON.stringify(manifest)),
    blob('signature', JSON.stringify({ layers: [descriptor('nothing')], config: descriptor('nothing') })),
    blob('inner', JSON.stringify({ manifests: [attestation, descriptor('manifest')] })),
    { path: 'index.json', body: JSON.stringify({ manifests: [descriptor('inner')] }) },
    { path: 'oci-layout', body: '{"imageLayoutVersion":"1.0.0"}' },
  );
}

/** In pieces of this size, as a pipe may bring them. */
export async function* inPieces(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}
