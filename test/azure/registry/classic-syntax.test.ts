import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classicProblem } from './classic-syntax.ts';

test('takes the lines of heredocs for instructions, as the classic builder does', () => {
  assert.match(classicProblem('FROM a\nRUN <<EOF\n\n# note\nset -e\nEOF\n') ?? '', /line 5: unknown instruction: SET$/);
  assert.match(
    classicProblem('FROM a\nCOPY --chmod=755 <<-"END" /run.sh\n#!/bin/sh\necho\nEND') ?? '',
    /line 4: .*: ECHO$/,
  );
  assert.match(classicProblem('RUN cat <<EOF | sh\ntrue\nEOF') ?? '', /line 2/);
});

test('leaves alone what is no heredoc', () => {
  for (const line of ['RUN cat <<<word', 'RUN echo $((1<<3))', 'RUN true', 'LABEL a="<<EOF"']) {
    assert.equal(classicProblem(`FROM a\n${line}\ntrue`), undefined, line);
  }
});

test('knows no newer flags', () => {
  assert.match(classicProblem('FROM a\nCOPY --from=b --link /x /y\n') ?? '', /line 2: Unknown flag: link$/);
  assert.match(classicProblem('ADD --checksum=sha256:1 https://a /y') ?? '', /Unknown flag: checksum$/);
  assert.equal(classicProblem('COPY --from=b --chown=1:1 /x /y'), undefined);
});
