import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layersOf } from '../../../client/src/image/layers.ts';
import { deltaText, shareText, sizeText } from '../../../client/src/image/size.ts';
import { askHistory, readHistory } from '../../../client/src/tools/container/history.ts';
import { inspectImage, readInspect } from '../../../client/src/tools/container/inspect.ts';
import type { ContainerTool } from '../../../client/src/tools/container/tool.ts';

const docker: ContainerTool = {
  kind: 'docker',
  program: 'docker',
  version: '26.1.5',
  builder: 'buildx',
  hasRawProgress: true,
};

test('sizes are asked for to the byte, and names are never options', () => {
  const args = ['image', 'history', '--no-trunc', '--human=false', '--format', '{{json .}}', '--', '-x'];
  assert.deepEqual(askHistory(docker, '-x'), { program: 'docker', args });
  assert.deepEqual(inspectImage(docker, '-x').args, ['image', 'inspect', '--', '-x']);
  const nerdctl = { ...docker, kind: 'nerdctl', program: 'nerdctl', version: '1.7.7' } as const;
  assert.ok(!askHistory(nerdctl, 'x').args.includes('--human=false'));
  assert.ok(askHistory({ ...nerdctl, version: '2.0.0' }, 'x').args.includes('--human=false'));
});

test('what Docker, Podman and nerdctl write is read oldest first', () => {
  const lines = '{"CreatedBy":"CMD","Size":"0"}\nnoise\n{"CreatedBy":"RUN \\u003e x","Size":"1234"}\n';
  assert.deepEqual(readHistory(lines), [
    { createdBy: 'RUN > x', bytes: 1234 },
    { createdBy: 'CMD', bytes: 0 },
  ]);
  const podman = '[{"id":"x","created":"2026","createdBy":"b","size":7},{"createdBy":"a","size":8,"comment":""}]';
  assert.deepEqual(readHistory(podman), [
    { createdBy: 'a', bytes: 8 },
    { createdBy: 'b', bytes: 7 },
  ]);
  const human = ['12.3MB', '4.0 KiB', '0B', '1.5e+03', '2GB', '-1', 'x', 'NaN', ''].map((Size) =>
    JSON.stringify({ CreatedBy: '', Size }),
  );
  const sizes = readHistory(human.join('\n')).map(({ bytes }) => bytes);
  assert.deepEqual(sizes.reverse(), [12_300_000, 4096, 0, 1500, 2_000_000_000]);
});

for (const nonsense of ['', 'null', '[]', '[null, 3, "x", {}]', '{"CreatedBy": 3}', '[[', '\u0000', '[{"Id": 3}]']) {
  test(`nonsense is no image and no history: ${JSON.stringify(nonsense)}`, () => {
    assert.deepEqual(readHistory(nonsense), []);
    assert.equal(readInspect(nonsense), undefined);
  });
}

const id = 'ab'.repeat(32);

test('an image tells its id, layers, variables and shell', () => {
  const image = {
    Id: `sha256:${id}`,
    RepoTags: ['a:1', '<none>:<none>'],
    Config: { Env: ['A=1=2', 'B', 3], Shell: ['/bin/bash', '-c'] },
    RootFS: { Layers: ['sha256:x'] },
  };
  assert.deepEqual(readInspect(JSON.stringify([image])), {
    id: `sha256:${id}`,
    tags: ['a:1'],
    diffIds: ['sha256:x'],
    environment: new Map([
      ['A', '1=2'],
      ['B', ''],
    ]),
    shell: ['/bin/bash', '-c'],
  });
});

test('layers get their digests where it is plain which is whose', () => {
  const history = [
    { createdBy: '# base', bytes: 5 },
    { createdBy: 'RUN /bin/sh -c true # buildkit', bytes: 0 },
    { createdBy: 'CMD ["x"]', bytes: 0 },
    { createdBy: 'COPY a b # buildkit', bytes: 3 },
  ];
  const digests = (...diffIds: string[]): string =>
    layersOf('x', history, { id: '', tags: [], diffIds, environment: new Map() })
      .layers.map(({ diffId = '-' }) => diffId)
      .join(' ');
  assert.equal(digests('1', '2', '3'), '1 2 - 3');
  assert.equal(digests('1', '3'), '1 - - 3');
  assert.equal(digests('1'), '- - - -');
  assert.equal(digests('1', '2', '3', '4'), '- - - -');
});

test('values of build arguments are not kept', () => {
  const history = [
    { createdBy: 'RUN |1 TOKEN=hunter2 /bin/sh -c make # buildkit', bytes: 1 },
    { createdBy: '|1 TOKEN=hunter2 bash -c make', bytes: 1 },
    { createdBy: 'ARG TOKEN=hunter2', bytes: 0 },
  ];
  const facts = { id: '', tags: [], diffIds: [], environment: new Map<string, string>() };
  const built = { uri: 'file:///x', text: 'FROM x\nRUN make\n', arguments: new Map([['TOKEN', 'hunter2']]) };
  const kept = layersOf('x', history, facts, built);
  assert.doesNotMatch(JSON.stringify(kept), /hunter2/);
  assert.equal(kept.total, 2);
});

test('sizes are written as container tools write them', () => {
  const sizes = [0, 999, 1000, 12_449_000, 99_960_000, 999_600_000, 1.5e12, 9e15].map(sizeText);
  assert.deepEqual(sizes, ['0 B', '999 B', '1.0 kB', '12.4 MB', '100 MB', '1.0 GB', '1.5 TB', '9000 TB']);
  assert.deepEqual([3_100_000, -40, 0].map(deltaText), ['+3.1 MB', '−40 B', '±0 B']);
  assert.deepEqual([shareText(1, 3), shareText(1, 1000), shareText(0, 0)], ['33%', 'under 1%', '0%']);
});
