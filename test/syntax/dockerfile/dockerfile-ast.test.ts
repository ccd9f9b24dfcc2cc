import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { DockerfileParser } from 'dockerfile-ast';
import { parseTree } from '../../../server/src/syntax/dockerfile/parse.ts';
import { linesOf, positionAt } from '../../../server/src/text/lines.ts';

/** `line keyword` of every instruction. */
const ours = (text: string): string[] => {
  const lines = linesOf(text);
  return parseTree(text).instructions.map(({ range, keyword }) => `${positionAt(lines, range.start).line} ${keyword}`);
};
const theirs = (text: string): string[] =>
  DockerfileParser.parse(text)
    .getInstructions()
    .map((instruction) => `${instruction.getRange().start.line} ${instruction.getKeyword()}`);

// Our own reading of lines stands in for the library's on nearly every file: on what both can read they must agree.
suite('dockerfile-ast sees the same instructions', () => {
  const root = join(import.meta.dirname, '../../..');
  for (const sample of ['samples/api/Dockerfile', 'samples/web/Dockerfile', 'samples/worker/Dockerfile']) {
    test(`in ${sample}`, () => {
      const text = readFileSync(join(root, sample), 'utf8');
      assert.ok(ours(text).length > 0);
      assert.deepEqual(ours(text), theirs(text));
    });
  }

  const texts: readonly string[] = [
    '# escape=`\nFROM a\nRUN b `\n  c\nCOPY d `\n\n  e\n',
    'from a\r\nrun b \\\r\n # c\r\n && d\r\n\r\ncmd ["e"]\r\n',
    'FROM a\nRUN <<EOF\nRUN not\nEOF\nCOPY <<-"X" <<Y /z\n\tone\n\tX\ntwo\nY\nUSER u',
    'ONBUILD RUN a \\\n b\nHEALTHCHECK --interval=1s \\\n CMD c\nWRONG d\n"odd" e\nFRO\\\nM f\n',
    '',
    '# only a comment',
    'FROM',
  ];
  for (const text of texts) test(JSON.stringify(text), () => assert.deepEqual(ours(text), theirs(text)));

  test('but for the heredocs it does not know', () => {
    const text = 'FROM a\nRUN 3<<EOF cat\nRUN not\nEOF\nUSER u\n';
    assert.deepEqual(ours(text), ['0 FROM', '1 RUN', '4 USER']);
    assert.notDeepEqual(ours(text), theirs(text));
  });
});
