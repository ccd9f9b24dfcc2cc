import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDiff, readLabels, readState } from '../../../client/src/tools/container/container.ts';
import { readImageConfig } from '../../../client/src/tools/container/image-config.ts';
import { readProcesses, readStats } from '../../../client/src/tools/container/processes.ts';
import { createContainer } from '../../../client/src/tools/container/run.ts';
import { readSockets } from '../../../client/src/tools/container/sockets.ts';

const tool = { kind: 'docker', program: 'docker', version: '26.1.5', builder: 'buildx', hasRawProgress: true } as const;

test('the configuration of an image, with what it leaves out', () => {
  const config = readImageConfig(
    JSON.stringify({
      Id: 'sha256:abc',
      Os: 'linux',
      Architecture: 'amd64',
      Size: 12,
      Config: {
        User: 'app',
        Entrypoint: ['/e'],
        Cmd: null,
        ExposedPorts: { '8080/tcp': {}, '53/udp': {}, '7000-7002': {}, 'what?': {} },
        Healthcheck: { Test: ['CMD-SHELL', 'curl -f a'], Interval: 5e9, StartPeriod: 2e9 },
        Shell: ['/bin/bash', '-c'],
        StopSignal: 'SIGQUIT',
      },
    }),
  );
  assert.deepEqual(config?.healthcheck, {
    command: ['/bin/bash', '-c', 'curl -f a'],
    interval: 5,
    timeout: 30,
    startPeriod: 2,
    retries: 3,
  });
  assert.deepEqual(
    config.exposed.map(({ port, protocol }) => `${port}/${protocol}`),
    ['8080/tcp', '53/udp', '7000/tcp', '7001/tcp', '7002/tcp'],
  );
  assert.deepEqual([config.user, config.command, config.stopSignal], ['app', [], 'SIGQUIT']);
  const none = readImageConfig('[{"Id":"abc","Config":{"Healthcheck":{"Test":["NONE"]}}}]');
  assert.deepEqual([none?.id, none?.healthcheck, none?.shell], ['sha256:abc', undefined, ['/bin/sh', '-c']]);
});

test('what is no answer is no answer', () => {
  for (const text of ['', 'null', '[]', '{', '3', '{"Config":3}']) {
    assert.equal(readImageConfig(text), undefined);
    assert.equal(readState(text), undefined);
    assert.deepEqual([readLabels(text), readDiff(text), readProcesses(text), readStats(text)], [[], [], [], []]);
    assert.equal(readSockets(text), undefined);
  }
});

test('the sockets that wait, by who can reach them', () => {
  const tcp = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  const udp =
    '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n';
  const row = (local: string, state: string): string =>
    `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000\n`;
  const tables = [
    tcp,
    row('0100007F:1F90', '0A'),
    row('00000000:0BB8', '0A'),
    row('020011AC:D431', '01'),
    row('0B00007F:9C41', '0A'),
    tcp,
    row('00000000000000000000000000000000:0050', '0A'),
    row('00000000000000000000000001000000:0051', '0A'),
    row('0000000000000000FFFF00000100007F:0052', '0A'),
    udp,
    row('00000000:0035', '07'),
  ].join('');
  assert.deepEqual(
    readSockets(tables)?.map(({ protocol, port, isLoopback }) => `${protocol} ${port}${isLoopback ? ' inside' : ''}`),
    ['udp 53', 'tcp 80', 'tcp 81 inside', 'tcp 82 inside', 'tcp 3000', 'tcp 8080 inside', 'tcp 40001 inside'],
  );
  assert.deepEqual(readSockets(tcp), []);
});

test('processes as Docker and Podman list them', () => {
  const docker = [
    'PID                 PPID                UID                 STAT                COMMAND             COMMAND',
    '14130               14109               0                   Ss                  sh                  sh -c a  b',
    '14153               14130               1000                Z                   dd                  [dd] <defunct>',
  ].join('\n');
  assert.deepEqual(readProcesses(docker), [
    { pid: 14130, parent: 14109, user: '0', state: 'Ss', name: 'sh', command: 'sh -c a  b' },
    { pid: 14153, parent: 14130, user: '1000', state: 'Z', name: 'dd', command: '[dd] <defunct>' },
  ]);
  const podman =
    'HPID        PPID        USER        STATE       COMMAND     COMMAND\n812         0           root        S           httpd       httpd -f';
  assert.deepEqual(readProcesses(podman), [
    { pid: 812, parent: 0, user: 'root', state: 'S', name: 'httpd', command: 'httpd -f' },
  ]);
  assert.deepEqual(readStats('7 (a) b) (c) Z 1 7 7\nnothing\n'), [{ pid: 7, parent: 1, state: 'Z', name: 'a) b) (c' }]);
});

test('a value of a variable is in the environment of the client, unless it would mean something to it', () => {
  const command = createContainer(tool, {
    name: 'n',
    image: 'sha256:abc',
    labels: { a: "b=c,'d" },
    environment: { TOKEN: 'secret', DOCKER_HOST: 'tcp://x', '-x': '$(id)' },
    conditions: {
      readOnly: { writable: ['/tmp', '/a b'] },
      noPrivileges: true,
      limits: { memory: '1g', cpus: '2', processes: 5 },
    },
  });
  assert.deepEqual(command.environment, { TOKEN: 'secret', '-x': '$(id)' });
  assert.deepEqual(command.args, [
    ...['create', '--name', 'n', '--label', "a=b=c,'d", '--log-driver', 'json-file', '--log-opt', 'max-size=10m'],
    ...['--no-healthcheck', '--read-only', '--tmpfs', '/tmp', '--tmpfs', '/a b', '--cap-drop', 'ALL'],
    ...['--security-opt', 'no-new-privileges', '--memory', '1g', '--memory-swap', '1g', '--cpus', '2'],
    ...['--pids-limit', '5', '--env', 'TOKEN', '--env', '-x', '--env', 'DOCKER_HOST=tcp://x', '--pull', 'never'],
    ...['--', 'sha256:abc'],
  ]);
});
