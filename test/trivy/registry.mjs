// How Trivy reads an image from its registry (go-containerregistry): with each login that it was given, at last with none.
import { createHash } from 'node:crypto';

const types = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.index.v1+json',
].join(',');

/** The image's config and its digest, or the errors of all tries. */
export async function askRegistry(name, { usernames, passwords }) {
  const errors = [];
  for (const login of [...usernames.map((user, index) => `${user}:${passwords[index] ?? ''}`), undefined]) {
    try {
      return { image: await imageIn(placeOf(name), login) };
    } catch (error) {
      errors.push(error.cause ? `Get "https://${name.split('/')[0]}/v2/": ${inGo(error.cause)}` : error.message);
    }
  }
  return { errors };
}

/** Docker Hub is meant where the first part is no host. */
function placeOf(name) {
  const [first, ...rest] = name.split('/');
  const isHost = rest.length > 0 && /[.:]|^localhost$/.test(first);
  const [path, digest] = (isHost ? rest.join('/') : name).split('@');
  const [, repository, tag] = /^(.*?)(?::([\w.-]+))?$/.exec(path);
  return { host: isHost ? first : 'index.docker.io', repository, reference: digest ?? tag ?? 'latest' };
}

async function imageIn({ host, repository, reference }, login) {
  const authorization = await authorizationFor(host, repository, login);
  const get = async (path, accept) => {
    const url = `https://${host}/v2/${repository}/${path}`;
    const response = await fetch(url, { headers: { accept, ...(authorization && { authorization }) } });
    if (!response.ok) throw await refusal(url, response);
    return Buffer.from(await response.arrayBuffer());
  };
  const manifest = async (wanted) => {
    const bytes = await get(`manifests/${wanted}`, types);
    if (wanted.startsWith('sha256:') && digestOf(bytes) !== wanted)
      throw new Error(`manifest digest: "${digestOf(bytes)}" does not match requested digest: "${wanted}"`);
    return JSON.parse(bytes.toString());
  };
  let found = await manifest(reference);
  // Unless told, of many it is the one for this platform.
  const one = found.manifests?.find(({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64');
  if (one) found = await manifest(one.digest);
  const config = JSON.parse((await get(`blobs/${found.config.digest}`, '*/*')).toString());
  return { id: found.config.digest, config };
}

async function authorizationFor(host, repository, login) {
  const ping = await fetch(`https://${host}/v2/`);
  if (ping.ok) return undefined;
  const challenge = ping.headers.get('www-authenticate') ?? '';
  const [, realm] = /^Bearer .*realm="([^"]+)"/.exec(challenge) ?? [];
  if (ping.status !== 401 || realm === undefined) throw await refusal(`https://${host}/v2/`, ping);
  const url = new URL(realm);
  url.searchParams.set('scope', `repository:${repository}:pull`);
  url.searchParams.set('service', /service="([^"]+)"/.exec(challenge)?.[1] ?? host);
  const basic = login === undefined ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
  const response = await fetch(url, { headers: basic });
  if (!response.ok) throw await refusal(url.href, response);
  const { token, access_token: accessToken } = await response.json();
  return `Bearer ${token ?? accessToken}`;
}

async function refusal(url, response) {
  const text = await response.text();
  let first;
  try {
    [first] = JSON.parse(text).errors ?? [];
  } catch {
    // Not the form of a registry.
  }
  return new Error(
    first
      ? `GET ${url}: ${first.code}: ${first.message}`
      : `GET ${url}: unexpected status code ${response.status} ${response.statusText}`,
  );
}

function inGo({ code, message }) {
  if (/CERT|SIGNATURE|SELF_SIGNED/.test(code ?? ''))
    return 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
  if (code === 'ECONNREFUSED') return 'dial tcp: connect: connection refused';
  return code === 'ENOTFOUND' ? 'dial tcp: lookup: no such host' : message;
}

function digestOf(bytes) {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
