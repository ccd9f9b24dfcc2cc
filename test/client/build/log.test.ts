import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildEvent, BuildOutcome, Step } from '../../../client/src/build/build.ts';
import { buildLog, type AboutEnd } from '../../../client/src/build/log.ts';

const about = {
  dockerfile: '/shop/Dockerfile',
  text: 'FROM node\nWORKDIR /app\nRUN npm ci && \\\n    npm test\nUSER node\n',
};

test('a step is one line, with its output below', () => {
  const npm = step('3', 3, 'RUN npm ci');
  const drawn = draw(
    [
      { kind: 'step', step: { ...step('1', 1, 'FROM node'), state: 'cached' } },
      { kind: 'step', step: { ...step('2', 2, 'WORKDIR /app'), state: 'running' } },
      { kind: 'step', step: { ...step('2', 2, 'WORKDIR /app'), state: 'done', seconds: 0.1 } },
      { kind: 'step', step: { ...npm, state: 'running' } },
      { kind: 'output', step: '3', text: 'added 12 pack' },
      { kind: 'output', step: '3', text: 'ages\nno trouble' },
      { kind: 'step', step: { ...npm, state: 'done', seconds: 12.3 } },
    ],
    {
      kind: 'built',
      image: { id: 'sha256:1', tags: ['shop:1a2b3c4'] },
      seconds: 13.2,
      steps: [
        { ...step('1', 1, 'FROM node'), state: 'done' },
        { ...step('2', 2, 'WORKDIR /app'), state: 'cached' },
        { ...npm, state: 'done' },
      ],
    },
    { size: 182_300_000 },
  );
  assert.equal(
    drawn,
    `\
<b>Build 'shop'</>
<dim>docker build .</>

<b>1/3 FROM node</>  <cyan>CACHED</>
<b>2/3 WORKDIR /app</>  <green>✔</> <dim>0.1 s</>
<b>3/3 RUN npm ci</>
  added 12 packages
  no trouble
  <green>✔</> <dim>12 s</>

<green>✔</> <b>Built shop:1a2b3c4</>
  <dim>13 s, 1 of 2 steps cached, 182 MB</>
`,
  );
});

test('a base image that is looked up twice is told once, and again when it was fetched', () => {
  const from = step('1', 1, 'FROM node');
  const lookedUp: readonly BuildEvent[] = [
    { kind: 'step', step: { ...from, state: 'running' } },
    { kind: 'step', step: { ...from, state: 'done', seconds: 0.01 } },
    { kind: 'step', step: { ...from, state: 'running' } },
  ];
  const line = '<b>1/3 FROM node</>  <green>✔</> <dim>';
  const cached = draw([...lookedUp, { kind: 'step', step: { ...from, state: 'cached' } }], { kind: 'cancelled' });
  assert.deepEqual(cached.match(/.*FROM.*/g), [`${line}0.0 s</>`]);
  const fetched: BuildEvent = { kind: 'step', step: { ...from, state: 'done', seconds: 12 } };
  const both = draw([...lookedUp, fetched], { kind: 'cancelled' });
  assert.deepEqual(both.match(/.*FROM.*/g), [`${line}0.0 s</>`, `${line}12 s</>`]);
});

test('steps that run at the same time are told apart', () => {
  const [one, two] = [step('1', 2, 'RUN one', 'a'), step('2', 2, 'RUN two', 'b')];
  const drawn = draw(
    [
      { kind: 'step', step: { ...one, state: 'running' } },
      { kind: 'step', step: { ...two, state: 'running' } },
      { kind: 'output', step: '1', text: 'first\n' },
      { kind: 'output', step: '2', text: 'second\n' },
      { kind: 'step', step: { ...one, state: 'done', seconds: 1 } },
      { kind: 'step', step: { ...two, state: 'cancelled' } },
    ],
    { kind: 'cancelled' },
  );
  assert.equal(
    drawn,
    `\
<b>Build 'shop'</>
<dim>docker build .</>

<b>a 2/3 RUN one</>
<b>b 2/3 RUN two</>
<dim>a 2/3 RUN one</>
  first
<dim>b 2/3 RUN two</>
  second
<b>a 2/3 RUN one</>  <green>✔</> <dim>1.0 s</>
<b>b 2/3 RUN two</>  <yellow>cancelled</>

<yellow>Cancelled</>
`,
  );
});

test('a failure ends with its place in the Dockerfile and its reason', () => {
  const npm = step('3', 3, 'RUN npm ci');
  const failed = { ...npm, state: 'failed', seconds: 2.04 } as const;
  const failure = {
    message: 'process did not complete',
    step: failed,
    output: ['npm error'],
    lines: { first: 3, last: 4 },
    exitCode: 1,
  };
  const events: readonly BuildEvent[] = [
    { kind: 'step', step: { ...npm, state: 'running' } },
    { kind: 'output', step: '3', text: 'npm error\n' },
    { kind: 'step', step: failed },
  ];
  const outcome: BuildOutcome = { kind: 'failed', seconds: 3, steps: [], failure };
  const place = `\
  /shop/Dockerfile:3
<dim>     1 │ FROM node</>
<dim>     2 │ WORKDIR /app</>
<b>>    3 │ RUN npm ci && \\</>
<b>>    4 │     npm test</>
<dim>     5 │ USER node</>
`;
  assert.equal(
    draw(events, outcome, { headline: "'RUN' failed with exit code 1", advice: 'Try again' }),
    `\
<b>Build 'shop'</>
<dim>docker build .</>

<b>3/3 RUN npm ci</>
  npm error
  <red>✖ 2.0 s</>

${place}
<red>✖</> <b>'RUN' failed with exit code 1</>
  Try again
`,
  );
  const other = step('2', 2, 'RUN npm test', 'tests');
  const others: readonly BuildEvent[] = [
    { kind: 'step', step: { ...other, state: 'running' } },
    { kind: 'step', step: { ...other, state: 'cancelled' } },
  ];
  const drawn = draw([...events, ...others], outcome);
  assert.ok(
    drawn.endsWith(`${place}\n  <red>│</> npm error\n\n<red>✖</> <b>process did not complete</>\n`),
    `the output is told again when others came after it:\n${drawn}`,
  );
});

test('what fails before there is a step is told in the words of the builder', () => {
  const drawn = draw([{ kind: 'line', text: 'ERROR: no such context' }], {
    kind: 'failed',
    seconds: 0,
    steps: [],
    failure: { message: 'no such context', output: [] },
  });
  assert.match(drawn, /^ {2}ERROR: no such context\n\n<red>✖<\/> <b>no such context<\/>$/m);
});

test('what the builder does besides is told only when it takes time, and warnings always', () => {
  const load: Step = { id: '9', name: '[internal] load build context', state: 'running' };
  const drawn = draw(
    [
      { kind: 'step', step: load },
      { kind: 'step', step: { ...load, state: 'done', seconds: 0.1 } },
      { kind: 'step', step: { ...load, id: '10', name: 'exporting to image', state: 'running' } },
      { kind: 'step', step: { ...load, id: '10', name: 'exporting to image', state: 'done', seconds: 4.2 } },
      { kind: 'line', text: '#10 WARN: the cache is old' },
    ],
    { kind: 'cancelled' },
  );
  assert.doesNotMatch(drawn, /load build context/);
  assert.match(
    drawn,
    /^<dim>exporting to image<\/> {2}<green>✔<\/> <dim>4\.2 s<\/>\n<yellow>WARN: the cache is old<\/>$/m,
  );
});

test('output may colour its lines, but not move the cursor, set titles or write to the clipboard', () => {
  const run = step('1', 1, 'RUN evil');
  const evil =
    '\u001b[31mred\u001b[0m\u001b[2J\u001b]52;c;aGk=\u0007\u001b]0;title\u001b\\ 10%\r\u001b[32m 90%\u0008!\n';
  const drawn = draw(
    [
      { kind: 'step', step: { ...run, state: 'running' } },
      { kind: 'output', step: '1', text: evil },
      { kind: 'output', step: '1', text: '\u001b[31mred\u001b]0;title\u001b\\\u001b[H plain\u0007\r\n' },
    ],
    { kind: 'cancelled' },
  );
  assert.match(drawn, /^ {2}<green> 90%\ufffd!<\/>\n {2}<red>red plain\ufffd<\/>$/m);
});

function step(
  id: string,
  index: number,
  instruction: string,
  stage?: string,
): Omit<Step, 'state'> & { state: 'waiting' } {
  const place = { index, count: 3, instruction, ...(stage !== undefined && { stage }) };
  return { id, name: `[${index}/3] ${instruction}`, place, state: 'waiting' };
}

/** The terminal's text, colours in words. */
function draw(events: readonly BuildEvent[], outcome: BuildOutcome, more: Partial<AboutEnd> = {}): string {
  const log = buildLog();
  const text = [
    log.start("Build 'shop'", 'docker build .'),
    ...events.map((event) => log.add(event)),
    log.end(outcome, { ...about, ...more }),
  ].join('');
  const names: Readonly<Record<string, string>> = {
    0: '/',
    1: 'b',
    2: 'dim',
    31: 'red',
    32: 'green',
    33: 'yellow',
    36: 'cyan',
  };
  return text.replaceAll(/\u001b\[(\d+)m/g, (_, code: string) => `<${names[code] ?? code}>`).replaceAll('\r\n', '\n');
}
