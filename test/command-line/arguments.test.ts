import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseArguments } from '../../server/src/command-line/arguments.ts';

suite('arguments', () => {
  test('lint', () => {
    assert.deepEqual(parseArguments(['lint']), {
      kind: 'lint',
      paths: [],
      format: 'pretty',
      fix: 'none',
      stdin: false,
    });
    const all =
      'lint a --preset strict --format=json b --fail-on never --fix --output o --stdin-filename F --stdin'.split(' ');
    assert.deepEqual(wrong(all), "'--stdin' and the path 'a' exclude each other: give one");
    assert.deepEqual(parseArguments(all.filter((each) => each !== 'a' && each !== 'b')), {
      kind: 'lint',
      paths: [],
      preset: 'strict',
      format: 'json',
      failOn: 'never',
      fix: 'safe',
      output: 'o',
      stdin: true,
      stdinFilename: 'F',
    });
    assert.deepEqual(parseArguments(['lint', '--fix-unsafe', '--', '-x', '--fix']), {
      kind: 'lint',
      paths: ['-x', '--fix'],
      format: 'pretty',
      fix: 'all',
      stdin: false,
    });
    assert.deepEqual(parseArguments(['lint', '-']), {
      kind: 'lint',
      paths: [],
      format: 'pretty',
      fix: 'none',
      stdin: true,
    });
  });

  test('everything else', () => {
    assert.deepEqual(parseArguments(['explain', 'DL3007']), { kind: 'explain', rule: 'DL3007' });
    assert.deepEqual(parseArguments(['rules', '--format', 'json']), { kind: 'rules', format: 'json' });
    for (const help of [['--help'], ['-h'], ['help'], ['lint', '--help'], ['explain', '-h'], ['rules', '--help']]) {
      assert.deepEqual(parseArguments(help), { kind: 'help' });
    }
    assert.deepEqual(parseArguments(['--version']), { kind: 'version' });
  });

  const mistakes: readonly (readonly [string, string])[] = [
    ['', "There is no command '': did you mean 'shipshape lint '?"],
    ['lnt', "There is no command 'lnt': did you mean 'shipshape lint'?"],
    ['api/Dockerfile', "There is no command 'api/Dockerfile': did you mean 'shipshape lint api/Dockerfile'?"],
    ['lint --fromat json', "There is no option '--fromat': did you mean '--format'?"],
    ['lint --qqqqqqqqqq', "There is no option '--qqqqqqqqqq': if it is a file, write './--qqqqqqqqqq'"],
    ['lint --format', "'--format' needs a value"],
    ['lint --format --fix', "'--format' needs a value"],
    ['lint --format xml', "'--format' cannot be 'xml': use pretty, json, sarif, github, gitlab, junit"],
    ['lint --preset none', "'--preset' cannot be 'none': use recommended, strict, all"],
    ['lint --fail-on bad', "'--fail-on' cannot be 'bad': use error, warning, info, hint, never"],
    ['lint --fix=yes', "'--fix' takes no value"],
    ['lint --stdin-filename F', "'--stdin-filename' does nothing without '--stdin': add it"],
    ['explain', "'explain' takes the id of one rule"],
    ['explain a b', "'explain' takes the id of one rule"],
    ['rules x', "'rules' takes no paths"],
    ['rules --format sarif', "'--format' cannot be 'sarif': use pretty, json"],
  ];
  for (const [line, message] of mistakes) {
    test(`mistake: ${line}`, () => assert.equal(wrong(line.split(' ')), message));
  }

  test('nothing at all', () => assert.equal(wrong([]), 'No command given'));
});

function wrong(argv: readonly string[]): string | undefined {
  const command = parseArguments(argv);
  return command.kind === 'wrong' ? command.message : undefined;
}
