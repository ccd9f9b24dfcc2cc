import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Cancelled } from '../tools/command.ts';
import { releaseFor, sumIn, type Release } from '../tools/trivy/release.ts';
import type { InstalledTrivy } from '../tools/trivy/trivy.ts';
import { isUserError, UserError } from '../ui/user-error.ts';
import { extract } from './extract.ts';

export interface InstallOptions {
  /** `globalStorageUri`/trivy; a folder for each version is made in it. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  /** Share of the download that is there, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** The editor's own, which knows its proxies, unless told. */
  readonly get?: Get;
  readonly release?: Release;
}

export type Get = (
  url: string,
  init: { readonly redirect: 'manual'; readonly signal?: AbortSignal },
) => Promise<Response>;

/** What `installTrivy` would fetch, for the question that comes before. */
export interface InstallOffer {
  readonly version: string;
  /** The archive's address. */
  readonly url: string;
}

/** `undefined` where no release is made for this machine. */
export function installOffer(): InstallOffer | undefined {
  return releaseFor(process.platform, process.arch);
}

/** The archive has some 60 MB, the program in it some 200. */
const most = { list: 100_000, archive: 300_000_000, program: 800_000_000 };

/**
 * Downloads the pinned release, compares it with its published checksum and puts it in place. Ask the user before.
 * What is not whole is never found in its place: it gets there by one renaming.
 */
export async function installTrivy(options: InstallOptions): Promise<InstalledTrivy> {
  const { folder, signal, get = fetch, release = releaseFor(process.platform, process.arch) } = options;
  if (!release) throw new UserError('There is no Trivy to install for this machine: install it yourself');
  const partial = join(folder, `.partial-${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(partial, { recursive: true });
    await checkList(release, partial, get, signal);
    const archive = join(partial, release.archive);
    const sum = await download(release.url, archive, { get, mostBytes: most.archive, ...options });
    if (sum !== release.sha256) throw new UserError('The download is not what was published: Trivy was not installed');
    const content = join(partial, 'content');
    await mkdir(content);
    const destination = join(content, release.program);
    const isThere = await extract({
      archive,
      member: release.program,
      destination,
      mostBytes: most.program,
      ...(signal && { signal }),
    });
    if (!isThere) throw new UserError(`There is no '${release.program}' in the download: Trivy was not installed`);
    // The file was made under the user's mask.
    await chmod(destination, 0o755);
    const program = await putInPlace(content, join(folder, release.version), release.program);
    return { kind: 'installed', program, version: release.version, databases: {} };
  } catch (error) {
    if (signal?.aborted === true) throw new Cancelled();
    if (isUserError(error)) throw error;
    throw new UserError(`Trivy was not installed: ${reasonOf(error)}`);
  } finally {
    await rm(partial, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The list that is published with the release has to say the same as we do. */
async function checkList(release: Release, partial: string, get: Get, signal?: AbortSignal): Promise<void> {
  const parts: Buffer[] = [];
  const onBytes = (bytes: Uint8Array): void => void parts.push(Buffer.from(bytes));
  const path = join(partial, 'checksums');
  await download(release.checksumsUrl, path, { get, mostBytes: most.list, onBytes, ...(signal && { signal }) });
  const sum = sumIn(Buffer.concat(parts).toString('utf8'), release.archive);
  if (sum === undefined)
    throw new UserError(`The release has no checksum of '${release.archive}': Trivy was not installed`);
  if (sum !== release.sha256) throw new UserError('The published checksum has changed: Trivy was not installed');
}

interface Download {
  readonly get: Get;
  readonly mostBytes: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (share: number) => void;
  readonly onBytes?: (bytes: Uint8Array) => void;
}

/** The SHA-256 of what was written to the file. */
async function download(url: string, path: string, options: Download): Promise<string> {
  const { mostBytes, signal, onProgress, onBytes } = options;
  const response = await follow(url, options);
  const length = Number(response.headers.get('content-length') ?? 0);
  if (length > mostBytes || !response.body)
    throw new UserError(`The download is larger than it may be: Trivy was not installed`);
  const hash = createHash('sha256');
  let received = 0;
  async function* checked(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      received += chunk.length;
      if (received > mostBytes) throw new UserError('The download is larger than it may be: Trivy was not installed');
      hash.update(chunk);
      onBytes?.(chunk);
      if (length > 0) onProgress?.(Math.min(1, received / length));
      yield chunk;
    }
  }
  await pipeline(response.body, checked, createWriteStream(path), signal ? { signal } : {});
  return hash.digest('hex');
}

/** Releases are handed out by another host; it, too, has to be asked over TLS. */
async function follow(url: string, { get, signal }: Download): Promise<Response> {
  let address = url;
  for (let hops = 0; hops < 6; hops++) {
    const { protocol, host } = new URL(address);
    if (protocol !== 'https:') throw new UserError(`The download leads to an address that is not safe: '${host}'`);
    const response = await get(address, { redirect: 'manual', ...(signal && { signal }) });
    if (response.status === 200) return response;
    await response.body?.cancel();
    const next = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || next === null) {
      throw new UserError(`Trivy was not installed: ${host} answered ${response.status}`);
    }
    address = new URL(next, address).href;
  }
  throw new UserError('The download leads from one address to the next: Trivy was not installed');
}

async function putInPlace(content: string, place: string, name: string): Promise<string> {
  const program = join(place, name);
  await mkdir(place, { recursive: true });
  try {
    await rename(join(content, name), program);
  } catch (error) {
    // Windows replaces no program that runs; being of this release, it is as good.
    const isThere = await stat(program).then(
      () => true,
      () => false,
    );
    if (!isThere) throw error;
  }
  return program;
}

function reasonOf(error: unknown): string {
  const { cause, message } = error instanceof Error ? error : { cause: undefined, message: String(error) };
  // `fetch` says no more than that it failed.
  return (cause instanceof Error ? cause.message : message).slice(0, 80);
}
