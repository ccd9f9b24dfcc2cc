import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { dockerfileGrammar } from '../../scripts/generate/grammar/grammar.ts';
import { mistakes } from './drawn-scopes.ts';
import { tokenizer, type Tokenize } from './tokenize.ts';

const folder = new URL('fixtures/', import.meta.url);
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.Dockerfile'));
const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const tokenize = await tokenizer();

const unclosed =
  "RUN <<EOF\necho 'x\nEOF\nRUN echo 'x \\\n  y\nCOPY <<A <<B /\n{\nA\n}\nB\nRUN <<EOF python3\nx\nEOF\nCMD echo 'x";
const instructionLines = (text: string): boolean[] =>
  text.split('\n').map((line) => /^(?:RUN|CMD|COPY|ENV|USER) /.test(line));
const keywordLines = (text: string, tokens: Tokenize): boolean[] =>
  tokens(text).map(([first]) => first?.scopes.includes('keyword.other.special-method.dockerfile') ?? false);

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
    const text = `${unclosed}\nUSER x`;
    assert.deepEqual(keywordLines(text, await tokenizer('missing')), instructionLines(text));
  });

  test('finds the instructions in a block of Markdown', async () => {
    const text = `~~~dockerfile\n\n${unclosed}\n# ENV\nENV A=b\n\nUSER x\n~~~\nRUN out\nUSER side`;
    const expected = instructionLines(text.split('\nRUN out')[0] ?? '');
    assert.deepEqual(keywordLines(text, await tokenizer('stand-ins', 'text.html.markdown')), [
      ...expected,
      false,
      false,
    ]);
  });

  test('takes no time over long and strange lines', () => {
    const lines = [
      `RUN ${'echo "a\\"b" \'c\' <<x; '.repeat(1000)}`,
      `RUN ${'"'.repeat(5001)} <<EOF`,
      `RUN [${'"a\\\\", '.repeat(1000)}`,
      `RUN ${'--mount=type=cache,target='.repeat(1000)}`,
      `FROM ${'a/'.repeat(5000)}b:${'c'.repeat(5000)}`,
      `ENV ${'A="${B:-${C:-'.repeat(100)}`,
      `COPY <<EOF ${'/x.y'.repeat(4000)}`,
      `# hadolint ignore=${'DL3006, '.repeat(2000)}`,
      `HEALTHCHECK --interval=${'1h'.repeat(5000)}x`,
    ];
    tokenize(lines.join('\n'));
    for (const line of lines) {
      const start = process.cpuUsage();
      tokenize(line);
      const milliseconds = process.cpuUsage(start).user / 1000;
      assert.ok(milliseconds < 1000, `${milliseconds.toFixed(0)} ms for ${line.slice(0, 40)}`);
    }
  });
});
