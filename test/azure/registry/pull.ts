import { isObject, textAt, type Json } from '../../../client/src/azure/json.ts';
import type { Core } from '../core.ts';
import { ask, type Answer } from './ask.ts';
import { docker, privateConfig } from './docker-client.ts';
import { ensurePlaceholder } from './placeholder.ts';

export interface PullOptions {
  /** As a site or an app names it: `127.0.0.1:40123/shop:1`, `mcr.microsoft.com/k8se/quickstart:latest`. */
  readonly image: string;
  /** The identity that pulls. Without it and without credentials: nobody, as from a public registry. */
  readonly principalId?: string | undefined;
  /** Those of an admin user. */
  readonly credentials?: { readonly username: string; readonly password: string } | undefined;
}

export interface Pulled {
  readonly digest: string;
  /** What `docker run` takes, whatever happens to the tag in the meantime. */
  readonly id: string;
}

/** In the words of registries; App Service, Container Apps and Container Instances put their own around them. */
export class PullRefused extends Error {
  readonly code: 'UNAUTHORIZED' | 'DENIED' | 'MANIFEST_UNKNOWN' | 'NAME_UNKNOWN' | 'UNKNOWN';

  constructor(code: PullRefused['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Pulls as the platforms do: with the identity's token, from the registry itself, into the Docker of this machine. */
export async function pullImage(core: Core, options: PullOptions): Promise<Pulled> {
  const image = readReference(options.image);
  if (image.host === 'mcr.microsoft.com') return ensurePlaceholder();
  if (image.host === undefined || !isLocal(core, image.host)) {
    throw new PullRefused('DENIED', `requested access to the resource '${options.image}' is denied`);
  }
  const login = await loginOf(core, image.host, options);
  const digest = await resolve(image.host, image.repository, image.reference, login);
  const config = privateConfig(core.folder, login === undefined ? {} : { [image.host]: login });
  try {
    // Not by its tag, which whoever pushes has in the same Docker, maybe for another image by now.
    const name = `${image.host}/${image.repository}@${digest}`;
    core.atEnd(async () => {
      await docker(['image', 'rm', '--force', name]);
    });
    const pull = await docker(['pull', '--quiet', name], { config: config.folder });
    if (pull.code !== 0) throw new PullRefused('UNKNOWN', pull.output.trim());
    const look = await docker(['image', 'inspect', '--format', '{{.Id}}', name]);
    if (look.code !== 0) throw new PullRefused('UNKNOWN', `'${name}' is not there after its pull`);
    return { digest, id: look.output.trim() };
  } finally {
    config.remove();
  }
}

export interface Reference {
  readonly host: string | undefined;
  readonly repository: string;
  /** A tag or a digest. */
  readonly reference: string;
}

export function readReference(image: string): Reference {
  const [, host, name = image] = /^([^/]*[.:][^/]*|localhost)\/(.+)$/.exec(image) ?? [];
  const [, repository = name, tag, digest] = /^([^:@]+)(?::([^@]+))?(?:@(.+))?$/.exec(name) ?? [];
  return { host, repository, reference: digest ?? tag ?? 'latest' };
}

interface Login {
  readonly username: string;
  readonly password: string;
}

function isLocal(core: Core, host: string): boolean {
  const registries = core.store.list(`/subscriptions/${core.subscription}`, 'Microsoft.ContainerRegistry/registries');
  return registries.some((registry) => textAt(registry, 'properties.loginServer') === host);
}

async function loginOf(core: Core, host: string, options: PullOptions): Promise<Login | undefined> {
  if (options.credentials !== undefined) return options.credentials;
  if (options.principalId === undefined) return undefined;
  const token = core.directory.token(options.principalId, 'https://containerregistry.azure.net');
  const form = new URLSearchParams({
    grant_type: 'access_token',
    service: host,
    tenant: core.tenant,
    access_token: token,
  });
  const answer = await ask(`https://${host}/oauth2/exchange`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
  const password = textAt(answer.body, 'refresh_token');
  if (password === undefined) throw refused('POST', `https://${host}/oauth2/exchange`, answer);
  return { username: '00000000-0000-0000-0000-000000000000', password };
}

/** The digest, asked for by ourselves, so that a refusal comes with its code, which `docker pull` does not tell. */
async function resolve(host: string, repository: string, reference: string, login: Login | undefined): Promise<string> {
  const query = new URLSearchParams({ scope: `repository:${repository}:pull`, service: host });
  const realm = `https://${host}/oauth2/token?${query}`;
  const basic = login === undefined ? undefined : Buffer.from(`${login.username}:${login.password}`).toString('base64');
  const granted = await ask(realm, basic === undefined ? {} : { headers: { authorization: `Basic ${basic}` } });
  const token = textAt(granted.body, 'access_token');
  // Shown without the host, as Container Apps does.
  if (token === undefined) throw refused('GET', `https:?${query}`, granted);
  const path = `/v2/${repository}/manifests/${reference}`;
  const manifest = await ask(`https://${host}${path}`, {
    headers: { authorization: `Bearer ${token}`, accept: manifestTypes.join(', ') },
  });
  const digest = manifest.headers['docker-content-digest'];
  if (manifest.status !== 200 || typeof digest !== 'string') throw refused('GET', `https://${host}${path}`, manifest);
  return digest;
}

const manifestTypes = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
];

function refused(method: string, url: string, answer: Answer): PullRefused {
  const errors = isObject(answer.body) ? answer.body['errors'] : undefined;
  const first = Array.isArray(errors) ? (errors as readonly Json[])[0] : undefined;
  const code = textAt(first, 'code') ?? 'UNKNOWN';
  const message = textAt(first, 'message') ?? `unexpected status code ${answer.status}`;
  const known = codes.find((each) => each === code) ?? 'UNKNOWN';
  return new PullRefused(known, `${method} ${url}: ${code}: ${message}`);
}

const codes = ['UNAUTHORIZED', 'DENIED', 'MANIFEST_UNKNOWN', 'NAME_UNKNOWN', 'UNKNOWN'] as const;
