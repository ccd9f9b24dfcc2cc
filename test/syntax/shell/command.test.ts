import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flagValue, hasFlag, operands, subcommand } from '../../../server/src/syntax/shell/command.ts';
import type { Command } from '../../../server/src/syntax/shell/script.ts';
import { shellParser } from '../../shell-parser.ts';

test('flags are found alone, among others and with a value', () => {
  const asksFor = (source: string): boolean => hasFlag(commandOf(source), 'y', 'yes', 'assume-yes');
  for (const source of [
    'apt -y',
    'apt -qy x',
    'apt -fmy',
    'apt x --yes',
    'apt --assume-yes=true',
    'apt -y=1',
    "apt '-y'",
    'apt -yes',
  ]) {
    assert.equal(asksFor(source), true, source);
  }
  for (const source of ['apt y', 'apt --y', 'apt -q --yesterday', 'apt -- -y', 'apt -o=y', 'apt $y', 'apt -', 'apt']) {
    assert.equal(asksFor(source), false, source);
  }
});

test('values of flags are found in the same word and in the next', () => {
  assertValue('pip install -r a.txt -r b.txt', ['r', 'requirement'], 'a.txt', 15);
  assertValue('pip install --requirement=a.txt', ['r', 'requirement'], 'a.txt', 26);
  assertValue('pip install --requirement a.txt', ['r', 'requirement'], 'a.txt', 26);
  assertValue('tar -xzf a.tgz', ['f'], 'a.tgz', 9);
  assertValue('apt-get install -q=2 a', ['q'], '2', 19);
  assertValue('apt-get -oA=b', ['o'], 'A=b', 10);
  assertValue('java -jar a.jar', ['jar'], 'a.jar', 10);
  assertValue('x --name="a b"', ['name'], 'a b', 2);
  assertValue('x --name', ['name'], undefined);
  assertValue('x -- --name y', ['name'], undefined);
});

test('operands are what is neither a flag nor the value of one', () => {
  assertOperands('apt-get -o Foo=bar -qq -y install pkg other=1.0', 'install pkg other=1.0');
  assertOperands('apt-get install -q=2 -t stable pkg', 'install pkg');
  assertOperands('apt-get install --option=a=b --no-install-recommends pkg', 'install pkg');
  assertOperands('npm --prefix x ci', 'ci');
  assertOperands('git -C dir clone -b main --depth 1 url', 'clone url');
  assertOperands('pip3 --no-cache-dir install -r a.txt -U x', 'install x');
  assertOperands('tar -xzf a.tgz -C /opt b', 'b');
  assertOperands('apk add --no-cache -t .deps curl', 'add curl');
  assertOperands('rm -rf -- -x y', '-x y');
  assertOperands('cat - a', '- a');
  assertOperands('unknown --flag value', 'value');
  assertOperands('unknown --flag value x', 'x', ['flag']);
  assertOperands('unknown -vf value x', 'x', ['f']);
  assertOperands('unknown -fvalue x', 'x', ['f']);
});

test('the subcommand is the first operand', () => {
  assert.equal(subcommand(commandOf('git -c a=b -C dir clone url'))?.value, 'clone');
  assert.equal(subcommand(commandOf('x -f a b'), ['f'])?.value, 'b');
  assert.equal(subcommand(commandOf('apt-get -y')), undefined);
});

function assertValue(source: string, names: readonly string[], value: string | undefined, start?: number): void {
  const word = flagValue(commandOf(source), ...names);
  assert.equal(word?.value, value, source);
  assert.equal(word?.range.start, start, source);
}

function assertOperands(source: string, expected: string, flagsWithValue?: readonly string[]): void {
  const found = operands(commandOf(source), flagsWithValue);
  assert.equal(found.map(({ value }) => value).join(' '), expected, source);
}

function commandOf(source: string): Command {
  const [command] = shellParser.parse(source, 0).commands;
  assert.ok(command);
  return command;
}
