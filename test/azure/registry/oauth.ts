import type { IncomingMessage, ServerResponse } from 'node:http';
import { at, textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import type { Core } from '../core.ts';
import { bodyOf, RegistryRefusal, sendJson, unauthorized } from './answers.ts';
import { granted, readScopes, type Subject } from './rights.ts';
import type { Signer } from './signer.ts';

/** A registry as its token service sees it. */
export interface Guarded {
  readonly core: Core;
  readonly signer: Signer;
  /** The login server. */
  readonly service: string;
  readonly registry: JsonObject;
  /** Of the admin user. */
  readonly passwords: readonly string[];
}

/** The user name that goes with a refresh token in the place of a password. */
const nobody = '00000000-0000-0000-0000-000000000000';

/** Entra ID's token becomes one of the registry, good for three hours. */
export async function exchange(guarded: Guarded, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { core, signer, service, registry } = guarded;
  const form = await formOf(request);
  if (form.get('grant_type') !== 'access_token') {
    throw new RegistryRefusal(400, 'UNSUPPORTED', `grant_type '${form.get('grant_type') ?? ''}' is not supported`);
  }
  checkService(form, service);
  const token = form.get('access_token') ?? '';
  const caller = core.directory.readToken(token, audiences(core, registry));
  const tenant = form.get('tenant');
  // Without a tenant, the registry takes the one in the token.
  if (caller === undefined || !core.directory.knows(caller) || (tenant ?? core.tenant) !== core.tenant) {
    throw new RegistryRefusal(401, 'UNAUTHORIZED', unauthorized);
  }
  sendJson(response, 200, { refresh_token: signer.refreshToken(service, caller, core.tenant) });
}

/** Tokens for the resource manager are good here as well, unless the registry's policy says that they are not. */
function audiences(core: Core, registry: JsonObject): readonly string[] {
  const own = 'https://containerregistry.azure.net';
  const status = textAt(registry, 'properties.policies.azureADAuthenticationAsArmPolicy.status');
  if (status === 'disabled') return [own];
  return [own, core.url, 'https://management.azure.com', 'https://management.core.windows.net'];
}

/** An access token for what is asked; by a refresh token, or with a user and a password as `docker login` does. */
export async function token(guarded: Guarded, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await grant(guarded, request, response);
  } catch (error) {
    if (!(error instanceof RegistryRefusal) || request.method !== 'GET') throw error;
    const { status, code, message } = error;
    // Docker tries loopback addresses again without TLS, and then tells only what that gave; but not after `details`.
    sendJson(response, status, { errors: [{ code, message, detail: null }], details: message });
  }
}

async function grant(guarded: Guarded, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { core, signer, service, registry } = guarded;
  const url = new URL(request.url ?? '/', `https://${service}`);
  const form = request.method === 'POST' ? await formOf(request) : url.searchParams;
  checkService(form, service);
  const subject = subjectOf(guarded, form, request.headers.authorization);
  const asked = readScopes(form.getAll('scope'));
  const access = granted(core, registry, subject, asked);
  if (asked.length > 0 && access.length === 0) {
    throw new RegistryRefusal(401, 'UNAUTHORIZED', unauthorized);
  }
  const name = subject.kind === 'principal' ? subject.id : subject.kind;
  const wantsRefresh = form.get('offline_token') === 'true' || form.get('access_type') === 'offline';
  sendJson(response, 200, {
    access_token: signer.accessToken(service, name, access),
    ...(wantsRefresh && subject.kind === 'principal'
      ? { refresh_token: signer.refreshToken(service, name, core.tenant) }
      : {}),
  });
}

function subjectOf(guarded: Guarded, form: URLSearchParams, authorization: string | undefined): Subject {
  const type = form.get('grant_type');
  if (type === 'refresh_token') return ofRefreshToken(guarded, form.get('refresh_token') ?? '');
  if (type === 'password') return ofPassword(guarded, form.get('username') ?? '', form.get('password') ?? '');
  if (type !== null) throw new RegistryRefusal(400, 'UNSUPPORTED', `grant_type '${type}' is not supported`);
  const [, basic] = /^Basic (.+)$/i.exec(authorization ?? '') ?? [];
  if (basic !== undefined) {
    const text = Buffer.from(basic, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    return ofPassword(guarded, text.slice(0, Math.max(colon, 0)), text.slice(colon + 1));
  }
  if (at(guarded.registry, 'properties.anonymousPullEnabled') === true) return { kind: 'anonymous' };
  throw new RegistryRefusal(401, 'UNAUTHORIZED', unauthorized);
}

function ofPassword(guarded: Guarded, username: string, password: string): Subject {
  if (username === nobody) return ofRefreshToken(guarded, password);
  const { registry, passwords } = guarded;
  const isAdmin =
    at(registry, 'properties.adminUserEnabled') === true &&
    username.toLowerCase() === textAt(registry, 'name')?.toLowerCase() &&
    passwords.includes(password);
  if (isAdmin) return { kind: 'admin' };
  throw new RegistryRefusal(401, 'UNAUTHORIZED', unauthorized);
}

function ofRefreshToken({ signer, service }: Guarded, refreshToken: string): Subject {
  const subject = textAt(signer.read(refreshToken, service, 'refresh_token'), 'sub');
  if (subject === undefined) throw new RegistryRefusal(401, 'UNAUTHORIZED', unauthorized);
  return subject === 'tasks' ? { kind: 'tasks' } : { kind: 'principal', id: subject };
}

function checkService(form: URLSearchParams, service: string): void {
  if (form.get('service') === service) return;
  throw new RegistryRefusal(401, 'UNAUTHORIZED', `service '${form.get('service') ?? ''}' is not '${service}'`);
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded')) {
    throw new RegistryRefusal(415, 'UNSUPPORTED', `content type '${type}' is not supported`);
  }
  return new URLSearchParams((await bodyOf(request)).toString('utf8'));
}
