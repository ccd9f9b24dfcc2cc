import type { TestContext } from 'node:test';
import { textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import { startLocalAzure, type LocalAzure, type StartOptions, type UserOptions } from '../local-azure.ts';
import { ask, type Answer } from './ask.ts';

/** A local Azure with a resource group, and how tests of registries talk to it. */
export interface Lab {
  readonly azure: LocalAzure;
  readonly token: string;
  readonly group: string;
  /** The id of a registry of this name. */
  readonly id: (name: string) => string;
  /** As the owner, or as the bearer of another token. */
  readonly arm: (method: string, path: string, body?: JsonObject, options?: ArmOptions) => Promise<Answer>;
  /** Makes a registry and gives its login server. */
  readonly registry: (name: string) => Promise<string>;
  /** Entra ID's token for the registry's; throws if it is refused. */
  readonly login: (loginServer: string, token: string) => Promise<string>;
  /** The registry's access token for a scope. */
  readonly access: (loginServer: string, refreshToken: string, scope: string) => Promise<Answer>;
}

export interface ArmOptions {
  readonly token?: string;
  readonly version?: string;
}

export async function startLab(context: TestContext, options: StartOptions & UserOptions = {}): Promise<Lab> {
  const azure = await startLocalAzure(options);
  context.after(azure.close);
  const { token } = azure.user(options);
  const group = `/subscriptions/${azure.subscription}/resourceGroups/rg`;
  const id = (name: string): string => `${group}/providers/Microsoft.ContainerRegistry/registries/${name}`;
  const arm: Lab['arm'] = async (method, path, body, { token: other = token, version = '2023-07-01' } = {}) =>
    await ask(`${azure.url}${path}${path.includes('?') ? '&' : '?'}api-version=${version}`, {
      method,
      headers: { authorization: `Bearer ${other}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  azure.place(group, { location: 'westeurope', properties: { provisioningState: 'Succeeded' } });
  return {
    azure,
    token,
    group,
    id,
    arm,
    registry: async (name) => {
      const made = await arm('PUT', id(name), { location: 'westeurope', sku: { name: 'Basic' } });
      await azure.settled();
      return expect(made, 'properties.loginServer');
    },
    login: async (loginServer, entra) => expect(await exchange(azure, loginServer, entra), 'refresh_token'),
    access: async (loginServer, refreshToken, scope) =>
      await post(`https://${loginServer}/oauth2/token`, {
        grant_type: 'refresh_token',
        service: loginServer,
        scope,
        refresh_token: refreshToken,
      }),
  };
}

export async function exchange(
  azure: LocalAzure,
  loginServer: string,
  token: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return await post(`https://${loginServer}/oauth2/exchange`, {
    grant_type: 'access_token',
    service: loginServer,
    tenant: azure.tenant,
    access_token: token,
    ...more,
  });
}

async function post(url: string, form: Readonly<Record<string, string>>): Promise<Answer> {
  return await ask(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
}

function expect(answer: Answer, path: string): string {
  const value = textAt(answer.body, path);
  if (value === undefined) throw new Error(`${answer.status} without '${path}': ${answer.text}`);
  return value;
}
