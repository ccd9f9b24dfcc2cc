import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

interface OnEnterRule {
  readonly beforeText: string;
  readonly previousLineText?: string;
  readonly action: { readonly indent: string };
}

const configuration = JSON.parse(
  readFileSync(new URL('../../syntaxes/dockerfile.language-configuration.json', import.meta.url), 'utf8'),
) as { readonly onEnterRules: readonly OnEnterRule[]; readonly wordPattern: string };

const indentAfter = (line: string, previous = ''): string | undefined =>
  configuration.onEnterRules.find(
    ({ beforeText, previousLineText = '' }) =>
      new RegExp(beforeText).test(line) && new RegExp(previousLineText).test(previous),
  )?.action.indent;

test('Enter indents below the first continued line, and goes back after the last', () => {
  assert.equal(indentAfter('RUN a && \\'), 'indent');
  assert.equal(indentAfter('RUN dir `'), 'indent');
  assert.equal(indentAfter('    b && \\', 'RUN a && \\'), undefined);
  assert.equal(indentAfter('    c', '    b && \\'), 'outdent');
  assert.equal(indentAfter('    # comment', 'RUN a && \\'), undefined);
  assert.equal(indentAfter('# a comment \\'), undefined);
  assert.equal(indentAfter('RUN a'), undefined);
});

test('a word may have dashes', () => {
  const words = 'COPY --from=build-stage $NAME:apt-get /a.b'.match(new RegExp(configuration.wordPattern, 'g'));
  assert.deepEqual(words, ['COPY', '--from', 'build-stage', 'NAME', 'apt-get', 'a', 'b']);
});
