import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { dockerfileGrammar } from '../../scripts/generate/grammar/grammar.ts';
import { mistakes } from './drawn-scopes.ts';
import { tokenizer } from './tokenize.ts';

const folder = new URL('fixtures/', import.meta.url);
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.Dockerfile'));
const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const tokenize = await tokenizer();

suite('grammar of Dockerfiles', () => {
  for (const name of fixtures) {
    test(name, () => assert.deepEqual(mistakes(read(`fixtures/${name}`), tokenize), []));
  }

  test('is the generated one', () => {
    assert.deepEqual(
      JSON.parse(read('../../syntaxes/dockerfile.tmLanguage.json')),
      JSON.parse(JSON.stringify(dockerfileGrammar)),
      "syntaxes/dockerfile.tmLanguage.json is stale: run 'npm run generate'",
    );
  });

  test('finds the end of every instruction and heredoc where the editor has no grammar for what is inside', async () => {
    const bare = await tokenizer('missing');
    const text =
      "RUN <<EOF\necho 'x\nEOF\nRUN echo 'x \\\n  y\nCOPY <<A <<B /\n{\nA\n}\nB\nRUN <<EOF python3\nx\nEOF\nUSER x";
    const keywords = bare(text).map((tokens) => tokens[0]?.scopes.includes('keyword.other.special-method.dockerfile'));
    const starts = text.split('\n').map((line) => /^(?:RUN|COPY|USER) /.test(line));
    assert.deepEqual(keywords, starts);
  });

  test('takes no time over long and strange lines', () => {
    const lines = [
      `RUN ${'echo "a\\"b" \'c\' <<x; '.repeat(2000)}`,
      `RUN ${'"'.repeat(5001)} <<EOF`,
      `RUN [${'"a\\\\", '.repeat(3000)}`,
      `RUN ${'--mount=type=cache,target='.repeat(1000)}`,
      `FROM ${'a/'.repeat(5000)}b:${'c'.repeat(5000)}`,
      `ENV ${'A="${B:-${C:-'.repeat(100)}`,
      `COPY <<EOF ${'/x.y'.repeat(4000)}`,
      `# hadolint ignore=${'DL3006, '.repeat(2000)}`,
      `HEALTHCHECK --interval=${'1h'.repeat(5000)}x`,
    ];
    tokenize(lines.join('\n'));
    for (const line of lines) {
      const start = performance.now();
      tokenize(line);
      const milliseconds = performance.now() - start;
      assert.ok(milliseconds < 1000, `${milliseconds.toFixed(0)} ms for ${line.slice(0, 40)}`);
    }
  });
});
