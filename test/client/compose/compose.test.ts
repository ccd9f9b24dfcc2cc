import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesToName } from '../../../client/src/compose/choose-files.ts';
import {
  askProfiles,
  askServices,
  cannotDo,
  composeActions,
  composeCandidates,
  composeCommand,
  composeKill,
  readComposeVersion,
  type ComposeTool,
} from '../../../client/src/tools/container/compose.ts';
import type { ContainerTool } from '../../../client/src/tools/container/tool.ts';

const v2: ComposeTool = { program: 'docker', prefix: ['compose'], version: '2.26.1' };
const v1: ComposeTool = { program: 'docker-compose', prefix: [], version: '1.29.2' };
const all = { folder: '/w', files: [], services: [], profiles: [] };
const line = ({ program, args }: { program: string; args: readonly string[] }): string => [program, ...args].join(' ');

test('the command of every action, for all and for chosen services', () => {
  const chosen = { ...all, files: ['/w/a b.yaml'], services: ['web', '-x'], profiles: ['debug'] };
  const drawn = composeActions.flatMap((action) => [
    line(composeCommand(v2, action, all)),
    line(composeCommand(v2, action, chosen)),
  ]);
  assert.deepEqual(drawn, [
    'docker compose --ansi always up',
    'docker compose --file /w/a b.yaml --profile debug --ansi always up -- web -x',
    'docker compose --ansi always up --watch',
    'docker compose --file /w/a b.yaml --profile debug --ansi always up --watch -- web -x',
    'docker compose --ansi always down',
    'docker compose --file /w/a b.yaml --profile debug --ansi always down -- web -x',
    'docker compose --ansi always restart',
    'docker compose --file /w/a b.yaml --profile debug --ansi always restart -- web -x',
    'docker compose --ansi always logs --follow --tail 200',
    'docker compose --file /w/a b.yaml --profile debug --ansi always logs --follow --tail 200 -- web -x',
    'docker compose --ansi always build',
    'docker compose --file /w/a b.yaml --profile debug --ansi always build -- web -x',
    'docker compose --ansi always pull',
    'docker compose --file /w/a b.yaml --profile debug --ansi always pull -- web -x',
  ]);
  assert.equal(line(composeKill(v2, chosen)), 'docker compose --file /w/a b.yaml --profile debug --ansi always kill');
});

test('old Compose gets what it knows, and the reason for what it does not', () => {
  assert.equal(line(composeCommand(v1, 'up', all)), 'docker-compose up');
  assert.equal(line(askServices(v1, all, ['*'])), 'docker-compose config --services');
  assert.equal(askProfiles(v1, all), undefined);
  assert.equal(cannotDo(v1, 'watch'), 'Compose 1.29.2 cannot watch files: update it to 2.22 or newer');
  assert.equal(cannotDo(v1, 'up'), undefined);
  assert.equal(cannotDo(v2, 'watch'), undefined);
  assert.equal(line(composeCommand({ ...v2, version: '2.23.0' }, 'watch', all)), 'docker compose --ansi always watch');
});

test('each tool brings its own Compose', () => {
  const tool = (kind: ContainerTool['kind']): ContainerTool => ({
    kind,
    program: kind,
    version: '1.0.0',
    builder: 'classic',
    hasRawProgress: false,
  });
  const names = (kind: ContainerTool['kind']) =>
    composeCandidates(tool(kind)).map(({ program, prefix }) => [program, ...prefix].join(' '));
  assert.deepEqual(names('docker'), ['docker compose', 'docker-compose']);
  assert.deepEqual(names('podman'), ['podman compose']);
  assert.deepEqual(names('nerdctl'), ['nerdctl compose']);
});

test('reads the version in the forms that there are', () => {
  const read = (stdout: string, code = 0) => readComposeVersion({ code, stdout, stderr: '' });
  assert.equal(read('v2.40.3\n'), '2.40.3');
  assert.equal(read('2.26.1-4\n'), '2.26.1');
  assert.equal(read('1.29.2\n'), '1.29.2');
  assert.equal(read('2.26.1', 1), undefined);
  assert.equal(read('what?'), undefined);
});

test('names files only where Compose would not read them anyway', () => {
  const whole = 'services:\n  web:\n    image: nginx:1.27\n';
  const partial = 'services:\n  web:\n    ports: ["80:80"]\n';
  const beside = (...names: string[]) => ({ names });
  assert.deepEqual(filesToName('compose.yaml', whole, beside('compose.yaml', 'compose.override.yaml')), []);
  assert.deepEqual(filesToName('docker-compose.yml', whole, beside('compose.yaml', 'docker-compose.yml')), [
    'docker-compose.yml',
  ]);
  assert.deepEqual(filesToName('compose.override.yaml', partial, beside('compose.yaml', 'compose.override.yaml')), []);
  assert.deepEqual(filesToName('compose.prod.yaml', partial, beside('compose.yaml', 'compose.prod.yaml')), [
    'compose.yaml',
    'compose.prod.yaml',
  ]);
  assert.deepEqual(filesToName('compose.prod.yaml', whole, beside('compose.yaml', 'compose.prod.yaml')), [
    'compose.prod.yaml',
  ]);
  assert.deepEqual(filesToName('stack.yml', whole, beside('stack.yml')), ['stack.yml']);
  const env = "X=1\nCOMPOSE_FILE='base.yaml:./prod.yaml'\n";
  assert.deepEqual(filesToName('prod.yaml', partial, { names: ['base.yaml', 'prod.yaml'], env }), []);
  assert.deepEqual(filesToName('dev.yaml', whole, { names: ['dev.yaml'], env }), ['dev.yaml']);
});
