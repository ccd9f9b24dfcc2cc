import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildRequest } from '../../../client/src/build/build.ts';
import { describeBuild } from '../../../client/src/build/describe.ts';
import type { BuildFacts } from '../../../client/src/build/facts.ts';
import { defaultTags, planBuild, requestFrom } from '../../../client/src/build/plan.ts';
import { imageIdIn, withIdFile } from '../../../client/src/tools/container/build.ts';
import type { Builder, ContainerTool } from '../../../client/src/tools/container/tool.ts';

const simple: BuildRequest = {
  dockerfile: '/shop/Dockerfile',
  context: '/shop',
  platforms: [],
  arguments: [],
  secrets: [],
  tags: ['shop:1a2b3c4'],
  pull: false,
  useCache: true,
};
const full: BuildRequest = {
  ...simple,
  target: 'runtime',
  platforms: ['linux/arm64'],
  arguments: [{ name: 'MODE', value: 'a "b" $(c)\nd' }],
  secrets: [
    { id: 'npm', from: { kind: 'environment', name: 'NPM_TOKEN' } },
    { id: 'key', from: { kind: 'file', path: '/keys/the "one", two' } },
  ],
  pull: true,
  useCache: false,
};

function toolOf(builder: Builder, hasRawProgress = false): ContainerTool {
  const kind = builder === 'podman' || builder === 'nerdctl' ? builder : 'docker';
  return { kind, program: kind, version: '1.2.3', builder, hasRawProgress };
}

function planned(request: BuildRequest, tool: ContainerTool) {
  const plan = planBuild(request, tool);
  assert.ok(plan.kind === 'build', plan.kind === 'impossible' ? plan.reason : '');
  return plan;
}

function reason(request: BuildRequest, builder: Builder): string | undefined {
  const plan = planBuild(request, toolOf(builder));
  return plan.kind === 'impossible' ? plan.reason : undefined;
}

test('each builder gets its own words', () => {
  const lines = (['buildx', 'buildkit', 'classic', 'podman', 'nerdctl'] as const).map((builder) => {
    const plan = planned(simple, toolOf(builder, builder === 'buildx'));
    return `${plan.reader}: ${describeBuild(plan).commandLine}`;
  });
  const rest = '--file /shop/Dockerfile --tag shop:1a2b3c4 /shop';
  assert.deepEqual(lines, [
    `raw: docker buildx build --progress=rawjson --load ${rest}`,
    `plain: DOCKER_BUILDKIT=1 docker build --progress=plain ${rest}`,
    `classic: DOCKER_BUILDKIT=0 docker build --force-rm ${rest}`,
    `podman: podman build --format=docker ${rest}`,
    `plain: nerdctl build --progress=plain ${rest}`,
  ]);
  assert.equal(planned(simple, toolOf('buildx')).command.args[2], '--progress=plain');
});

test('every choice is an argument of its own, whatever stands in it', () => {
  assert.deepEqual(planned(full, toolOf('buildx', true)).command.args, [
    'buildx',
    'build',
    '--progress=rawjson',
    '--load',
    '--file',
    '/shop/Dockerfile',
    '--target',
    'runtime',
    '--platform',
    'linux/arm64',
    '--build-arg',
    'MODE=a "b" $(c)\nd',
    '--secret',
    'id=npm,type=env,env=NPM_TOKEN',
    '--secret',
    'id=key,type=file,"src=/keys/the ""one"", two"',
    '--tag',
    'shop:1a2b3c4',
    '--pull',
    '--no-cache',
    '/shop',
  ]);
  const podman = { ...simple, platforms: ['linux/amd64', 'linux/arm64'], pull: true };
  assert.deepEqual(planned(podman, toolOf('podman')).command.args.slice(4), [
    '--platform',
    'linux/amd64,linux/arm64',
    '--manifest',
    'shop:1a2b3c4',
    '--pull=always',
    '/shop',
  ]);
});

test('what a builder cannot do is said before it is run', () => {
  const secret = { ...simple, secrets: full.secrets };
  const several = { ...simple, platforms: ['linux/amd64', 'linux/arm64'] };
  assert.match(reason(secret, 'classic') ?? '', /cannot mount secrets: install the 'buildx' plugin/);
  assert.match(reason(several, 'classic') ?? '', /one platform only/);
  assert.match(reason(several, 'buildkit') ?? '', /one platform only/);
  assert.match(reason(secret, 'podman') ?? '', /comma/);
  assert.match(reason({ ...several, tags: [] }, 'podman') ?? '', /exactly one tag/);
  assert.match(reason({ ...simple, dockerfile: '/shop/a\nb' }, 'buildx') ?? '', /line break/);
  assert.deepEqual(
    [reason(several, 'buildx'), reason(several, 'nerdctl'), reason(several, 'podman'), reason(secret, 'buildkit')],
    [undefined, undefined, undefined, undefined],
  );
  assert.equal(reason({ ...simple, dockerfile: '/a\nb/Dockerfile' }, 'buildx'), undefined);
});

test('the description names secrets by id and source, and quotes for reading', () => {
  const { title, commandLine, details } = describeBuild(planned(full, toolOf('buildx', true)));
  assert.equal(title, "Build 'shop:1a2b3c4' from 'Dockerfile', stage 'runtime'");
  assert.match(commandLine, /--build-arg \$'MODE=a "b" \$\(c\)\\nd' --secret id=npm,type=env,env=NPM_TOKEN/);
  assert.ok(!commandLine.includes('\n'));
  assert.deepEqual(details, [
    'Context: /shop',
    'Platforms: linux/arm64',
    "Secret 'npm' from the variable 'NPM_TOKEN'",
    `Secret 'key' from the file '/keys/the "one", two'`,
    'Base images are fetched again',
    'Nothing is taken from the cache',
    'With Docker 1.2.3',
  ]);
  const quoted = describeBuild(planned({ ...simple, context: "/it's $HOME" }, toolOf('podman'))).commandLine;
  assert.ok(quoted.endsWith(` '/it'\\''s $HOME'`), quoted);
});

test('the image id comes from a file, or else from what the builder said', () => {
  const { command } = planned(simple, toolOf('podman'));
  assert.deepEqual(withIdFile(command, '/tmp/id').args.slice(-3), ['--iidfile', '/tmp/id', '/shop']);
  const digits = 'ab'.repeat(32);
  assert.equal(imageIdIn(`COMMIT\n--> ababababab\n${digits}\n`), `sha256:${digits}`);
  assert.equal(imageIdIn('Successfully built 85e0033d6d87\nSuccessfully tagged a:1\n'), '85e0033d6d87');
  assert.equal(imageIdIn('nothing'), undefined);
});

function factsOf(dockerfile: string, context: string, commit?: BuildFacts['commit']): BuildFacts {
  const stage = (name: string, isFinal: boolean) => ({ name, isFinal, arguments: [], secrets: [] });
  return {
    dockerfile,
    text: '',
    ...(commit && { commit }),
    contexts: [{ folder: context, missing: [] }],
    targets: [stage('Build', false), stage('runtime', true)],
  };
}

test('the default tag is the folder and the commit, and never latest', () => {
  const clean = { id: '1a2b3c4', isDirty: false };
  const tag = (dockerfile: string, context: string, commit?: BuildFacts['commit'], target?: string): string =>
    defaultTags(factsOf(dockerfile, context, commit), { target }).join();
  assert.equal(tag('/w/shop/Dockerfile', '/w/shop', clean), 'shop:1a2b3c4');
  assert.equal(tag('/w/shop/Dockerfile', '/w/shop', { ...clean, isDirty: true }), 'shop:1a2b3c4-dirty');
  assert.equal(tag('/w/shop/Dockerfile', '/w/shop'), 'shop:dev');
  assert.equal(tag('/w/shop/services/api/Dockerfile', '/w/shop', clean), 'api:1a2b3c4');
  assert.equal(tag('/w/shop/docker/Dockerfile', '/w/shop', clean), 'shop:1a2b3c4');
  assert.equal(tag('/w/shop/Dockerfile.worker', '/w/shop', clean), 'shop-worker:1a2b3c4');
  assert.equal(tag('/w/shop/worker.Dockerfile', '/w/shop', clean), 'shop-worker:1a2b3c4');
  assert.equal(tag('/w/shop/Dockerfile', '/w/shop', clean, 'build'), 'shop-build:1a2b3c4');
  assert.equal(tag('/w/shop/Dockerfile', '/w/shop', clean, 'runtime'), 'shop:1a2b3c4');
  assert.equal(tag('C:\\w\\Shop\\Dockerfile', 'C:\\w\\Shop', clean), 'shop:1a2b3c4');
});

test('any folder gives a name that registries take', () => {
  const reference = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*:[\w][\w.-]{0,127}$/;
  const folders = [
    'My Shop',
    'Größe',
    '-x',
    '..a',
    'a___b',
    'a._b',
    'a..b',
    '日本',
    "it's $(x)",
    'two\nlines',
    'A--B',
    'x'.repeat(300),
    '_',
    '',
  ];
  const tags = folders.map((folder) => defaultTags(factsOf(`/w/${folder}/Dockerfile`, `/w/${folder}`)).join());
  for (const tag of tags) assert.match(tag, reference);
  assert.deepEqual(tags.slice(0, 8), [
    'my-shop:dev',
    'gro-e:dev',
    'x:dev',
    'a:dev',
    'a-b:dev',
    'a-b:dev',
    'a-b:dev',
    'image:dev',
  ]);
});

test('what a Compose service says is taken over', () => {
  const facts = factsOf('/w/api/Dockerfile', '/w/api');
  const service = {
    name: 'api',
    file: '/w/compose.yaml',
    target: 'build',
    platforms: ['linux/arm64'],
    arguments: [{ name: 'A', value: '1' }],
    secrets: full.secrets,
  };
  assert.deepEqual(requestFrom({ ...facts, contexts: [{ folder: '/w', missing: [], service }] }), {
    dockerfile: '/w/api/Dockerfile',
    context: '/w',
    target: 'build',
    platforms: ['linux/arm64'],
    arguments: [{ name: 'A', value: '1' }],
    secrets: full.secrets,
    tags: ['api-build:dev'],
    pull: false,
    useCache: true,
  });
});
