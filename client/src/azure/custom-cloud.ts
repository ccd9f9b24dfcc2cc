import type { HttpClient } from '@azure/core-rest-pipeline';
import { UserError } from '../ui/user-error.ts';
import type { Cloud } from './cloud.ts';
import { createHttp, errorOf } from './http.ts';
import { isObject, type Json } from './json.ts';

/**
 * What `GET {resource manager}/metadata/endpoints?api-version=2022-09-01` answers, without a token, as far as we read it. Every Azure has
 * it, and `az cloud register --endpoint-resource-manager` and Terraform's `metadata_host` read the same. Addresses may end with a slash.
 */
export interface CloudMetadata {
  /** `AzureCloud`. */
  readonly name?: string;
  readonly portal?: string;
  readonly authentication: {
    /** `https://login.microsoftonline.com`; an Azure without tenants of its own has `…/adfs`. */
    readonly loginEndpoint: string;
    /** For the resource manager, the usual one first. */
    readonly audiences: readonly string[];
    readonly tenant?: string;
    readonly identityProvider?: string;
  };
  readonly resourceManager?: string;
  readonly logAnalyticsResourceId?: string;
  /** Without their first dot. */
  readonly suffixes: { readonly acrLoginServer?: string; readonly keyVaultDns?: string };
}

/** An Azure of the user's own, from the address of its resource manager. Throws a `UserError` that names what is wrong with it. */
export async function customCloud(
  resourceManagerUrl: string,
  httpClient?: HttpClient,
  signal?: AbortSignal,
): Promise<Cloud> {
  const resourceManager = addressOf(resourceManagerUrl);
  if (resourceManager === undefined) {
    throw new UserError(`'${shorten(resourceManagerUrl)}' is no https address of an Azure Resource Manager: check it`);
  }
  const url = `${resourceManager}/metadata/endpoints?api-version=2022-09-01`;
  const answer = await createHttp(httpClient).exchange({ method: 'GET', url }, signal);
  if (answer.status === 404) throw notAzure(resourceManager);
  if (answer.status !== 200) throw errorOf({ method: 'GET', url }, answer);
  const cloud = readMetadata(answer.body, resourceManager);
  if (typeof cloud === 'string') throw new UserError(cloud);
  return cloud;
}

/** The cloud, or what is wrong. */
export function readMetadata(body: Json | undefined, resourceManager: string): Cloud | string {
  // Older Azures answer with a list of all clouds they know of.
  const metadata = Array.isArray(body) ? (body as readonly Json[])[0] : body;
  const part = (name: string): Readonly<Record<string, Json>> => {
    const found = isObject(metadata) ? metadata[name] : undefined;
    return isObject(found) ? found : {};
  };
  const authentication = part('authentication');
  const suffixes = part('suffixes');
  if (!isObject(metadata) || authentication['loginEndpoint'] === undefined) return notAzure(resourceManager).message;

  const authority = addressOf(authentication['loginEndpoint']);
  if (authority === undefined) return `The sign-in address of '${resourceManager}' is not https: ask who runs it`;
  const named = addressOf(metadata['resourceManager'] ?? resourceManager);
  if (named === undefined || new URL(named).host !== new URL(resourceManager).host) {
    // Tokens go to where the user said, never to where an answer says.
    return `'${resourceManager}' says that its Resource Manager is elsewhere: use that address`;
  }
  const audiences = Array.isArray(authentication['audiences']) ? (authentication['audiences'] as readonly Json[]) : [];
  const audience = audienceOf(audiences, resourceManager);
  return {
    name: 'custom',
    title: typeof metadata['name'] === 'string' ? metadata['name'] : new URL(resourceManager).host,
    authority,
    resourceManager,
    audience,
    registrySuffix: suffixOf(suffixes['acrLoginServer']) ?? '.azurecr.io',
    keyVaultSuffix: suffixOf(suffixes['keyVaultDns']) ?? '.vault.azure.net',
    // Not in the metadata; registries take tokens of the resource manager unless told not to.
    registryAudience: audience,
    logs: addressOf(metadata['logAnalyticsResourceId']) ?? resourceManager,
    portal: addressOf(metadata['portal']) ?? resourceManager,
  };
}

function audienceOf(audiences: readonly Json[], resourceManager: string): string {
  const all = audiences.filter((one) => typeof one === 'string').map((one) => one.replace(/\/+$/, ''));
  return all.find((one) => one.toLowerCase() === resourceManager.toLowerCase()) ?? all[0] ?? resourceManager;
}

/** An https address without anything secret or superfluous in it. */
function addressOf(value: Json | undefined): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') return undefined;
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function suffixOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && /^\.?[a-z0-9][a-z0-9.-]*(:\d+)?$/i.test(value)
    ? `.${value.replace(/^\./, '')}`
    : undefined;
}

function notAzure(address: string): UserError {
  return new UserError(`'${address}' does not answer as an Azure Resource Manager does: check the address`);
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
