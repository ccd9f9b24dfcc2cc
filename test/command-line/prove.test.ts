import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { parseProve } from '../../server/src/command-line/prove-arguments.ts';
import { runCli } from './run-cli.ts';

test('reads what is to be proved, and how', () => {
  const argv = [
    ...[
      'tide:1',
      '--format',
      'json',
      '--output',
      'a b.json',
      '--checks',
      'size,no-git',
      '--checks=port',
      '--skip',
      'size',
    ],
    ...[
      '--env',
      'A=1=2',
      '--env',
      'TOKEN',
      '--env',
      'EMPTY=',
      '--memory',
      '1g',
      '--cpus',
      '0.5',
      '--size-target',
      '99.5',
    ],
    ...['--start-timeout', '5', '--stop-timeout', '3', '--writable', '/var/run', '--tool', 'podman'],
    ...['--dockerfile', 'Dockerfile', '--target', 'app', '--', 'sh', '-c', 'test "$A" -- x'],
  ];
  assert.deepEqual(parseProve(argv, { TOKEN: 'from here' }), {
    kind: 'prove',
    image: 'tide:1',
    format: 'json',
    tool: 'podman',
    skip: ['size'],
    checks: ['size', 'no-git', 'port'],
    output: 'a b.json',
    dockerfile: 'Dockerfile',
    target: 'app',
    settings: {
      environment: { A: '1=2', TOKEN: 'from here', EMPTY: '' },
      waitCommand: ['sh', '-c', 'test "$A" -- x'],
      memory: '1g',
      cpus: '0.5',
      sizeTarget: 99.5,
      startTimeout: 5,
      stopTimeout: 3,
      writable: ['/tmp', '/var/run'],
    },
  });
});

test('says what is wrong, and what to write instead', () => {
  const wrong: Readonly<Record<string, readonly string[]>> = {
    "'prove' takes the name of an image": [],
    "'prove' takes one image: put a command to wait for after '--'": ['a', 'b'],
    "After '--' the command to wait for is missing": ['a', '--'],
    "'--format' cannot be 'sarif': use pretty, json, junit": ['a', '--format', 'sarif'],
    "There is no check 'no-got' for '--checks': did you mean 'no-git'?": ['a', '--checks', 'size,no-got'],
    "'--env TOKEN' has no value here: set it, or write TOKEN=VALUE": ['a', '--env', 'TOKEN'],
    "'--env' takes NAME=VALUE or NAME, not '=x'": ['a', '--env', '=x'],
    "'--memory' cannot be 'lots': use a size such as 512m": ['a', '--memory', 'lots'],
    "'--cpus' cannot be '-1': use a number such as 0.5": ['a', '--cpus=-1'],
    "'--stop-timeout' cannot be '0': use a number from 1": ['a', '--stop-timeout', '0'],
    "'--writable' cannot be 'tmp': use a path that starts with '/'": ['a', '--writable', 'tmp'],
    "'--tool' cannot be 'lxc': use auto, docker, podman, nerdctl": ['a', '--tool', 'lxc'],
    "'--target' names a stage of '--dockerfile': give both": ['a', '--target', 'b'],
  };
  for (const [message, argv] of Object.entries(wrong)) {
    assert.deepEqual(parseProve(argv, {}), { kind: 'wrong', message });
  }
});

test('without a container tool nothing can be proved: 2, with what to do', async () => {
  const folder = tmpdir();
  const ran = await runCli(['prove', 'tide:1'], { folder, environment: { PATH: '/nowhere' } });
  assert.deepEqual([ran.code, ran.stdout], [2, '']);
  assert.equal(ran.stderr, 'shipshape: Neither Docker, Podman nor nerdctl was found: install it\n');
  const unknown = await runCli(['prove', 'tide:1', '--formt', 'json'], { folder });
  assert.match(unknown.stderr, /^shipshape: There is no option '--formt': did you mean '--format'\?\n/);
});
