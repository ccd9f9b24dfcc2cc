import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Core } from '../core.ts';
import { bodyOf } from './answers.ts';

/** The storage account of ACR Tasks: sources are put there, logs are read from there, both by signed addresses alone. */
export interface Blobs {
  /** Good for an hour; `cw` creates and writes, `r` reads. */
  readonly address: (path: string, permissions: 'cw' | 'r') => Promise<string>;
  readonly read: (path: string) => Buffer | undefined;
  /** Adds to an append blob, and makes it first. */
  readonly append: (path: string, text: string, metadata?: Readonly<Record<string, string>>) => void;
}

interface Blob {
  content: Buffer;
  metadata: Readonly<Record<string, string>>;
  modified: Date;
  appends: number;
  readonly type: 'BlockBlob' | 'AppendBlob';
}

const version = '2022-11-02';
/** What one PUT may hold at most, since version 2019-12-12 of the service. */
const largest = 5000 * 2 ** 20;

export function createBlobs(core: Core): Blobs {
  const blobs = new Map<string, Blob>();
  const staged = new Map<string, Map<string, Buffer>>();
  const key = randomBytes(32);
  let opened: Promise<string> | undefined;
  const signatureOf = (path: string, permissions: string, end: string): string =>
    createHmac('sha256', key).update(`${permissions}\n${end}\n${path}`).digest('base64');

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'https://blobs');
    try {
      checkSignature(request, url, signatureOf);
      const path = decodeURIComponent(url.pathname.slice(1));
      if (request.method === 'PUT') await write(request, response, url, path, { blobs, staged });
      else read(request, response, blobs.get(path));
    } catch (error) {
      if (!(error instanceof StorageRefusal)) throw error;
      const body = `\uFEFF<?xml version="1.0" encoding="utf-8"?><Error><Code>${error.code}</Code><Message>${error.message}</Message></Error>`;
      const headers = { 'content-type': 'application/xml', 'x-ms-error-code': error.code, ...common() };
      response.writeHead(error.status, headers).end(request.method === 'HEAD' ? undefined : body);
    }
  };

  return {
    address: async (path, permissions) => {
      opened ??= core.hosts.open('eusmanaged1.blob.core.windows.net', handle);
      const host = await opened;
      const end = new Date(Date.now() + 60 * 60 * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
      const query = { sv: version, se: end, sr: 'b', sp: permissions, sig: signatureOf(path, permissions, end) };
      return `https://${host}/${path}?${new URLSearchParams(query)}`;
    },
    read: (path) => blobs.get(path)?.content,
    append: (path, text, metadata = {}) => {
      const blob = blobs.get(path) ?? emptyLog();
      blob.content = Buffer.concat([blob.content, Buffer.from(text)]);
      blob.metadata = { ...blob.metadata, ...metadata };
      blob.modified = new Date();
      blob.appends += 1;
      blobs.set(path, blob);
    },
  };
}

function emptyLog(): Blob {
  return { content: Buffer.alloc(0), metadata: {}, modified: new Date(), appends: 0, type: 'AppendBlob' };
}

class StorageRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

function checkSignature(
  request: IncomingMessage,
  url: URL,
  signatureOf: (path: string, permissions: string, end: string) => string,
): void {
  if (request.headers.authorization !== undefined) {
    throw new StorageRefusal(
      400,
      'InvalidAuthenticationInfo',
      'Authentication information is not given in the correct format. Check the value of Authorization header.',
    );
  }
  const permissions = url.searchParams.get('sp') ?? '';
  const end = url.searchParams.get('se') ?? '';
  const path = decodeURIComponent(url.pathname.slice(1));
  const good = url.searchParams.get('sig') === signatureOf(path, permissions, end) && Date.parse(end) > Date.now();
  if (!good) {
    throw new StorageRefusal(
      403,
      'AuthenticationFailed',
      'Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.',
    );
  }
  const needed = request.method === 'PUT' ? 'w' : 'r';
  if (!permissions.includes(needed)) {
    throw new StorageRefusal(
      403,
      'AuthorizationPermissionMismatch',
      'This request is not authorized to perform this operation using this permission.',
    );
  }
}

interface Stored {
  readonly blobs: Map<string, Blob>;
  readonly staged: Map<string, Map<string, Buffer>>;
}

async function write(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  path: string,
  { blobs, staged }: Stored,
): Promise<void> {
  const length = request.headers['content-length'];
  if (length === undefined) {
    throw new StorageRefusal(411, 'MissingContentLengthHeader', 'Content-Length HTTP header is missing.');
  }
  if (Number(length) > largest) {
    throw new StorageRefusal(
      413,
      'RequestBodyTooLarge',
      'The request body is too large and exceeds the maximum limit.',
    );
  }
  const body = await bodyOf(request);
  const md5 = createHash('md5').update(body).digest('base64');
  if ((request.headers['content-md5'] ?? md5) !== md5) {
    throw new StorageRefusal(
      400,
      'Md5Mismatch',
      'The MD5 value specified in the request did not match the calculated.',
    );
  }
  const blocks = staged.get(path) ?? new Map<string, Buffer>();
  switch (url.searchParams.get('comp')) {
    case null:
      if (request.headers['x-ms-blob-type'] !== 'BlockBlob') {
        const missing = request.headers['x-ms-blob-type'] === undefined;
        throw missing
          ? new StorageRefusal(
              400,
              'MissingRequiredHeader',
              "An HTTP header that's mandatory for this request is not specified.",
            )
          : new StorageRefusal(
              400,
              'InvalidHeaderValue',
              'The value for one of the HTTP headers is not in the correct format.',
            );
      }
      blobs.set(path, { content: body, metadata: {}, modified: new Date(), appends: 0, type: 'BlockBlob' });
      break;
    case 'block': {
      const block = url.searchParams.get('blockid') ?? '';
      const sameLength = [...blocks.keys()].every((other) => other.length === block.length);
      if (block === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(block) || !sameLength) {
        throw new StorageRefusal(400, 'InvalidBlobOrBlock', 'The specified blob or block content is invalid.');
      }
      staged.set(path, blocks.set(block, body));
      break;
    }
    case 'blocklist': {
      const names = [...body.toString('utf8').matchAll(/<(?:Latest|Uncommitted)>([^<]+)<\//g)].map(
        ([, name]) => name ?? '',
      );
      const parts = names.map((name) => blocks.get(name));
      if (parts.some((part) => part === undefined)) {
        throw new StorageRefusal(400, 'InvalidBlockList', 'The specified block list is invalid.');
      }
      const content = Buffer.concat(parts.flatMap((part) => part ?? []));
      blobs.set(path, { content, metadata: {}, modified: new Date(), appends: 0, type: 'BlockBlob' });
      staged.delete(path);
      break;
    }
    default:
      throw new StorageRefusal(400, 'InvalidQueryParameterValue', 'Value for one of the query parameters is invalid.');
  }
  response.writeHead(201, {
    ...common(),
    'content-length': '0',
    'content-md5': md5,
    etag: etagOf(new Date()),
    'last-modified': new Date().toUTCString(),
    'x-ms-request-server-encrypted': 'true',
  });
  response.end();
}

function read(request: IncomingMessage, response: ServerResponse, blob: Blob | undefined): void {
  if (blob === undefined) throw new StorageRefusal(404, 'BlobNotFound', 'The specified blob does not exist.');
  const size = blob.content.length;
  const headers = {
    ...common(),
    'accept-ranges': 'bytes',
    // What the service writes here is no coding, and nothing is to be decoded.
    'content-encoding': 'utf-8',
    'content-type': 'text/plain; charset=utf-8',
    etag: etagOf(blob.modified),
    'last-modified': blob.modified.toUTCString(),
    'x-ms-blob-type': blob.type,
    'x-ms-blob-committed-block-count': String(blob.appends),
    ...Object.fromEntries(Object.entries(blob.metadata).map(([name, value]) => [`x-ms-meta-${name}`, value])),
  };
  if (request.method === 'HEAD') {
    response.writeHead(200, { ...headers, 'content-length': String(size) }).end();
    return;
  }
  const asked = request.headers['x-ms-range'] ?? request.headers.range;
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(String(asked)) ?? [];
  if (first === undefined) {
    response.writeHead(200, { ...headers, 'content-length': String(size) }).end(blob.content);
    return;
  }
  const start = Number(first);
  if (start >= size) {
    throw new StorageRefusal(
      416,
      'InvalidRange',
      'The range specified is invalid for the current size of the resource.',
    );
  }
  const end = Math.min(last === undefined || last === '' ? size - 1 : Number(last), size - 1);
  const part = blob.content.subarray(start, end + 1);
  const range = { 'content-range': `bytes ${start}-${end}/${size}`, 'content-length': String(part.length) };
  response.writeHead(206, { ...headers, ...range }).end(part);
}

function common(): Readonly<Record<string, string>> {
  return {
    'x-ms-version': version,
    'x-ms-request-id': randomUUID(),
    server: 'Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0',
  };
}

function etagOf(modified: Date): string {
  return `"0x8${modified.getTime().toString(16).toUpperCase()}"`;
}
