import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildFailure, StepPlace } from '../../../client/src/build/build.ts';
import { placeOfFailure } from '../../../client/src/build/failure/place.ts';
import { dockerfileOf } from '../../../client/src/dockerfile-model.ts';

/** The line, counted from 1, and what is marked on it. */
function marked(text: string, failure: Partial<BuildFailure>): string {
  const { range } = placeOfFailure({ message: '', output: [], ...failure }, dockerfileOf(text));
  const line = text.slice(0, range.start).split('\n').length;
  return `${line}: ${text.slice(range.start, range.end)}`;
}

function step(name: string): Pick<BuildFailure, 'step'> {
  const [, stage, index = '0', count = '0', instruction = ''] = /^\[(?:(\S+) )?(\d+)\/(\d+)\] ([^]*)$/.exec(name) ?? [];
  const place: StepPlace = {
    ...(stage !== undefined && { stage }),
    index: Number(index),
    count: Number(count),
    instruction,
  };
  return { step: { id: 'one', name, place, state: 'failed' } };
}

const cases: readonly (readonly [title: string, text: string, failure: Partial<BuildFailure>, expected: string])[] = [
  [
    "the builder's own lines point at the instruction, through continuations",
    'FROM a\nRUN one && \\\n    # why\n    two\nRUN three\n',
    { lines: { first: 2, last: 4 }, exitCode: 1 },
    '2: RUN one &&',
  ],
  [
    'lines of a heredoc point at its instruction',
    'FROM a\nRUN <<EOF\none\ntwo\nEOF\nRUN three\n',
    { lines: { first: 2, last: 5 }, exitCode: 1 },
    '2: RUN <<EOF',
  ],
  [
    'lines that are about another instruction than the command do not count',
    'FROM a\nCOPY a b\nRUN one\n',
    { lines: { first: 2, last: 2 }, exitCode: 1, ...step('[3/3] RUN one') },
    '3: RUN one',
  ],
  [
    'a step of a named stage, whose name the builder writes in lower case',
    'FROM a AS Build\nENV A=1\nWORKDIR /x\nRUN one\nFROM a\nWORKDIR /x\nRUN one\n',
    step('[build 3/3] RUN one'),
    '4: RUN one',
  ],
  [
    'a step of a stage without a name',
    'FROM a AS Build\nRUN one\nFROM a\nWORKDIR /x\nRUN one\n',
    step('[stage-1 3/3] RUN one'),
    '5: RUN one',
  ],
  [
    'a stage from scratch has no step for its FROM',
    'FROM scratch\nCOPY a /\nCOPY a /\n',
    step('[2/2] COPY a /'),
    '3: COPY a /',
  ],
  [
    'a stage from an earlier stage has no step for its FROM',
    'FROM a AS one\nFROM one\nRUN x\nRUN x\n',
    step('[stage-1 2/2] RUN x'),
    '4: RUN x',
  ],
  [
    'the classic builder counts every instruction of the file',
    'ARG X=1\nFROM a AS one\nENV A=b\nRUN x\nFROM a\nRUN x\n',
    step('[6/6] RUN x'),
    '6: RUN x',
  ],
  [
    'the classic builder counts other instructions of a single stage, too',
    'FROM a\nRUN x\nENV A=b\nRUN x\nRUN x\n',
    step('[4/5] RUN x'),
    '4: RUN x',
  ],
  [
    'Podman counts every instruction of a stage',
    'FROM a AS one\nRUN x\nFROM a\nENV A=b\nRUN x\nRUN x\n',
    step('[stage-1 3/4] RUN x'),
    '5: RUN x',
  ],
  ['steps of the base image put the count out of place', 'FROM a\nRUN x\nRUN y\n', step('[5/3] RUN y'), '3: RUN y'],
  ['a step that only the base image has is about FROM', 'FROM a\nRUN x\n', step('[2/2] COPY src /ob'), '1: a'],
  [
    'variables are replaced in what the builder shows',
    'FROM a\nRUN z\nCOPY $SRC /x\n',
    step('[3/3] COPY app.js /x'),
    '3: COPY $SRC /x',
  ],
  [
    'without quotes the builder shows JSON',
    'FROM a\nCOPY ["a b", "/x"]\n',
    step('[2/2] COPY [a b, /x]'),
    '2: COPY ["a b", "/x"]',
  ],
  [
    'a missing source is marked alone, in a COPY over several lines',
    'FROM a\nCOPY a.txt \\\n  hidden.txt \\\n  /app/\n',
    { message: '"/hidden.txt": not found', lines: { first: 2, last: 4 } },
    '3: hidden.txt',
  ],
  [
    "of two steps that failed the one is marked that the builder's last word is about",
    'FROM a\nCOPY a.txt /\nCOPY b.txt /\n',
    { message: '"/b.txt": not found', ...step('[2/3] COPY a.txt /') },
    '3: b.txt',
  ],
  [
    'a missing source in a JSON array is marked without its quotes',
    'FROM a\nCOPY ["a", "./no pe.txt", "/x/"]\n',
    {
      message: 'failed to compute cache key: failed to calculate checksum of ref a::b: "/no pe.txt": not found',
      ...step('[2/2] COPY [a, ./no pe.txt, /x/]'),
    },
    '2: ./no pe.txt',
  ],
  [
    'the classic builder names a missing source without a slash',
    'FROM a\nADD a.txt b.txt /x/\n',
    {
      message:
        'ADD failed: file not found in build context or excluded by .dockerignore: stat b.txt: file does not exist',
      ...step('[2/2] ADD a.txt b.txt /x/'),
    },
    '2: b.txt',
  ],
  [
    'the source of a bind mount',
    'FROM a\nRUN --mount=type=bind,source=nofile,target=/x true\n',
    { message: '"/nofile": not found', ...step('[stage-0 2/2] RUN --mount=type=bind,source=nofile,target=/x true') },
    '2: nofile',
  ],
  [
    'a source named twice is not marked: it may be either',
    'FROM a\nCOPY x x /x/\n',
    { message: '"/x": not found', ...step('[2/2] COPY x x /x/') },
    '2: COPY x x /x/',
  ],
  [
    'a source behind a variable',
    'FROM a\nARG DIR=dist\nCOPY ${DIR}/app /x\n',
    { message: '"/dist/app": not found', ...step('[2/2] COPY dist/app /x') },
    '3: ${DIR}/app',
  ],
  [
    'a base image that cannot be had',
    'FROM a AS build\nFROM alpin:3.99\nRUN x\n',
    { message: 'alpin:3.99: failed to resolve source metadata for docker.io/library/alpin:3.99: no such host' },
    '2: alpin:3.99',
  ],
  [
    'a base image that the classic builder cannot have',
    'FROM a AS build\nFROM alpin:3.99 AS x\n',
    { message: 'pull access denied for alpin, repository does not exist', ...step('[2/2] FROM alpin:3.99 AS x') },
    '2: alpin:3.99',
  ],
  [
    'a stage that COPY names and that is none',
    'FROM a AS build\nFROM a\nCOPY --from=biuld --link /x /x\n',
    { message: 'biuld: failed to resolve source metadata for docker.io/library/biuld:latest: no such host' },
    '3: biuld',
  ],
  [
    'the same, with the lines of the builder and by the classic builder',
    'FROM a AS build\nFROM a\nCOPY --from=biuld /x /x\n',
    {
      message: 'invalid from flag value biuld: Get "https://x/": no such host',
      ...step('[3/3] COPY --from=biuld /x /x'),
    },
    '3: biuld',
  ],
  [
    'the image of a syntax directive',
    '# syntax=docker/dockerfile:1.99\nFROM a\n',
    { message: 'failed to resolve source metadata for docker.io/docker/dockerfile:1.99: no such host' },
    '1: docker/dockerfile:1.99',
  ],
  [
    'a FROM whose variable is blank',
    'FROM a AS x\nARG BASE\nFROM ${BASE} AS y\n',
    { message: 'base name (${BASE}) should not be blank' },
    '3: ${BASE}',
  ],
  [
    'an unknown instruction',
    'FROM a\nRUN true\nCOPPY a b\n',
    { message: 'dockerfile parse error on line 3: unknown instruction: COPPY (did you mean COPY?)' },
    '3: COPPY',
  ],
  [
    'an unknown flag',
    'FROM a\nCOPY --frm=x a b\n',
    { message: 'dockerfile parse error on line 2: unknown flag: frm (did you mean from?)' },
    '2: frm',
  ],
  ['an unterminated heredoc', 'FROM a\nRUN cat <<EOF\necho\n', { message: 'unterminated heredoc' }, '2: <<EOF'],
  [
    'what comes before the first FROM',
    'ARG A\nRUN true\nFROM a\n',
    { message: 'no build stage in current context' },
    '2: RUN true',
  ],
  ['a file without instructions', '# nothing\n', { message: 'file with no instructions' }, '1: # nothing'],
  ['an empty file', '', { message: 'file with no instructions' }, '1: '],
  [
    'half a variable',
    'FROM a\nENV X=$Y\nENV Y=${A+\n',
    { message: 'failed to process "${A+": syntax error: missing \'}\'', lines: { first: 3, last: 3 } },
    '3: ${A+',
  ],
  [
    'half a variable, of a builder that says nothing more',
    'FROM a\nENV X=$Y\nENV Y=${A+\n',
    { message: 'failed to process "${A+": syntax error: missing \'}\'' },
    '3: ${A+',
  ],
  [
    'an unknown target is about the stage that is most like it',
    'FROM a AS build\nFROM a AS test\n',
    { message: 'target stage "bulid" could not be found' },
    '1: build',
  ],
  [
    'an unknown target without named stages',
    'FROM a\n',
    { message: 'target stage "x" could not be found' },
    '1: FROM a',
  ],
  [
    'a secret that was not given',
    'FROM a\nRUN --mount=type=secret,id=tok,required=true true\n',
    {
      message: 'secret tok: not found',
      lines: { first: 2, last: 2 },
    },
    '2: tok',
  ],
  [
    'a message that repeats the command',
    'FROM a\nRUN one\nRUN two\n',
    {
      message: 'process "/bin/sh -c two" did not complete successfully: exit code: 1',
      exitCode: 1,
    },
    '3: RUN two',
  ],
  ['a message about nothing that is in the file', 'FROM a\nRUN one\n', { message: 'something else' }, '1: FROM a'],
];

for (const [title, text, failure, expected] of cases) {
  test(title, () => {
    assert.equal(marked(text, failure), expected);
    const windows = marked(text.replaceAll('\n', '\r\n'), failure);
    assert.equal(windows, expected, 'the same with the line ends of Windows');
  });
}
