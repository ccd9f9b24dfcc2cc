import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { judgeCaches } from '../../../client/src/prove/checks/no-package-cache.ts';
import { judgeGit } from '../../../client/src/prove/checks/no-git.ts';
import { judgeSecrets } from '../../../client/src/prove/checks/no-secrets.ts';
import { judgeSize } from '../../../client/src/prove/checks/size.ts';
import { readArchive, type ImageContents } from '../../../client/src/prove/contents/read-archive.ts';
import { redacted } from '../../../client/src/prove/contents/secret-text.ts';
import { tarEntries } from '../../../client/src/prove/contents/tar.ts';
import { dockerArchive, inPieces, ociArchive, pax, tarOf, type Member, type Told } from './archive.ts';

const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n';
const read = (archive: Uint8Array, size?: number): Promise<ImageContents> => readArchive(inPieces(archive, size));
const imageOf = (...layers: readonly (readonly [string, ...Member[]])[]): Promise<ImageContents> =>
  read(dockerArchive({ layers: layers.map(([createdBy, ...members]) => ({ createdBy, archive: tarOf(...members) })) }));
const foundIn = async (...files: readonly Member[]): Promise<readonly string[]> =>
  judgeSecrets(await imageOf(['COPY . .', ...files])).details ?? [];

test('reads names of every kind of archive, however the pieces fall', async () => {
  const long = `${'harbour/'.repeat(30)}tide.txt`;
  const archive = tarOf(
    { path: './app/', type: '5' },
    { path: 'app/a.txt', body: 'a'.repeat(513) },
    { path: 'tide.txt', prefix: 'north/sea', body: 'x' },
    pax({ path: 'ümlaut/🚢\n-rf', mtime: '1.5' }),
    { path: 'short', body: 'yy' },
    { path: '././@LongLink', type: 'L', magic: 'ustar  \0', body: `${long}\0` },
    { path: 'cut', magic: 'ustar  \0', prefix: 'not a prefix', body: 'z' },
    { path: '/../../etc/passwd', magic: '\0', body: '' },
    { path: 'link', type: '1', target: './app/a.txt' },
    { path: 'device', type: '3' },
  );
  for (const size of [1, 7, 512, 1_000_000]) {
    const names: string[] = [];
    for await (const { path, kind, size: bytes } of tarEntries(inPieces(archive, size)))
      names.push(`${kind} ${path} ${bytes}`);
    assert.deepEqual(names, [
      'folder app 0',
      'file app/a.txt 513',
      'file north/sea/tide.txt 1',
      'file ümlaut/🚢\n-rf 2',
      `file ${long} 1`,
      'file ../../etc/passwd 0',
      'hard-link link 0',
      'other device 0',
    ]);
  }
});

test('a broken archive is an error with a reason, never a hang', async () => {
  const whole = dockerArchive({
    layers: [{ createdBy: 'COPY . .', archive: tarOf({ path: 'a', body: 'b'.repeat(5000) }) }],
  });
  await assert.rejects(read(whole.subarray(0, 3000)), /ends in the middle of a file/);
  await assert.rejects(read(Buffer.from('not a tar '.repeat(200))), /no tar archive/);
  await assert.rejects(read(tarOf({ path: 'oci-layout', body: '{}' })), /no manifest/);
  await assert.rejects(read(tarOf({ path: 'a', size: '7777777777x\0' })), /impossible size/);
  const gzip = gzipSync(tarOf({ path: 'a', body: 'b' }));
  await assert.rejects(
    read(dockerArchive({ layers: [{ createdBy: '', archive: gzip.subarray(0, 40) }] })),
    /unexpected end/,
  );
});

test('layouts and packings tell the same', async () => {
  const plain = [
    tarOf({ path: 'app/.git/HEAD', body: 'ref: refs/heads/main' }, { path: 'app/id_rsa', body: key }),
    tarOf({ path: 'app/.wh.id_rsa' }),
    Buffer.alloc(1024),
  ];
  const steps = ['COPY . . # buildkit', 'RUN /bin/sh -c rm id_rsa # buildkit', 'WORKDIR /app'];
  const told = (pack: (archive: Uint8Array) => Uint8Array): Told => ({
    layers: plain.map((archive, i) => ({ createdBy: steps[i] ?? '', archive: pack(archive) })),
    environment: ['PATH=/bin'],
  });
  const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 7, 7]);
  const packings: Readonly<Record<string, (archive: Uint8Array) => Uint8Array>> = {
    plain: (archive) => archive,
    gzip: (archive) => gzipSync(archive),
    'gzip in two members': (archive) =>
      Buffer.concat([gzipSync(archive.subarray(0, 700)), gzipSync(archive.subarray(700))]),
    zstd: (archive) => zstdCompressSync(archive),
    'zstd in three frames, with tables of contents': (archive) =>
      Buffer.concat([
        skippable,
        zstdCompressSync(archive.subarray(0, 600)),
        zstdCompressSync(archive.subarray(600, 601)),
        zstdCompressSync(archive.subarray(601), { params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
        skippable,
      ]),
  };
  for (const [name, pack] of Object.entries(packings)) {
    for (const [layout, write] of Object.entries({ docker: dockerArchive, oci: ociArchive })) {
      const contents = await read(write(told(pack)), 333);
      const what = `${name}, ${layout}`;
      assert.deepEqual(
        contents.layers.map(({ createdBy }) => createdBy),
        steps,
        what,
      );
      const { message, details, concerns } = judgeSecrets(contents);
      assert.equal(message, "'/app/id_rsa' was deleted, but is still in the image: a private key", what);
      assert.deepEqual(
        details,
        ['/app/id_rsa: a private key, deleted later, but still in the layer of COPY . .'],
        what,
      );
      assert.deepEqual(concerns, [{ kind: 'layer', createdBy: 'COPY . . # buildkit' }], what);
      assert.equal(judgeGit(contents).outcome, 'broken', what);
    }
  }
});

test('a layer that Docker saves as a link is the one it leads to', async () => {
  const archive = tarOf(
    { path: 'a/layer.tar', body: tarOf({ path: 'x', body: '12345' }) },
    { path: 'b/layer.tar', type: '2', target: '../a/layer.tar' },
    { path: 'c.json', body: '{"history":[{"created_by":"RUN a"},{"created_by":"RUN b"}]}' },
    { path: 'manifest.json', body: '[{"Config":"c.json","Layers":["a/layer.tar","b/layer.tar"]}]' },
  );
  assert.equal((await read(archive)).bytes, 10);
});

test('files that look like secrets, by their names and what is in them', async () => {
  const secrets: Readonly<Record<string, string>> = {
    'root/.ssh/id_ed25519': key,
    'app/certs/server.pem': `-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n${key}`,
    'app/.env': 'PORT=3000\nexport DB_PASSWORD="kingfisher17"\n',
    'app/.env.production': 'DATABASE_URL=postgres://app:kingfisher17@db/app\n',
    'root/.npmrc': '//registry.npmjs.org/:_authToken=npm_kingfisher17\n',
    'root/.pypirc': '[pypi]\nusername = __token__\npassword = kingfisher17\n',
    'root/.netrc': 'machine github.com login ada password kingfisher17\n',
    'root/.docker/config.json': '{"auths":{"https://index.docker.io/v1/":{"auth":"a2luZ2Zpc2hlcjE3"}}}',
    'root/.aws/credentials': '[default]\naws_secret_access_key = kingfisher17\n',
    'root/.kube/config': 'users:\n- name: ada\n  user:\n    client-key-data: kingfisher17\n',
    'root/.git-credentials': 'https://ada:kingfisher17@github.com\n',
    'app/firebase.json': '{"type":"service_account","private_key":"-----BEGIN PRIVATE KEY-----\\nkingfisher17"}',
    'app/cert.pfx': '\x30\x82',
    'app/keys.kdbx': '\x03\xd9',
    'infra/terraform.tfstate': '{"version":4,"resources":[]}',
    'app/config/settings.py': 'AWS = "AKIAQ3EGPZ5XKINGFISH"\n',
    'app/$(id) -rf/id_rsa': key,
  };
  for (const [path, body] of Object.entries(secrets)) {
    const found = await foundIn({ path, body });
    assert.equal(found.length, 1, path);
    assert.ok(found[0]?.startsWith(`/${path}: `), found[0]);
    assert.equal(JSON.stringify(found).includes('kingfisher17'), false, path);
  }
});

test('what only looks like one is left alone', async () => {
  const harmless: Readonly<Record<string, string>> = {
    'app/.env': 'PORT=3000\nNODE_ENV=production\nSECRET_FILE=/run/secrets/a\n',
    'srv/.env': '',
    'app/.env.example': 'DB_PASSWORD=kingfisher17\n',
    'app/.env.local': 'DB_PASSWORD=changeme\nAPI_KEY=${API_KEY}\nTOKEN=\n',
    'etc/ssl/certs/ca-certificates.crt': '-----BEGIN CERTIFICATE-----\nMII\n',
    'app/public.pem': '-----BEGIN PUBLIC KEY-----\nMII\n',
    'usr/local/lib/python3.12/site-packages/certifi/cacert.pem': '-----BEGIN CERTIFICATE-----\nMII\n',
    'app/node_modules/agent-base/test/ssl-cert-snakeoil.key': key,
    'usr/local/go/src/crypto/tls/testdata/example-key.pem': key,
    'usr/share/doc/openssl/key.pem': key,
    'app/.npmrc': 'registry=https://npm.example.com\n//npm.example.com/:_authToken=${NPM_TOKEN}\n',
    'root/.docker/config.json': '{"auths":{}}',
    'app/docs.txt': 'The example key is AKIAIOSFODNN7EXAMPLE\n',
    'app/package.json': '{"name":"tide","keywords":["secret"]}',
    'app/id_rsa.pub': 'ssh-rsa AAAA',
  };
  for (const [path, body] of Object.entries(harmless)) assert.deepEqual(await foundIn({ path, body }), [], path);
});

test('secrets in variables, build arguments and commands, never with their values', async () => {
  const contents = await read(
    dockerArchive({
      environment: [
        'PATH=/bin',
        'API_KEY=kingfisher 17',
        'GPG_KEY=A035C8C19219BA821E',
        'DATABASE_URL=postgres://a:kingfisher@db/x',
      ],
      before: [
        'ENV API_KEY=kingfisher 17 PORT=1',
        'ENV DATABASE_URL=postgres://a:kingfisher@db/x',
        'ARG NPM_TOKEN=kingfisher',
        'ARG VERSION=1.2',
      ],
      layers: [
        { createdBy: 'RUN |2 VERSION=1.2 NPM_TOKEN=king fisher /bin/sh -c npm ci # buildkit', archive: tarOf() },
        { createdBy: 'RUN /bin/sh -c curl -H ghp_kingfisherkingfisherkingfisherkingfi x # buildkit', archive: tarOf() },
      ],
    }),
  );
  const judgement = judgeSecrets(contents);
  assert.deepEqual(judgement.details, [
    'ENV API_KEY',
    'ENV DATABASE_URL',
    "ARG NPM_TOKEN, told by the image's history",
    'a GitHub token, in RUN curl -H *** x',
  ]);
  assert.deepEqual(judgement.concerns, [
    { kind: 'layer', createdBy: 'ENV API_KEY=*** PORT=1' },
    { kind: 'layer', createdBy: 'ENV DATABASE_URL=***' },
    { kind: 'layer', createdBy: 'ARG NPM_TOKEN=***' },
    { kind: 'layer', createdBy: 'RUN /bin/sh -c curl -H *** x # buildkit' },
  ]);
  assert.doesNotMatch(JSON.stringify(judgement), /king/);
});

test('hides values only', () => {
  const lines = [
    [
      'RUN |1 TOKEN=a b /bin/sh -c make TOKEN=$TOKEN # buildkit',
      'RUN |1 TOKEN=*** /bin/sh -c make TOKEN=$TOKEN # buildkit',
    ],
    ['/bin/sh -c #(nop)  ENV PASSWORD=x y', '/bin/sh -c #(nop)  ENV PASSWORD=***'],
    ['RUN /bin/sh -c login --password hunter22 --user ada', 'RUN /bin/sh -c login --password *** --user ada'],
    ['COPY . . # buildkit', 'COPY . . # buildkit'],
    [
      'RUN /bin/sh -c apt-get update && apt-get install -y keyutils',
      'RUN /bin/sh -c apt-get update && apt-get install -y keyutils',
    ],
  ];
  for (const [line = '', expected] of lines) assert.equal(redacted(line), expected);
});

test('caches of the own layers count, and no trifles', async () => {
  const cache = (path: string, bytes: number): Member => ({ path, body: 'x'.repeat(bytes) });
  const image = (...members: readonly Member[]): Promise<ImageContents> =>
    read(
      dockerArchive({
        layers: [
          {
            createdBy: '/bin/sh -c #(nop) ADD file:1 in / ',
            archive: tarOf(cache('var/lib/apt/lists/main', 5_000_000)),
          },
          { createdBy: '/bin/sh -c #(nop)  CMD ["bash"]' },
          { createdBy: 'RUN /bin/sh -c install', archive: tarOf(...members) },
        ],
      }),
    );
  const small = judgeCaches(await imageOf(['RUN npm ci', cache('root/.npm/_cacache/a', 999_999)]));
  assert.deepEqual([small.outcome, small.message], ['kept', 'Only 1000 kB of package caches are in the image']);
  const large = judgeCaches(
    await image(cache('root/.npm/_cacache/a', 600_000), cache('home/ada/.cache/pip/b', 500_000)),
  );
  assert.equal(large.message, '1.1 MB of package caches are in the image: npm cache, pip cache');
  assert.deepEqual(large.concerns, [{ kind: 'layer', createdBy: 'RUN /bin/sh -c install' }]);
  const none = judgeCaches(
    await imageOf(['RUN npm ci', cache('app/cache.db', 2_000_000), cache('var/lib/apt/lists/lock', 2_000_000)]),
  );
  assert.equal(none.message, "No package manager's cache is in the image");
  // pnpm's packages are links to its store: the same bytes.
  const linked = await imageOf([
    'RUN pnpm i',
    cache('root/.local/share/pnpm/store/v3/a', 2_000_000),
    { path: 'srv/node_modules/a', type: '1', target: 'root/.local/share/pnpm/store/v3/a' },
  ]);
  assert.equal(judgeCaches(linked).outcome, 'kept');
});

test('the size is that of all layers, heaviest first', async () => {
  const contents = await imageOf(
    ['COPY a /', { path: 'a', body: 'x'.repeat(1_000_000) }],
    ['COPY b /', { path: 'b', body: 'x'.repeat(2_000_000) }],
    ['RUN rm b', { path: '.wh.b' }],
  );
  assert.equal(judgeSize(contents, 3).outcome, 'kept');
  const { message, details, concerns } = judgeSize(contents, 2.5);
  assert.equal(message, '3.0 MB unpacked, over the target of 2.5 MB');
  assert.deepEqual(details, ['2.0 MB: COPY b /', '1.0 MB: COPY a /', '0 kB: RUN rm b']);
  assert.deepEqual(concerns[0], { kind: 'layer', createdBy: 'COPY b /' });
});
