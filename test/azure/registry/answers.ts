import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json } from '../../../client/src/azure/json.ts';

/** What a registry refuses, in its own form; `detail`, often a list there though its document wants an object, is left empty. */
export class RegistryRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const unauthorized = 'authentication required, visit https://aka.ms/acr/authorization for more information.';

export function sendJson(
  response: ServerResponse,
  status: number,
  body: Json,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(text)),
    'docker-distribution-api-version': 'registry/2.0',
    ...headers,
  });
  response.end(text);
}

export function sendRefusal(
  response: ServerResponse,
  { status, code, message }: RegistryRefusal,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendJson(response, status, { errors: [{ code, message, detail: null }] }, headers);
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
