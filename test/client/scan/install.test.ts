import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { installTrivy, type Get } from '../../../client/src/scan/install.ts';
import { Cancelled } from '../../../client/src/tools/command.ts';
import { pinnedVersion, releaseFor, sumIn, type Release } from '../../../client/src/tools/trivy/release.ts';
import { UserError } from '../../../client/src/ui/user-error.ts';

const content = Buffer.from('#!/bin/sh\necho "a program"\n'.repeat(5000));

test('each machine has its release, with the sum that was published', () => {
  const names = [
    ['linux', 'x64', 'Linux-64bit.tar.gz', 'trivy'],
    ['linux', 'arm64', 'Linux-ARM64.tar.gz', 'trivy'],
    ['darwin', 'x64', 'macOS-64bit.tar.gz', 'trivy'],
    ['darwin', 'arm64', 'macOS-ARM64.tar.gz', 'trivy'],
    ['win32', 'x64', 'windows-64bit.zip', 'trivy.exe'],
    ['win32', 'arm64', 'windows-64bit.zip', 'trivy.exe'],
  ] as const;
  for (const [platform, processor, name, program] of names) {
    const release = releaseFor(platform, processor);
    assert.equal(release?.archive, `trivy_${pinnedVersion}_${name}`);
    assert.equal(release.program, program);
    assert.match(release.sha256, /^[0-9a-f]{64}$/);
    assert.ok(release.url.startsWith('https://github.com/aquasecurity/trivy/releases/download/v'));
  }
  assert.equal(releaseFor('linux', 'mips'), undefined);
  assert.equal(releaseFor('sunos', 'x64'), undefined);
});

test('the sum of exactly that archive is read from the list', () => {
  const sum = 'a'.repeat(64);
  const list = `${'b'.repeat(64)}  trivy.tar.gz.sigstore.json\n${sum}  trivy.tar.gz\r\n`;
  assert.equal(sumIn(list, 'trivy.tar.gz'), sum);
  assert.equal(sumIn(list, 'rivy.tar.gz'), undefined);
  assert.equal(sumIn('abc  trivy.tar.gz', 'trivy.tar.gz'), undefined);
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function tarOf(files: Readonly<Record<string, Buffer>>, type = '0'): Buffer {
  const parts = Object.entries(files).flatMap(([name, bytes]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000755\0', 100);
    header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write(type, 156);
    header.write('ustar\0', 257);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(1024)]));
}

function zipOf(files: Readonly<Record<string, Buffer>>, isDeflated = true): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const packed = isDeflated ? deflateRawSync(bytes) : bytes;
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(isDeflated ? 8 : 0, 8);
    header.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(isDeflated ? 8 : 0, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(bytes.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    directory.push(entry, Buffer.from(name));
    parts.push(header, Buffer.from(name), packed);
    at += 30 + name.length + packed.length;
  }
  const whole = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(whole.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, whole, end]);
}

const page = 'https://example.com/releases';

/** A place to install to, and a server that has this archive. */
function bench(context: TestContext, archive: Buffer, more: Partial<Release> = {}) {
  const folder = join(mkdtempSync(join(tmpdir(), 'shipshape-install-')), 'a b', 'trivy');
  context.after(() => rmSync(join(folder, '../..'), { recursive: true, force: true }));
  const name = more.archive ?? 'trivy.tar.gz';
  const release: Release = {
    version: '9.9.9',
    archive: name,
    url: `${page}/${name}`,
    checksumsUrl: `${page}/sums.txt`,
    sha256: sha256(archive),
    program: 'trivy',
    ...more,
  };
  const answers: Record<string, () => Response> = {
    [release.checksumsUrl]: () => new Response(`${sha256(archive)}  ${name}\n`),
    [release.url]: () => redirect('https://cdn.example.com/x?token=1'),
    'https://cdn.example.com/x?token=1': () =>
      new Response(new Uint8Array(archive), { headers: { 'content-length': String(archive.length) } }),
  };
  const asked: string[] = [];
  const get: Get = (url, { signal }) => {
    asked.push(url);
    signal?.throwIfAborted();
    return Promise.resolve(answers[url]?.() ?? new Response('no', { status: 404 }));
  };
  const install = (options = {}) => installTrivy({ folder, get, release, ...options });
  const found = () => readdirSync(folder, { recursive: true }).map(String).sort();
  return { folder, answers, asked, install, found };
}

const redirect = (location: string) => new Response(null, { status: 302, headers: { location } });
const because = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, String(error));
  assert.match(error.message, message);
  assert.ok(error.message.length <= 140);
  return true;
};

test('a release is fetched over redirects, checked, unpacked and made a program', async (context) => {
  const { folder, install, found } = bench(
    context,
    tarOf({ 'README.md': Buffer.from('x'), './trivy': content, 'contrib/a.tpl': content }),
  );
  const shares: number[] = [];
  const trivy = await install({ onProgress: (share: number) => void shares.push(share) });
  assert.deepEqual(trivy, { kind: 'installed', program: join(folder, '9.9.9/trivy'), version: '9.9.9', databases: {} });
  assert.deepEqual(readFileSync(trivy.program), content);
  assert.equal(statSync(trivy.program).mode & 0o777, process.platform === 'win32' ? 0o666 : 0o755);
  assert.equal(shares.at(-1), 1);
  assert.deepEqual(found(), ['9.9.9', '9.9.9/trivy']);
});

test('the same from a zip, packed or not', async (context) => {
  for (const isDeflated of [true, false]) {
    const zip = zipOf({ 'README.md': Buffer.from('x'), 'trivy.exe': content }, isDeflated);
    const { install, found } = bench(context, zip, { archive: 'trivy.zip', program: 'trivy.exe' });
    assert.deepEqual(readFileSync((await install()).program), content);
    assert.deepEqual(found(), ['9.9.9', '9.9.9/trivy.exe']);
  }
});

test('twice at once, and again over a broken one', async (context) => {
  const { folder, install, found } = bench(context, tarOf({ trivy: content }));
  mkdirSync(join(folder, '9.9.9'), { recursive: true });
  writeFileSync(join(folder, '9.9.9/trivy'), 'broken');
  const all = await Promise.all([install(), install()]);
  assert.deepEqual(
    all.map(({ program }) => readFileSync(program).equals(content)),
    [true, true],
  );
  assert.deepEqual(found(), ['9.9.9', '9.9.9/trivy']);
});

test('nothing is installed that is not what was published', async (context) => {
  const archive = tarOf({ trivy: content });
  const other = bench(context, archive);
  other.answers['https://cdn.example.com/x?token=1'] = () =>
    new Response(new Uint8Array(tarOf({ trivy: Buffer.from('evil') })));
  await assert.rejects(other.install(), because(/not what was published/));
  assert.deepEqual(other.found(), []);

  const changed = bench(context, archive);
  changed.answers[`${page}/sums.txt`] = () => new Response(`${'0'.repeat(64)}  trivy.tar.gz\n`);
  await assert.rejects(changed.install(), because(/published checksum has changed/));
  assert.deepEqual(changed.asked, [`${page}/sums.txt`]);

  const unlisted = bench(context, archive);
  unlisted.answers[`${page}/sums.txt`] = () => new Response('nothing\n');
  await assert.rejects(unlisted.install(), because(/no checksum of 'trivy.tar.gz'/));
});

test('addresses that are not safe, lead nowhere or round and round', async (context) => {
  const archive = tarOf({ trivy: content });
  const cases: readonly (readonly [() => Response, RegExp])[] = [
    [() => redirect('http://example.com/x'), /not safe: 'example.com'/],
    [() => redirect('file:///etc/passwd'), /not safe/],
    [() => redirect(`${page}/trivy.tar.gz`), /from one address to the next/],
    [() => new Response('gone', { status: 404 }), /example.com answered 404/],
    [() => new Response('busy', { status: 503 }), /answered 503/],
    [() => new Response('x', { headers: { 'content-length': '999999999999' } }), /larger than it may be/],
  ];
  for (const [answer, message] of cases) {
    const { answers, install, found } = bench(context, archive);
    answers[`${page}/trivy.tar.gz`] = answer;
    await assert.rejects(install(), because(message));
    assert.deepEqual(found(), []);
  }
});

test('archives that are damaged, hostile or without the program', async (context) => {
  const nothing = bench(context, tarOf({ 'bin/trivy': content, '../trivy': content }));
  await assert.rejects(nothing.install(), because(/no 'trivy' in the download/));
  const link = bench(context, tarOf({ trivy: Buffer.alloc(0) }, '2'));
  await assert.rejects(link.install(), because(/no 'trivy' in the download/));
  const cut = bench(context, tarOf({ trivy: content }).subarray(0, 60));
  await assert.rejects(cut.install(), because(/^Trivy was not installed: /));
  const noZip = bench(context, Buffer.from('PK not a zip'), { archive: 'trivy.zip' });
  await assert.rejects(noZip.install(), because(/^Trivy was not installed: /));
  for (const { found } of [nothing, link, cut, noZip]) assert.deepEqual(found(), []);
});

test('no network says so; cancelling leaves nothing', async (context) => {
  const { install, found } = bench(context, tarOf({ trivy: content }));
  const failing: Get = () =>
    Promise.reject(new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND github.com') }));
  await assert.rejects(
    install({ get: failing }),
    because(/^Trivy was not installed: getaddrinfo ENOTFOUND github.com$/),
  );
  const abort = new AbortController();
  const installing = install({ signal: abort.signal, onProgress: () => abort.abort() });
  await assert.rejects(installing, Cancelled);
  assert.deepEqual(found(), []);
});
