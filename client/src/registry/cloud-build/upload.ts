import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { AzureError } from '../../azure/azure-error.ts';
import type { Http, HttpAnswer, HttpRequest } from '../http.ts';

export interface UploadOptions {
  readonly http: Http;
  readonly signal: AbortSignal;
  readonly onSent: (bytes: number, of: number) => void;
  /** What goes in one piece, and how large the pieces are otherwise. */
  readonly most?: number;
  readonly piece?: number;
}

const megabyte = 1024 * 1024;
const version = '2022-11-02';

/** Sends a file to a signed address of Azure's storage. The signature is all it needs: no token goes there. */
export async function upload(file: string, address: string, options: UploadOptions): Promise<void> {
  const { most = 64 * megabyte } = options;
  const { size } = await stat(file);
  options.onSent(0, size);
  if (size <= most) await uploadWhole(file, address, size, options);
  else await uploadInPieces(file, address, size, options);
  options.onSent(size, size);
}

async function uploadWhole(
  file: string,
  address: string,
  size: number,
  { http, signal, onSent }: UploadOptions,
): Promise<void> {
  const headers = {
    'x-ms-blob-type': 'BlockBlob',
    'x-ms-version': version,
    'content-type': 'application/octet-stream',
    'content-length': String(size),
  };
  const onPart = (sent: number): void => onSent(sent, size);
  // Opened anew each time it has to be sent.
  await put(http, { url: address, headers, body: () => createReadStream(file), signal, onSent: onPart });
}

async function uploadInPieces(
  file: string,
  address: string,
  size: number,
  { http, signal, onSent, piece = 8 * megabyte }: UploadOptions,
): Promise<void> {
  const ids: string[] = [];
  const handle = await open(file);
  try {
    for (let start = 0; start < size; start += piece) {
      const bytes = Buffer.alloc(Math.min(piece, size - start));
      await handle.read(bytes, 0, bytes.length, start);
      // All of the same length, as the storage wants it.
      const id = Buffer.from(String(ids.length).padStart(8, '0')).toString('base64');
      const url = withQuery(address, { comp: 'block', blockid: id });
      const headers = { 'x-ms-version': version, 'content-type': 'application/octet-stream' };
      await put(http, { url, headers, body: bytes, signal, onSent: (sent) => onSent(start + sent, size) });
      ids.push(id);
    }
  } finally {
    await handle.close();
  }
  const list = ids.map((id) => `<Latest>${id}</Latest>`).join('');
  await put(http, {
    url: withQuery(address, { comp: 'blocklist' }),
    headers: { 'x-ms-version': version, 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`,
    signal,
  });
}

async function put(http: Http, request: Omit<HttpRequest, 'method'>): Promise<void> {
  const answer = await http.send({ method: 'PUT', ...request });
  if (answer.status !== 201) throw storageError(answer, `PUT ${request.url.replace(/\?.*$/s, '')}`);
}

/** Storage speaks XML: `<Error><Code>AuthenticationFailed</Code><Message>…`. */
export function storageError({ status, text }: HttpAnswer, request: string): AzureError {
  const code = /<Code>([^<]*)</.exec(text)?.[1] ?? String(status);
  const message = /<Message>([^<\n]*)/.exec(text)?.[1] ?? `The storage of the registry answered with status ${status}`;
  return new AzureError({ status, code, message, request });
}

/** The signature is over what it is for, not over the query: parts may be added. */
function withQuery(address: string, parts: Readonly<Record<string, string>>): string {
  return `${address}${address.includes('?') ? '&' : '?'}${new URLSearchParams(parts).toString()}`;
}
