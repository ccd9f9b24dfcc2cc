import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildFailure } from '../../../client/src/build/build.ts';
import type { ReaderKind } from '../../../client/src/build/plan.ts';
import { placeIn } from '../../../client/src/build/progress/steps.ts';
import { cut, failureIn, linesIn, outputOf, randomFrom, read, stepsIn, type Said } from './read-progress.ts';
import { cpuTime } from '../../cpu-time.ts';

const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, 0, seconds * 1000)).toISOString();
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const [load, from, install, test2] = ['sha256:a', 'sha256:b', 'sha256:c', 'sha256:d'];
const installName = '[deps 2/2] RUN npm ci';
const testName = '[linux/amd64 app 10/12] RUN <<EOF (npm test...)';
const excerpt = `Dockerfile:7
--------------------
   6 |     COPY --from=deps /a /a
   7 | >>> RUN <<EOF
   8 | >>> npm test
   9 | >>> EOF
  10 |     
--------------------
ERROR: failed to build: failed to solve: process "/bin/sh -c npm test\\n" did not complete successfully: exit code: 7
`;

/** What buildx says with `--progress=rawjson`, as values and as lines of text. */
const failing = [
  { vertexes: [{ digest: load, name: '[internal] load build definition from Dockerfile' }] },
  {
    vertexes: [{ digest: load, name: '[internal] load build definition from Dockerfile', started: at(0) }],
    statuses: [{ id: 'transferring dockerfile:', vertex: load, current: 0, timestamp: at(0.1), started: at(0.1) }],
  },
  {
    vertexes: [
      { digest: load, name: '[internal] load build definition from Dockerfile', started: at(0), completed: at(0.2) },
    ],
    statuses: [
      {
        id: 'transferring dockerfile:',
        vertex: load,
        current: 2345,
        timestamp: at(0.2),
        started: at(0.1),
        completed: at(0.2),
      },
    ],
  },
  {
    vertexes: [
      { digest: test2, inputs: [install], name: testName },
      { digest: install, inputs: [from], name: installName },
      {
        digest: from,
        name: '[deps 1/2] FROM docker.io/library/node:20',
        started: at(1),
        completed: at(1),
        cached: true,
      },
    ],
  },
  { vertexes: [{ digest: install, name: installName, started: at(1) }] },
  { logs: [{ vertex: install, stream: 1, data: base64('added 1\nadded'), timestamp: at(1.164) }] },
  // A character cut in two.
  {
    logs: [
      { vertex: install, stream: 1, data: Buffer.from([0x20, 0xe2, 0x82]).toString('base64'), timestamp: at(1.2) },
    ],
  },
  { logs: [{ vertex: install, stream: 1, data: Buffer.from([0xac, 0x0a]).toString('base64'), timestamp: at(1.3) }] },
  { vertexes: [{ digest: install, name: installName, started: at(1), completed: at(3.5) }] },
  {
    vertexes: [{ digest: test2, name: testName, started: at(4) }],
    warnings: [{ vertex: test2, level: 1, short: base64('JSONArgsRecommended: use JSON') }],
  },
  { logs: [{ vertex: test2, stream: 2, data: base64('\u001b[31mred\u001b[0m\r100%\nlast'), timestamp: at(4.5) }] },
  {
    vertexes: [
      {
        digest: test2,
        name: testName,
        started: at(4),
        completed: at(5),
        error: 'process "/bin/sh -c npm test\\n" did not complete successfully: exit code: 7',
      },
    ],
  },
];
const onePerLine = failing.map((value) => `${JSON.stringify(value)}\n`).join('') + excerpt;
const indented = failing.map((value) => `${JSON.stringify(value, undefined, 2)}\n`).join('') + excerpt;

test('raw progress: steps with places, seconds and cache, whichever way the objects are printed', () => {
  const events = read('raw', [['stderr', onePerLine]], 1);
  assert.deepEqual(read('raw', [['stderr', indented]], 1), events);
  assert.deepEqual(stepsIn(events), [
    { id: load, name: '[internal] load build definition from Dockerfile', state: 'done', seconds: 0.2 },
    {
      id: test2,
      name: testName,
      place: { platform: 'linux/amd64', stage: 'app', index: 10, count: 12, instruction: 'RUN <<EOF (npm test...)' },
      state: 'failed',
      seconds: 1,
    },
    {
      id: install,
      name: installName,
      place: { stage: 'deps', index: 2, count: 2, instruction: 'RUN npm ci' },
      state: 'done',
      seconds: 2.5,
    },
    {
      id: from,
      name: '[deps 1/2] FROM docker.io/library/node:20',
      place: { stage: 'deps', index: 1, count: 2, instruction: 'FROM docker.io/library/node:20' },
      state: 'cached',
      seconds: 0,
    },
  ]);
  assert.equal(outputOf(events, install), 'added 1\nadded €\n');
});

test('raw progress: the failure has the last words, the lines and the output', () => {
  const failure = failureIn(read('raw', [['stderr', indented]], 1));
  assert.equal(failure.message, 'process "/bin/sh -c npm test\\n" did not complete successfully: exit code: 7');
  assert.deepEqual(failure.lines, { first: 7, last: 9 });
  assert.deepEqual(failure.output, ['100%', 'last']);
  assert.deepEqual([failure.exitCode, failure.step?.id], [7, test2]);
});

test("raw progress: the terminal reads BuildKit's plain progress, colours and all", () => {
  assert.equal(
    linesIn(read('raw', [['stderr', indented]], 1)),
    `#1 [internal] load build definition from Dockerfile
#1 DONE 0.2s
#1 transferring dockerfile: 2.35kB 0.1s done

#2 [deps 1/2] FROM docker.io/library/node:20
#2 CACHED

#3 [deps 2/2] RUN npm ci
#3 0.164 added 1
#3 0.300 added €
#3 DONE 2.5s

#4 ${testName}
#4 WARN: JSONArgsRecommended: use JSON
#4 0.500 \u001b[31mred\u001b[0m\r100%
#4 0.500 last
#4 ERROR: process "/bin/sh -c npm test\\n" did not complete successfully: exit code: 7

${excerpt.trimEnd()}`,
  );
});

test('raw progress: what is no status is text, and half an object is nothing', () => {
  const garbage =
    '{ this is no JSON\n{"vertexes": 5, "logs": [{"data": 7}], "statuses": [null]}\n{"a":"}\n}\n{{}\n\0\n';
  const events = read('raw', [['stderr', `${garbage}${onePerLine}{"vertexes":[{"digest`]], 1);
  assert.equal(failureIn(events).step?.id, test2);
  assert.match(linesIn(events), /^\{ this is no JSON$/m);
  assert.ok(!linesIn(events).includes('{"vertexes":[{"digest'));
  // An object that never ends does not swallow what follows it.
  const open = read('raw', [['stderr', `{\n  "vertexes": [\n${onePerLine}`]], 1);
  assert.equal(failureIn(open).step?.id, test2);
});

test('raw progress: of steps that fail together, the one that was not given up is to blame', () => {
  const error = 'process "/bin/sh -c exit 2" did not complete successfully: exit code: 2';
  const step = (digest: string, message: string) => ({
    vertexes: [{ digest, name: `[${digest} 2/2] RUN x`, started: at(0), completed: at(1), error: message }],
  });
  const said = [step('one', 'context canceled'), step('two', error), step('three', `rpc: ${error}: context canceled`)];
  const events = read('raw', [['stderr', said.map((value) => JSON.stringify(value)).join('\n')]], 1);
  assert.deepEqual(
    stepsIn(events).map(({ id, state }) => [id, state]),
    [
      ['one', 'cancelled'],
      ['two', 'failed'],
      ['three', 'cancelled'],
    ],
  );
  assert.equal(failureIn(events).message, error);
});

const plain = `#0 building with "default" instance using docker driver

#1 [internal] load build definition from Dockerfile
#1 transferring dockerfile: 235B done
#1 DONE 0.0s

#4 [deps 1/2] FROM docker.io/library/node:20
#4 sha256:c82853e9e653de4d443eb16412da00f6cf154acce1f6b99a3b093930fe19647d
#4 CACHED

#5 [deps 2/2] RUN npm ci
#5 0.164 added 1
#5 ...

#6 [app 2/3] COPY . .
#6 DONE 0.1s

#5 [deps 2/2] RUN npm ci
#5 0.300 ERROR: not the last word
#5 0.301
#5 DONE 2.5s

#7 [app 3/3] RUN <<EOF (npm test...)
#7 0.134 one
#7 0.135 two
#7 ERROR: process "/bin/sh -c npm test\\n" did not complete successfully: exit code: 7
------
 > [app 3/3] RUN <<EOF (npm test...):
#7 0.135 two
------
`;

test('plain progress: of buildx and of Docker 20.10', () => {
  const events = read('plain', [['stderr', plain + excerpt]], 1);
  assert.deepEqual(
    stepsIn(events).map(({ id, place, state, seconds }) => [id, place?.stage, place?.index, state, seconds]),
    [
      ['1', undefined, undefined, 'done', 0],
      ['4', 'deps', 1, 'cached', 0],
      ['5', 'deps', 2, 'done', 2.5],
      ['6', 'app', 2, 'done', 0.1],
      ['7', 'app', 3, 'failed', undefined],
    ],
  );
  assert.equal(outputOf(events, '5'), 'added 1\nERROR: not the last word\n\n');
  assert.equal(linesIn(events), (plain + excerpt).trimEnd());
  const failure = failureIn(events);
  assert.deepEqual(failure.lines, { first: 7, last: 9 });
  assert.deepEqual([failure.exitCode, failure.output], [7, ['one', 'two']]);
  const old = `${plain}process "/bin/sh -c npm test\\n" did not complete successfully: exit code: 7\n`;
  assert.deepEqual(failureIn(read('plain', [['stderr', old]], 1)), { ...withoutLines(failure) });
});

test('whatever the pieces it comes in, the events are the same', () => {
  const random = randomFrom(7);
  const cases: readonly (readonly [ReaderKind, Said, number])[] = [
    ['raw', [['stderr', onePerLine]], 1],
    ['raw', [['stderr', indented.replaceAll('\n', '\r\n')]], 1],
    ['plain', [['stderr', plain + excerpt]], 1],
  ];
  for (const [kind, said, code] of cases) {
    const whole = read(kind, said, code);
    for (let round = 0; round < 40; round++) {
      const longest = 1 + Math.floor(random() * (round < 3 ? 1 : 200));
      const pieces = said.flatMap(([stream, text]) =>
        cut(text, longest, random).map((piece) => [stream, piece] as const),
      );
      assert.deepEqual(read(kind, pieces, code), whole, `${kind}, pieces of at most ${longest}`);
    }
  }
});

test('no text makes a reader throw, and each failure has a message', () => {
  const random = randomFrom(11);
  const words = [
    '{',
    '}',
    '"',
    '\\',
    '\n',
    '\r',
    '#1 ',
    '[1/2] ',
    'STEP 1/2: ',
    'Step 1/2 : ',
    'ERROR: ',
    '   7 | >>> ',
    '\u001b[',
    'vertexes',
    ':',
    '[',
    '-----',
    'x',
  ];
  for (const kind of ['raw', 'plain', 'classic', 'podman'] as const) {
    for (let round = 0; round < 200; round++) {
      const text = Array.from({ length: 60 }, () => words[Math.floor(random() * words.length)]).join('');
      const failure = failureIn(read(kind, [[random() < 0.5 ? 'stdout' : 'stderr', text]], 1));
      assert.notEqual(failure.message.trim(), '');
    }
  }
});

test('a long line and a long log cost no more than their length', () => {
  const log = { logs: [{ vertex: install, stream: 1, data: base64('x'.repeat(1000)), timestamp: at(1) }] };
  const text = `${JSON.stringify(failing[4])}\n${`${JSON.stringify(log)}\n`.repeat(5000)}`;
  const taken = cpuTime(() => {
    const pieces = cut(text, 4000, randomFrom(1)).map((piece) => ['stderr', piece] as const);
    assert.equal(outputOf(read('raw', pieces, 1), install).length, 5_000_000);
  });
  assert.ok(taken < 5000, `${taken} ms`);
});

test('the place of a step is read from its name', () => {
  assert.deepEqual(placeIn('[3/3] RUN x\ny'), { index: 3, count: 3, instruction: 'RUN x\ny' });
  assert.deepEqual(placeIn('[build  2/12] COPY a b'), { stage: 'build', index: 2, count: 12, instruction: 'COPY a b' });
  assert.deepEqual(placeIn('[linux/arm/v7 2/2] RUN x')?.platform, 'linux/arm/v7');
  for (const name of ['[internal] load .dockerignore', 'exporting to image', '[auth] library/node:pull']) {
    assert.equal(placeIn(name), undefined);
  }
});

function withoutLines({ lines: _lines, ...rest }: BuildFailure): BuildFailure {
  return rest;
}
