import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { dockerfileOf } from '../../../client/src/dockerfile-model.ts';
import type { BuildEvent, BuildFailure } from '../../../client/src/build/build.ts';
import { adviceFor } from '../../../client/src/build/failure/surroundings.ts';
import { buildKitUses, unmountable } from '../../../client/src/registry/cloud-build/buildkit.ts';
import { createCloudLogReader } from '../../../client/src/registry/cloud-build/progress.ts';
import { runRequest, taskText, type CloudBuild } from '../../../client/src/registry/cloud-build/request.ts';
import { linesOf, positionAt } from '../../../server/src/text/lines.ts';

const build: CloudBuild = {
  repository: 'shop/web',
  tag: '1a2b3c4',
  dockerfile: 'Dockerfile',
  platform: 'linux/amd64',
  arguments: [],
  sourceLocation: 'source/202611210000/x.tar.gz',
  needsBuildKit: false,
  asCaller: false,
};

test('what only BuildKit understands, with its line', () => {
  const uses = (text: string): readonly string[] =>
    buildKitUses(dockerfileOf(text)).map(({ what, line }) => `${line}: ${what}`);
  assert.deepEqual(uses('FROM a\nRUN make\nCOPY --chown=1:1 --from=x . .\nHEALTHCHECK --interval=5s CMD true\n'), []);
  assert.deepEqual(
    uses(`# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM a
RUN --mount=type=cache,target=/x make
COPY --link . .
COPY --chmod=755 a b
RUN <<EOF
make
EOF
COPY <<a.txt /a
text
a.txt
`),
    [
      "1: '# syntax='",
      "2: the build's platform in 'FROM'",
      "3: 'RUN --mount'",
      "4: 'COPY --link'",
      "5: 'COPY --chmod'",
      "6: a heredoc in 'RUN'",
      "9: a heredoc in 'COPY'",
    ],
  );
});

test('a mount that must have something and has nothing in the cloud', () => {
  const line = (mount: string): number | undefined =>
    unmountable(dockerfileOf(`FROM a\nRUN --mount=${mount} make\n`))?.line;
  assert.equal(line('type=secret,id=npm,required=true'), 2);
  assert.equal(line('type=ssh,required'), 2);
  assert.equal(line('type=secret,id=npm'), undefined);
  assert.equal(line('type=cache,target=/x'), undefined);
});

test('a plain build, as Azure wants it', () => {
  const request = runRequest({
    ...build,
    target: 'final',
    arguments: [
      { name: 'A', value: '1', isSecret: false },
      { name: 'S', value: '2', isSecret: true },
    ],
  });
  assert.deepEqual(request, {
    type: 'DockerBuildRequest',
    isArchiveEnabled: false,
    imageNames: ['shop/web:1a2b3c4'],
    isPushEnabled: true,
    noCache: false,
    dockerFilePath: 'Dockerfile',
    target: 'final',
    arguments: [
      { name: 'A', value: '1', isSecret: false },
      { name: 'S', value: '2', isSecret: true },
    ],
    platform: { os: 'linux', architecture: 'amd64' },
    sourceLocation: 'source/202611210000/x.tar.gz',
    agentConfiguration: { cpu: 2 },
    timeout: 3600,
  });
  assert.deepEqual(runRequest({ ...build, asCaller: true })['credentials'], {
    sourceRegistry: { identity: '[caller]' },
  });
});

/** As the agent does: the template first, then YAML. */
function rendered(cloudBuild: CloudBuild): {
  readonly build: string;
  readonly env: readonly string[];
  readonly push: readonly string[];
} {
  const request = runRequest({ ...cloudBuild, needsBuildKit: true });
  const values = request['values'] as readonly { readonly name: string; readonly value: string }[];
  const text = Buffer.from(request['encodedTaskContent'] as string, 'base64')
    .toString('utf8')
    .replaceAll(/\{\{(?:\.Values\.(\w+)|\.Run\.Registry|`(\{\{)`)\}\}/g, (_, name: string | undefined, braces) =>
      name === undefined
        ? String(braces ?? 'shopreg.azurecr.io')
        : (values.find((each) => each.name === name)?.value ?? ''),
    );
  const { steps } = parse(text) as { steps: readonly [{ build: string; env: string[] }, { push: string[] }] };
  return { build: steps[0].build, env: steps[0].env, push: steps[1].push };
}

test('with BuildKit it is a task, whose texts nobody can break out of', () => {
  const hostile = 'a "quoted" \'value\'\nwith: lines {{.Run.ID}} $HOME \\ `x` # é';
  const task = rendered({
    ...build,
    dockerfile: 'docker files/{{.Run.ID}} Dockerfile',
    target: 'final',
    arguments: [
      { name: 'PLAIN', value: hostile, isSecret: false },
      { name: 'TOKEN', value: 'marked-secret', isSecret: true },
    ],
  });
  assert.deepEqual(task.env, ['DOCKER_BUILDKIT=1', `PLAIN=${hostile}`, 'TOKEN=marked-secret']);
  assert.equal(
    task.build,
    "--tag shopreg.azurecr.io/shop/web:1a2b3c4 --file 'docker files/{{.Run.ID}} Dockerfile' --target final --build-arg PLAIN --build-arg TOKEN --progress=plain .",
  );
  assert.deepEqual(task.push, ['shopreg.azurecr.io/shop/web:1a2b3c4']);
  assert.ok(
    !taskText({ ...build, arguments: [{ name: 'T', value: 'marked-secret', isSecret: true }] }).includes('marked'),
  );
});

function readLog(
  builder: 'classic' | 'buildkit',
  text: string,
): { events: readonly BuildEvent[]; failure: BuildFailure } {
  const reader = createCloudLogReader(builder, () => 0);
  const pieces = text.match(/[^]{1,37}/g) ?? [];
  const events = [...pieces.flatMap((piece) => reader.read(piece)), ...reader.end(false)];
  const failure = events.flatMap((event) => (event.kind === 'failure' ? [event.failure] : []))[0];
  assert.ok(failure);
  return { events, failure };
}

const dockerfile =
  'FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci\n\nFROM nginx\nCOPY --from=build /app/dist /x\n';

function placed(failure: BuildFailure, text = dockerfile): string {
  const request = {
    dockerfile: '/w/Dockerfile',
    context: '/w',
    platforms: [],
    arguments: [],
    secrets: [],
    tags: [],
    pull: false,
    useCache: true,
  };
  const { range, summary } = adviceFor(failure, text, request);
  return `${positionAt(linesOf(text), range.start).line + 1}: ${summary}`;
}

test("the classic builder's failure in the middle of the agent's words", () => {
  const { events, failure } = readLog(
    'classic',
    [
      '2026/11/21 07:28:40 Downloading source code...',
      '2026/11/21 07:28:42 Launching container with name: build\r',
      'Sending build context to Docker daemon  12.29kB',
      'Step 1/6 : FROM node:22 AS build',
      '22: Pulling from library/node',
      ' ---> 146178e0bf3d',
      'Step 2/6 : WORKDIR /app',
      ' ---> Using cache',
      ' ---> 246178e0bf3d',
      'Step 3/6 : COPY . .',
      ' ---> 346178e0bf3d',
      'Step 4/6 : RUN npm ci',
      ' ---> Running in 96178e0bf3d1',
      'npm error code EUSAGE',
      'npm error The `npm ci` command can only install with an existing package-lock.json',
      "\u001b[0mThe command '/bin/sh -c npm ci' returned a non-zero code: 1",
      '2026/11/21 07:29:02 Container failed during run: build. No retries remaining.',
      'failed to run step ID: build: exit status 1',
      '',
      'Run ID: ca3 failed after 21s. Error: failed during run, err: exit status 1',
      '',
    ].join('\n'),
  );
  assert.equal(failure.exitCode, 1);
  assert.equal(failure.step?.place?.instruction, 'RUN npm ci');
  assert.match(placed(failure), /^4: /);
  const output = events.flatMap((event) => (event.kind === 'output' ? [event.text] : [])).join('');
  assert.ok(output.includes('EUSAGE') && !output.includes('returned a non-zero'));
  const states = events.flatMap((event) => (event.kind === 'step' ? [`${event.step.id} ${event.step.state}`] : []));
  assert.ok(states.includes('2 cached') && states.includes('4 failed'));
});

test("BuildKit's failure", () => {
  const { failure } = readLog(
    'buildkit',
    [
      '2026/11/21 07:28:42 Launching container with name: build',
      '#1 [internal] load build definition from Dockerfile',
      '#1 DONE 0.0s',
      '#6 [build 4/4] RUN npm ci',
      '#6 0.512 npm error code EUSAGE',
      '#6 ERROR: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1',
      '------',
      ' > [build 4/4] RUN npm ci:',
      '------',
      'Dockerfile:4',
      '--------------------',
      '   3 |     COPY . .',
      '   4 | >>> RUN npm ci',
      '--------------------',
      'ERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1',
      '2026/11/21 07:29:02 Container failed during run: build. No retries remaining.',
      'failed to run step ID: build: exit status 1',
      '',
    ].join('\n'),
  );
  assert.equal(failure.exitCode, 1);
  assert.match(placed(failure), /^4: /);
});

test('a base image that is not to be had, before any step', () => {
  const { failure } = readLog(
    'classic',
    [
      '2026/11/21 07:28:42 Launching container with name: build',
      'Sending build context to Docker daemon  12.29kB',
      'Step 1/6 : FROM node:22 AS build',
      "pull access denied for node, repository does not exist or may require 'docker login': denied",
      '2026/11/21 07:29:02 Container failed during run: build. No retries remaining.',
      '',
    ].join('\n'),
  );
  assert.match(failure.message, /pull access denied for node/);
  assert.match(placed(failure), /^1: /);
});
