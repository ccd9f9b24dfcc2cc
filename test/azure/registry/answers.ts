import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json } from '../../../client/src/azure/json.ts';

/** What a registry refuses, in its own form. */
export class RegistryRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: Json;

  constructor(status: number, code: string, message: string, detail: Json = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.detail = detail;
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
  { status, code, message, detail }: RegistryRefusal,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendJson(response, status, { errors: [{ code, message, detail }] }, headers);
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
