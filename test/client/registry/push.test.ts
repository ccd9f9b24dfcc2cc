import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain } from '../../../client/src/azure/explain.ts';
import { isLostConnection, whyRefused } from '../../../client/src/registry/push-failure.ts';
import { createPushReader } from '../../../client/src/registry/push-progress.ts';
import { privateConfig } from '../../../client/src/registry/login.ts';
import { logInTo } from '../../../client/src/tools/container/login.ts';
import { pushImage } from '../../../client/src/tools/container/push.ts';
import type { ContainerTool } from '../../../client/src/tools/container/tool.ts';

const digest = `sha256:${'ab'.repeat(32)}`;

/** What is told after each piece, once each. */
function told(...pieces: readonly string[]): readonly string[] {
  const reader = createPushReader();
  const messages = pieces.map((piece) => {
    reader.read(piece);
    return reader.message() ?? '';
  });
  return [...messages, reader.digest() ?? ''];
}

test('Docker, layer by layer', () => {
  const said = told(
    'The push refers to repository [shopreg.azurecr.io/shop]\n',
    '5f70bf18a086: Preparing\ne4c58958181a: Preparing\n41c002c8a6fd: Preparing\n',
    '41c002c8a6fd: Waiting\n5f70bf18a086: Layer already exists\n',
    'e4c58958181a: Pu',
    'shed\n41c002c8a6fd: Mounted from other/app\n',
    `1a2b3c4: digest: ${digest} size: 945\n`,
  );
  assert.deepEqual(said, [
    '',
    'Pushing 1 of 3 layers',
    'Pushing 2 of 3 layers',
    'Pushing 2 of 3 layers',
    'Pushed 3 layers',
    'Pushed 3 layers',
    digest,
  ]);
});

test('Podman and nerdctl', () => {
  const podman = told(
    'Getting image source signatures\nCopying blob sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef\n',
    'Copying blob 5f70bf18a086 done   | \nCopying config e4c58958181a done\n',
  );
  assert.deepEqual(podman, ['Pushing 1 of 1 layer', 'Pushed 1 layer', '']);
  const layer = `layer-sha256:${'5f'.repeat(32)}:`;
  const nerdctl = told(
    `index-${digest}: waiting |---|\n${layer} waiting |---|\n`,
    `index-${digest}: done |+++|\n${layer} done |+++|\n`,
  );
  assert.deepEqual(nerdctl, ['Pushing 1 of 1 layer', 'Pushed 1 layer', digest]);
});

const registry = {
  id: '',
  name: 'shopreg',
  loginServer: 'shopreg.azurecr.io',
  takesArmTokens: true,
  hasRepositoryPermissions: false,
};

test('why it failed, in one sentence', () => {
  const why = (said: string, byRepository = false): string =>
    whyRefused(said, { ...registry, hasRepositoryPermissions: byRepository }, 'push').message;
  const denied = 'denied: requested access to the resource is denied\n';
  assert.equal(why(denied), "You may not push to the registry 'shopreg': ask for its role 'AcrPush'");
  assert.match(why(denied, true), /'Container Registry Repository Writer'$/);
  assert.equal(
    why(
      "denied: client with IP '203.0.113.7' is not allowed access. Refer https://aka.ms/acr/firewall to grant access\n",
    ),
    "The firewall of the registry 'shopreg' keeps you out: allow 203.0.113.7 under Networking",
  );
  assert.match(
    why('Get "https://shopreg.azurecr.io/v2/": dial tcp: lookup shopreg.azurecr.io: no such host'),
    /not found/,
  );
  assert.match(why('x509: certificate signed by unknown authority'), /is not trusted/);
  assert.match(why('write /var/lib/docker/tmp/x: no space left on device'), /no room left/);
  assert.equal(why('Error response from daemon: something odd'), "Pushing to 'shopreg' failed: something odd");
  assert.equal(why(''), "Pushing to 'shopreg' failed: the log says why");
});

test('and what to do about it', () => {
  const way = (said: string): string => explain(whyRefused(said, { ...registry, id: '/reg' }, 'push')).action.kind;
  assert.equal(way("client with IP '203.0.113.7' is not allowed access"), 'openPortal');
  assert.equal(way('unauthorized: authentication required'), 'ask');
  assert.equal(way('quota exceeded'), 'openPortal');
  assert.equal(way('No such image'), 'rebuild');
  assert.equal(way('net/http: TLS handshake timeout'), 'retry');
  assert.equal(way('something odd'), 'showLog');
});

test('what is worth another try', () => {
  for (const said of [
    'write tcp 10.0.0.1:5->20.0.0.1:443: write: connection reset by peer',
    'Put "https://x": EOF',
    'net/http: TLS handshake timeout',
    'received unexpected HTTP status: 503 Service Unavailable',
  ])
    assert.ok(isLostConnection(said), said);
  for (const said of ['unauthorized: authentication required', 'no space left on device', 'tag does not exist'])
    assert.ok(!isLostConnection(said), said);
});

test('the private settings are the own ones without any login', () => {
  const own = {
    auths: { 'https://index.docker.io/v1/': { auth: 'c2VjcmV0' } },
    credsStore: 'desktop',
    credHelpers: { 'other.azurecr.io': 'acr-env' },
    currentContext: 'remote',
    cliPluginsExtraDirs: ['/opt/plugins'],
    proxies: { default: { httpProxy: 'http://proxy:3128' } },
    HttpHeaders: { 'X-Meta': '1' },
  };
  const made = JSON.parse(privateConfig(JSON.stringify(own), 'shopreg.azurecr.io')) as unknown;
  const { auths: _, credsStore: _store, credHelpers: _helpers, ...kept } = own;
  assert.deepEqual(made, { ...kept, auths: { 'shopreg.azurecr.io': {} } });
  for (const broken of ['', '{', '[]', 'null', '7'])
    assert.deepEqual(JSON.parse(privateConfig(broken, 'r')), { auths: { r: {} } });
});

test('no tool gets the password in its arguments', () => {
  const place = { folder: '/private', authFile: '/private/auth.json' };
  for (const kind of ['docker', 'podman', 'nerdctl'] as const) {
    const tool: ContainerTool = { kind, program: kind, version: '1.0.0', builder: 'buildx', hasRawProgress: true };
    const command = logInTo(tool, place, { server: 'r.azurecr.io', user: 'u', password: 'marked-secret' });
    assert.equal(command.input, 'marked-secret');
    assert.ok(!JSON.stringify({ ...command, input: '' }).includes('marked-secret'));
    const pushed = pushImage(tool, place, 'r.azurecr.io/a:1', '/private/digest');
    assert.equal(pushed.args.at(-1), 'r.azurecr.io/a:1');
    if (kind === 'podman') {
      assert.deepEqual(pushed.args.slice(0, 5), [
        'push',
        '--authfile',
        '/private/auth.json',
        '--digestfile',
        '/private/digest',
      ]);
      assert.equal(pushed.environment?.['DOCKER_CONFIG'], undefined);
    } else assert.equal(pushed.environment?.['DOCKER_CONFIG'], '/private');
  }
});
