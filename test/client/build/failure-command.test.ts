import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeOfFailure } from '../../../client/src/build/failure/place.ts';
import { dockerfileOf } from '../../../client/src/dockerfile-model.ts';

/** What is marked in a RUN that ended with this code and output. */
function marked(run: string, exitCode: number, ...output: readonly string[]): string {
  const text = `FROM a\n${run}\n`;
  const last = text.split('\n').length - 1;
  const failure = { message: `exit code: ${exitCode}`, exitCode, output, lines: { first: 2, last } };
  const { range } = placeOfFailure(failure, dockerfileOf(text));
  return text.slice(range.start, range.end);
}

const notFound = '/bin/sh: foo: not found';

test('a program that busybox, dash, bash or the runtime did not find is marked', () => {
  const run = 'RUN echo a && \\\n    foo --bar \\\n    && echo no';
  assert.equal(marked(run, 127, notFound, 'a'), 'foo');
  assert.equal(marked(run, 127, '/bin/sh: 1: foo: not found'), 'foo');
  assert.equal(marked(run, 127, '/bin/bash: line 1: foo: command not found'), 'foo');
  assert.equal(marked(run, 127, 'sh: foo: not found'), 'foo');
  assert.equal(
    marked('RUN ["foo", "a"]', 1, 'runc run failed: exec: "foo": executable file not found in $PATH'),
    'foo',
  );
  assert.equal(marked('RUN A=1 "foo" x', 127, notFound), '"foo"');
});

test('in a heredoc, too', () => {
  assert.equal(marked('RUN <<EOF\nset -e\necho one\nfoo\nEOF', 127, notFound), 'foo');
  assert.equal(marked('RUN <<EOF\n#!/bin/bash -e\necho one\n  foo # bar\n  bar\nEOF', 127, notFound), 'foo');
  assert.equal(marked('RUN <<EOF\nset -e\nexit 3\nEOF', 3), 'exit 3');
});

test('the first of several is the one that ran', () => {
  const run = 'RUN foo 1 && foo 2';
  const { range } = placeOfFailure(
    { message: '', exitCode: 127, output: [notFound], lines: { first: 2, last: 2 } },
    dockerfileOf(`FROM a\n${run}\n`),
  );
  assert.equal(range.start, 'FROM a\nRUN '.length);
});

test('a program whose failure decides nothing is not marked', () => {
  const first = (run: string): string => run.split('\n')[0] ?? '';
  for (const run of [
    'RUN foo || true; npm test',
    'RUN foo; npm test',
    'RUN if foo; then bar; fi',
    'RUN foo | cat && npm test',
    'RUN (foo; bar)',
    'RUN <<EOF\nfoo\nnpm test\nEOF',
    'RUN <<EOF\n#!/usr/bin/env python3\nfoo\nEOF',
    'RUN echo "unclosed && foo',
  ]) {
    assert.equal(marked(run, 127, notFound), first(run));
  }
});

test('set -e makes every line decide', () => {
  assert.equal(marked('RUN set -eux; foo; npm test', 127, notFound), 'foo');
  assert.equal(marked('RUN set -e; foo && bar; npm test', 127, notFound), 'RUN set -e; foo && bar; npm test');
});

test('a package that there is none of is marked', () => {
  const apt = 'RUN apt-get update && apt-get install -y \\\n    curl \\\n    nosuch=1.2';
  assert.equal(marked(apt, 100, 'E: Unable to locate package nosuch'), 'nosuch=1.2');
  assert.equal(marked('RUN apk add curl nosuch', 1, '  nosuch (no such package):'), 'nosuch');
  assert.equal(
    marked('RUN pip install a nosuch==99', 1, 'ERROR: No matching distribution found for nosuch==99'),
    'nosuch==99',
  );
});

test('a command that says why it gives up is marked', () => {
  assert.equal(
    marked('RUN echo a && mkdir /zzz && echo b', 1, "mkdir: can't create directory '/zzz': Permission denied"),
    'mkdir /zzz',
  );
  assert.equal(marked('RUN cd /app && npm ci && npx tsc', 1, 'npm error code EUSAGE'), 'npm ci');
  assert.equal(marked('RUN ls && git clone x && echo', 128, 'fatal: unable to access'), 'git clone x');
  assert.equal(marked('RUN curl -f x | sh', 22, 'curl: (22) 404'), 'RUN curl -f x | sh');
  assert.equal(marked('RUN mkdir a && mkdir b', 1, 'mkdir: b: File exists'), 'RUN mkdir a && mkdir b');
  assert.equal(marked('RUN cat x; npm test', 1, 'cat: x: No such file or directory'), 'RUN cat x; npm test');
});

test('the one command that can have ended like this is marked', () => {
  assert.equal(marked('RUN echo a && false', 1), 'false');
  assert.equal(marked('RUN set -ex; mkdir -p /x; make', 7), 'make');
  assert.equal(marked('RUN mkdir -p /x && make', 1), 'RUN mkdir -p /x && make');
  assert.equal(marked('RUN echo a && exit 4', 3), 'RUN echo a && exit 4');
});

test("the chain's own words tell how far it came", () => {
  const chain = 'RUN echo "one here" && make a && echo "two here" && make b && echo three here && make c';
  assert.equal(marked(chain, 3, 'one here', 'some', 'two here', 'more'), 'make b');
  assert.equal(marked(chain, 3, 'one here'), 'make a');
  assert.equal(marked(chain, 3, 'three here', 'one here', 'two here'), 'make c');
  const unheard = 'RUN make a && echo "one here" > /log && make b';
  assert.equal(marked(unheard, 3, 'x'), unheard);
  const toStandardError = 'RUN make a && echo "one here" >&2 && make b';
  assert.equal(marked(toStandardError, 3, 'one here'), 'make b');
  const twice = 'RUN echo "one here" && make a && echo "one here" && make b';
  assert.equal(marked(twice, 3, 'one here'), twice);
  const variable = 'RUN make a && echo "at $PWD" && make b';
  assert.equal(marked(variable, 3, 'at /'), variable);
  const long = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  assert.equal(marked(chain, 3, ...long), chain, 'what was said before is not known');
});

test('set -x tells which command was the last', () => {
  const run = 'RUN set -eux; make a; make "b $X" --c; make d';
  assert.equal(marked(run, 2, '+ make a', 'done', "+ make 'b 1' --c", 'broken'), 'make "b $X" --c');
  assert.equal(marked(run, 2, '+ something else'), run);
});
