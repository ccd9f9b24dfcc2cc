import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyScript, type Script } from '../../../server/src/syntax/shell/script.ts';
import { shellParser } from '../../shell-parser.ts';

const size = 1 << 14;

test('any text is read, whatever it is', () => {
  const sources = {
    'a long line': `echo ${'a'.repeat(1 << 16)}`,
    'many words': `echo ${'a '.repeat(size)}`,
    'open parentheses': '('.repeat(size),
    'nested subshells': `${'(a;'.repeat(size / 4)}${')'.repeat(size / 4)}`,
    'nested substitutions': `echo ${'$('.repeat(size / 4)}${')'.repeat(size / 4)}`,
    'nested expansions': `echo ${'${a:-'.repeat(size / 8)}${'}'.repeat(size / 8)}`,
    'a long list': 'a && '.repeat(size / 4),
    'a long pipeline': 'a | '.repeat(size / 4),
    'many conditions': 'if a; then '.repeat(size / 8),
    'many heredocs': 'cat <<A <<B '.repeat(size / 8),
    'many operators': '<&>|;'.repeat(size / 4),
    'a chain of wrappers': 'sudo timeout 1 xargs '.repeat(size / 16),
    'open quotes': `'"\``.repeat(size / 4),
    'variables before what is not plain': `echo ${'$aaaa'.repeat(size / 4)}(`,
    'no character': '\0'.repeat(size),
    'characters beyond the first plane': 'echo 😀; '.repeat(size / 8),
    'lone surrogates': '\ud83d'.repeat(size),
    backslashes: '\\'.repeat(size),
    'white space': ' \t\r\n'.repeat(size / 4),
    'more than anybody writes': 'a\n'.repeat(1 << 20),
    nothing: '',
  };
  for (const [name, source] of Object.entries(sources)) {
    const offset = 3;
    assertWithin(shellParser.parse(source, offset), offset, offset + source.length, name);
  }
});

test('what the library gives up on spoils nothing after it', () => {
  const tooDeep = '('.repeat(20_000);
  assert.deepEqual(shellParser.parse(tooDeep, 0), { ...emptyScript, errors: [{ start: 0, end: tooDeep.length }] });
  assert.deepEqual(
    shellParser.parse('a | b # after', 0).commands.map(({ program }) => program),
    ['a', 'b'],
  );
});

test('every prefix of a script is read', () => {
  const source = `sudo sh -c "a 'b' \\"c\\" $(d) && e" | (f; { g; }) <<'X' > h\nif i; then j; fi\nX\ncase k in l) m;; esac; n() { o; } `;
  for (let length = 0; length <= source.length; length++) {
    assertWithin(shellParser.parse(source.slice(0, length), 5), 5, 5 + length, source.slice(0, length));
  }
});

test('the same text elsewhere is the same script, moved', () => {
  const source = `a=1 sudo -E b "$(c)" 2> d | e && sh -c 'f | g' # once`;
  const first = shellParser.parse(source, 0);
  const second = shellParser.parse(source, 100);
  assert.equal(shellParser.parse(source, 100), second);
  assert.deepEqual(
    startsOf(second),
    startsOf(first).map((start) => start + 100),
  );
  assert.equal(second.commands[1]?.runBy, second.commands[0]);
  assert.ok(second.pipelines[0]?.commands.every((command) => second.commands.includes(command)));
});

test('the exec form is one command, and its strings are read by the shells it starts', () => {
  const elements = ['"/sbin/tini"', '"--"', '"sh"', '"-c"', String.raw`"a \"b c\" && d $E"`];
  let at = 10;
  const script = shellParser.parseExec(
    elements.map((text) => {
      const range = { start: at, end: at + text.length };
      at = range.end + 2;
      return { text, value: String(JSON.parse(text)), range };
    }),
  );
  assert.deepEqual(
    script.commands.map((command) => [command.program, command.range, command.runBy?.program]),
    [
      ['tini', { start: 10, end: 61 }, undefined],
      ['sh', { start: 30, end: 61 }, 'tini'],
      ['a', { start: 43, end: 52 }, 'sh'],
      ['d', { start: 56, end: 60 }, 'sh'],
    ],
  );
  assert.deepEqual(shellParser.parseExec([]).commands, []);
});

function startsOf({ commands, pipelines }: Script): number[] {
  return [
    ...commands.flatMap((command) => [command, ...command.words, ...command.assignments, ...command.redirections]),
    ...pipelines,
  ].map(({ range }) => range.start);
}

function assertWithin(script: Script, start: number, end: number, message: string): void {
  const ranges = [
    ...script.commands.flatMap((command) => [
      command.range,
      command.programRange,
      ...command.words.map((word) => word.range),
      ...command.assignments.map((assignment) => assignment.range),
      ...command.redirections.flatMap(({ range, body }) => (body ? [range, body] : [range])),
    ]),
    ...script.pipelines.map((pipeline) => pipeline.range),
    ...script.errors,
  ];
  for (const range of ranges) assert.ok(start <= range.start && range.start <= range.end && range.end <= end, message);
}
