import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReaderKind } from '../../../client/src/build/plan.ts';
import { cut, failureIn, randomFrom, read, stepsIn } from './read-progress.ts';

const classicOut = `Sending build context to Docker daemon  28.16kB
Step 1/7 : ARG VERSION=1
Step 2/7 : FROM node:20 AS deps
 ---> d923427d73ac
Step 3/7 : RUN npm ci
 ---> Using cache
 ---> a698e764fe5d
Step 4/7 : FROM node:20
 ---> d923427d73ac
Step 5/7 : ENV A=1
 ---> Running in 4887a1c3a241
 ---> Removed intermediate container 4887a1c3a241
 ---> 955af5231676
Step 6/7 : RUN npm test
 ---> Running in ff2b494b6335
one
\u001b[91mtwo
\u001b[0m`;
const classicErr = `DEPRECATED: The legacy builder is deprecated and will be removed in a future release.
            BuildKit is currently disabled; enable it by removing the DOCKER_BUILDKIT=0
            environment-variable.

The command '/bin/sh -c npm test' returned a non-zero code: 7
`;

test('the classic builder: counts in the stage, reads the cache, fails with the code', () => {
  const events = read(
    'classic',
    [
      ['stderr', `${classicErr.split('\n\n', 1).join('')}\n`],
      ['stdout', classicOut],
      ['stderr', classicErr],
    ],
    7,
  );
  assert.deepEqual(
    stepsIn(events).map(({ name, place, state }) => [name, place?.stage, place?.index, state]),
    [
      ['ARG VERSION=1', undefined, 1, 'done'],
      ['FROM node:20 AS deps', 'deps', 1, 'done'],
      ['RUN npm ci', 'deps', 2, 'cached'],
      ['FROM node:20', 'stage-1', 1, 'done'],
      ['ENV A=1', 'stage-1', 2, 'done'],
      ['RUN npm test', 'stage-1', 3, 'failed'],
    ],
  );
  const { message, exitCode, output, step } = failureIn(events);
  assert.equal(message, "The command '/bin/sh -c npm test' returned a non-zero code: 7");
  assert.deepEqual([exitCode, output, step?.name], [7, ['one', 'two'], 'RUN npm test']);
});

const podmanOut = `[1/2] STEP 1/2: FROM node:20 AS deps
[1/2] STEP 2/2: RUN npm ci
--> Using cache ee6554cdf7986b0abd9dd7debbad7420f8810e0285b2e61ae368ff21936add86
--> ee6554cdf79
[2/2] STEP 1/3: FROM node:20
[2/2] STEP 2/3: COPY . .
--> 800a55b6bb4
[2/2] STEP 3/3: RUN npm test
one
`;
const podmanErr = `two
Error: building at STEP "RUN npm test": while running runtime: exit status 7
`;

test('Podman: stages by number, what a RUN writes to stderr, and its own errors', () => {
  const events = read(
    'podman',
    [
      ['stdout', podmanOut],
      ['stderr', podmanErr],
    ],
    125,
  );
  assert.deepEqual(
    stepsIn(events).map(({ name, place, state }) => [name, place?.stage, place?.index, place?.count, state]),
    [
      ['FROM node:20 AS deps', 'deps', 1, 2, 'done'],
      ['RUN npm ci', 'deps', 2, 2, 'cached'],
      ['FROM node:20', 'stage-1', 1, 3, 'done'],
      ['COPY . .', 'stage-1', 2, 3, 'done'],
      ['RUN npm test', 'stage-1', 3, 3, 'failed'],
    ],
  );
  const { message, exitCode, output } = failureIn(events);
  assert.deepEqual([message, exitCode, output], ['while running runtime: exit status 7', 7, ['one', 'two']]);
});

test('whatever the pieces it comes in, the events are the same', () => {
  const random = randomFrom(5);
  for (const [kind, out, err, code] of [
    ['classic', classicOut, classicErr, 7],
    ['podman', podmanOut, podmanErr, 125],
  ] as const) {
    const whole = read(
      kind,
      [
        ['stdout', out],
        ['stderr', err],
      ],
      code,
    );
    for (let round = 0; round < 40; round++) {
      const longest = 1 + Math.floor(random() * (round < 3 ? 1 : 100));
      const pieces = (
        [
          ['stdout', out],
          ['stderr', err],
        ] as const
      ).flatMap(([stream, text]) => cut(text, longest, random).map((piece) => [stream, piece] as const));
      assert.deepEqual(read(kind, pieces, code), whole, `${kind}, pieces of at most ${longest}`);
    }
  }
});

test('last words without prefixes and the noise around them', () => {
  const message = (kind: ReaderKind, stderr: string): string => failureIn(read(kind, [['stderr', stderr]], 1)).message;
  const cases: readonly (readonly [ReaderKind, string, string])[] = [
    [
      'raw',
      'ERROR: failed to build: failed to solve: target stage "x" could not be found\n',
      'target stage "x" could not be found',
    ],
    [
      'raw',
      'ERROR: unable to prepare context: path "/x" not found\n\nView build details: docker-desktop://x\n',
      'path "/x" not found',
    ],
    [
      'raw',
      'ERROR: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF\n',
      'The builder stopped answering: error reading from server: EOF',
    ],
    [
      'raw',
      'ERROR: Multi-platform build is not supported for the docker driver.\nSwitch to a different driver\n',
      'Multi-platform build is not supported for the docker driver.\nSwitch to a different driver',
    ],
    [
      'raw',
      'ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref a::b: "/x": not found\n',
      '"/x": not found',
    ],
    [
      'plain',
      'invalid argument "A" for "-t, --tag" flag: invalid reference format\nSee \'docker build --help\'.\n',
      'invalid argument "A" for "-t, --tag" flag: invalid reference format',
    ],
    [
      'plain',
      'error: failed to solve: no space left on device\nFATA[0001] no image was built\n',
      'no space left on device',
    ],
    [
      'classic',
      'Error response from daemon: dockerfile parse error on line 3: unknown instruction: RUM\n',
      'dockerfile parse error on line 3: unknown instruction: RUM',
    ],
    [
      'podman',
      'time="2026-01-01T00:00:00Z" level=error msg="x"\nError: building at STEP "RUM ": Build error: Unknown instruction: "RUM" &imagebuilder.Step{Env:[]string{}}\n',
      'Unknown instruction: "RUM"',
    ],
    ['raw', '', 'The builder gave no reason'],
  ];
  for (const [kind, stderr, expected] of cases) assert.equal(message(kind, stderr), expected);
  assert.deepEqual(failureIn(read('classic', [['stderr', cases[7]?.[1] ?? '']], 1)).lines, { first: 3, last: 3 });
});
