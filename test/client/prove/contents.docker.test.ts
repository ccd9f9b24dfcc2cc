import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createKeeper } from '../../../client/src/process/keep.ts';
import { createRun } from '../../../client/src/process/run.ts';
import { prove } from '../../../client/src/prove/execute.ts';
import { placeOf } from '../../../client/src/prove/place.ts';
import {
  usualProveSettings,
  type PromiseId,
  type ProveSettings,
  type Verdict,
} from '../../../client/src/prove/promise.ts';
import { dockerfileOf } from '../../../client/src/dockerfile-model.ts';
import { Cancelled, type Run } from '../../../client/src/tools/command.ts';
import type { ContainerTool } from '../../../client/src/tools/container/tool.ts';
import { docker, dockerTest, folderOf, imageOf } from '../../docker/docker.ts';

const keeper = createKeeper(`${import.meta.dirname}/../../../client/src/process/keeper.ts`);
const run = createRun(keeper);
const tool: ContainerTool = {
  kind: 'docker',
  program: 'docker',
  version: '26.0.0',
  builder: 'buildx',
  hasRawProgress: true,
};
const contents: readonly PromiseId[] = ['no-secrets', 'no-git', 'no-package-cache', 'size'];

async function provedOf(
  image: string,
  settings: Partial<ProveSettings> = {},
  by: Run = run,
): Promise<Record<PromiseId, Verdict>> {
  const proof = await prove(image, { ...usualProveSettings, checks: contents, ...settings }, { run: by, keeper, tool });
  return Object.fromEntries(proof.verdicts.map((verdict) => [verdict.promise, verdict])) as Record<PromiseId, Verdict>;
}

dockerTest('an image without any of it keeps all four promises', async (context) => {
  const image = imageOf(context, {
    Dockerfile: 'FROM shipshape-test/base:1\nWORKDIR /app\nCOPY . .\nUSER app\nCMD ["true"]\n',
    'server.js': 'listen()\n',
    '.env.example': 'DB_PASSWORD=kingfisher17\n',
  });
  const proved = await provedOf(image);
  assert.deepEqual(
    contents.map((id) => `${id}: ${proved[id].outcome}, ${proved[id].message}`),
    [
      'no-secrets: kept, No file, variable or command looks like a secret',
      "no-git: kept, No '.git' folder is in the image",
      "no-package-cache: kept, No package manager's cache is in the image",
      'size: kept, 2.0 MB unpacked, under the target of 250 MB',
    ],
  );
});

dockerTest('each of them is found on the line that brought it', async (context) => {
  const text = `FROM shipshape-test/base:1
WORKDIR /app
COPY . .
RUN rm -r .env .git \\
    && echo done
RUN mkdir -p /var/lib/apt/lists && dd if=/dev/zero of=/var/lib/apt/lists/main bs=1000 count=1500 2>/dev/null
ENV API_TOKEN=kingfisher17
CMD ["true"]
`;
  const image = imageOf(context, {
    Dockerfile: text,
    '.env': 'DB_PASSWORD=kingfisher17\n',
    '.git/HEAD': 'ref: refs/heads/main\n',
    '.git/objects/ab/cdef': 'x',
  });
  const proved = await provedOf(image, { sizeTarget: 3 });
  const lineOf = (id: PromiseId): string => {
    const place = placeOf(proved[id], dockerfileOf(text));
    return place === undefined ? '' : text.slice(place.range.start, place.range.end);
  };
  assert.deepEqual(
    contents.map((id) => `${proved[id].outcome}: ${proved[id].message} @ ${lineOf(id).slice(0, 25)}`),
    [
      "broken: The value of ENV 'API_TOKEN' is a secret that everybody with the image can read, and 1 more @ API_TOKEN=kingfisher17",
      "broken: The history of the sources is in '/app/.git' (1 kB): deleted later, but still in the image @ COPY . .",
      'broken: 1.5 MB of package caches are in the image: apt package lists @ RUN mkdir -p /var/lib/apt',
      'broken: 3.5 MB unpacked, over the target of 3 MB @ FROM shipshape-test/base:',
    ],
  );
  assert.deepEqual(proved['no-secrets'].details, [
    'ENV API_TOKEN',
    '/app/.env: environment values with secrets, deleted later, but still in the layer of COPY . .',
  ]);
  assert.doesNotMatch(JSON.stringify(proved), /kingfisher17/);
});

dockerTest('names that a shell or a terminal would act on are only names', async (context) => {
  const names = ['$(touch pwned) `id`', '-rf --force', 'two\nlines', "it's \u001b[31mred"];
  const image = imageOf(context, {
    Dockerfile: 'FROM shipshape-test/base:1\nCOPY . /app/\nCMD ["true"]\n',
    ...Object.fromEntries(names.map((name) => [`${name}/id_rsa`, '-----BEGIN OPENSSH PRIVATE KEY-----\n'])),
  });
  const { details = [] } = (await provedOf(image))['no-secrets'];
  assert.deepEqual(
    details.map((detail) => detail.split(': ')[0]).toSorted(),
    [
      '/app/$(touch pwned) `id`/id_rsa',
      '/app/-rf --force/id_rsa',
      "/app/it's \\u{1b}[31mred/id_rsa",
      '/app/two\\nlines/id_rsa',
    ].toSorted(),
  );
});

dockerTest('the classic builder tells its layers in its own way, which are found, too', async (context) => {
  const folder = folderOf(context, {
    Dockerfile: 'FROM shipshape-test/base:1\nARG NPM_TOKEN\nCOPY . /app\nRUN true\nRUN rm /app/.npmrc\nCMD ["true"]\n',
    '.npmrc': '//registry.npmjs.org/:_authToken=kingfisher17\n',
  });
  const name = `shipshape-test/classic-contents-${process.pid}:1`;
  context.after(() => void spawnSync('docker', ['image', 'rm', '--force', name], { stdio: 'ignore' }));
  const args = ['build', '--quiet', '--tag', name, '--build-arg', 'NPM_TOKEN=kingfisher17', folder];
  execFileSync('docker', args, { env: { ...process.env, DOCKER_BUILDKIT: '0' }, stdio: ['ignore', 'ignore', 'pipe'] });
  const verdict = (await provedOf(name))['no-secrets'];
  assert.deepEqual(verdict.details, [
    "ARG NPM_TOKEN, told by the image's history",
    '/app/.npmrc: npm credentials, deleted later, but still in the layer of COPY … /app',
  ]);
  assert.doesNotMatch(JSON.stringify(verdict), /kingfisher17/);
});

dockerTest(
  'a large image takes little memory and is written nowhere, and a cancel ends it at once',
  async (context) => {
    const megabytes = 300;
    const image = imageOf(context, {
      Dockerfile: `FROM shipshape-test/base:1\nRUN dd if=/dev/urandom of=/big bs=1000000 count=${megabytes} 2>/dev/null\nCMD ["true"]\n`,
    });
    const before = process.memoryUsage().rss;
    let most = 0;
    const watched: Run = (command, options = {}) => {
      const { onBytes } = options;
      if (onBytes === undefined) return run(command, options);
      return run(command, {
        ...options,
        onBytes: (bytes) => {
          most = Math.max(most, process.memoryUsage().rss - before);
          return onBytes(bytes);
        },
      });
    };
    const proved = await provedOf(image, {}, watched);
    assert.equal(proved.size.outcome, 'broken');
    assert.ok(most > 0 && most < 100_000_000, `${most} bytes more than before`);

    const controller = new AbortController();
    const cancelling: Run = (command, options = {}) => {
      if (options.onBytes) controller.abort();
      return run(command, options);
    };
    const settings = { ...usualProveSettings, checks: contents };
    const proof = prove(image, settings, { run: cancelling, keeper, tool, signal: controller.signal });
    await assert.rejects(proof, Cancelled);
    assert.equal(docker('ps', '--all', '--quiet', '--filter', `ancestor=${image}`), '');
  },
);
