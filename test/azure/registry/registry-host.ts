import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { at, textAt, type Json, type JsonObject } from '../../../client/src/azure/json.ts';
import type { Core } from '../core.ts';
import { RegistryRefusal, sendRefusal } from './answers.ts';
import { catalogue } from './catalogue.ts';
import { createDistribution } from './distribution.ts';
import { exchange, token, type Guarded } from './oauth.ts';
import { repositoriesIn, type Repositories } from './repositories.ts';
import { createSigner, type Signer } from './signer.ts';

/** What a registry has besides its resource: an address, images, passwords. */
export interface RegistryHost {
  readonly loginServer: string;
  readonly repositories: Repositories;
  /** Of the admin user. */
  readonly passwords: readonly string[];
  /** A refresh token for somebody of the directory, or for `tasks`: the registry's own, as ACR Tasks have it. */
  readonly tokenFor: (subject: string) => string;
}

export interface RegistryHosts {
  /** Opens the registry's address when it is first asked for, and writes it into the resource. */
  readonly of: (id: string) => Promise<RegistryHost>;
}

export function createRegistryHosts(core: Core): RegistryHosts {
  const signer = createSigner(core.folder);
  const hosts = new Map<string, Promise<OpenHost>>();
  const close = async (id: string): Promise<void> => {
    const opened = hosts.get(id.toLowerCase());
    hosts.delete(id.toLowerCase());
    const host = await opened;
    if (host === undefined) return;
    await core.hosts.close(host.loginServer);
    await host.stop();
  };
  core.store.onDelete((id) => void close(id));
  core.atEnd(async () => {
    await Promise.all([...hosts.keys()].map(close));
  });
  return {
    of: async (id) => {
      const key = id.toLowerCase();
      const opened = hosts.get(key) ?? open(core, signer, id, hosts.size);
      hosts.set(key, opened);
      const host = await opened;
      const resource = core.store.need(id);
      if (textAt(resource, 'properties.loginServer') !== host.loginServer) {
        const properties = { ...(resource['properties'] as JsonObject | undefined), loginServer: host.loginServer };
        core.store.put(id, { ...resource, properties });
      }
      return host;
    },
  };
}

type OpenHost = RegistryHost & { readonly stop: () => Promise<void> };

async function open(core: Core, signer: Signer, id: string, number: number): Promise<OpenHost> {
  const passwords = [randomBytes(24).toString('base64'), randomBytes(24).toString('base64')];
  const folder = join(core.folder, `registry-${number}-${randomBytes(3).toString('hex')}`);
  const name = textAt(core.store.need(id), 'name') ?? '';
  const loginServer: string = await core.hosts.open(`${name}.azurecr.io`, (request, response) =>
    handle(request, response),
  );
  const distribution = createDistribution(folder, loginServer, signer);
  const repositories = repositoriesIn(distribution.root);

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const registry = core.store.get(id);
      if (registry === undefined) throw new RegistryRefusal(404, 'NOT_FOUND', 'there is no such registry');
      // Its name is not known yet.
      if (textAt(registry, 'properties.provisioningState') === 'Creating') {
        request.socket.destroy();
        return;
      }
      checkFirewall(registry, request.socket.remoteAddress ?? '');
      const guarded: Guarded = { core, signer, service: loginServer, registry, passwords };
      const path = (request.url ?? '/').split('?')[0] ?? '/';
      const call = `${request.method ?? ''} ${path}`;
      if (call === 'POST /oauth2/exchange') await exchange(guarded, request, response);
      else if (call === 'POST /oauth2/token' || call === 'GET /oauth2/token') await token(guarded, request, response);
      else if (path.startsWith('/acr/v1/')) catalogue(guarded, repositories, request, response);
      else if (path === '/v2' || path.startsWith('/v2/')) await distribution.forward(request, response);
      else throw new RegistryRefusal(404, 'NOT_FOUND', 'the requested data does not exist');
    } catch (error) {
      if (!(error instanceof RegistryRefusal)) throw error;
      sendRefusal(response, error);
    }
  };

  return {
    loginServer,
    repositories,
    passwords,
    tokenFor: (subject) => signer.refreshToken(loginServer, subject, core.tenant),
    stop: distribution.stop,
  };
}

/** Stands before everything, also before the question who asks. */
function checkFirewall(registry: JsonObject, address: string): void {
  const rules = at(registry, 'properties.networkRuleSet.ipRules');
  const allowed = (Array.isArray(rules) ? (rules as readonly Json[]) : []).map((rule) => textAt(rule, 'value'));
  const closed =
    textAt(registry, 'properties.publicNetworkAccess') === 'Disabled' ||
    (textAt(registry, 'properties.networkRuleSet.defaultAction') === 'Deny' && !allowed.includes(address));
  if (!closed) return;
  const message = `client with IP '${address}' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.`;
  throw new RegistryRefusal(403, 'DENIED', message);
}
