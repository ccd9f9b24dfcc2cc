import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstRefusedPath } from '../../../client/src/prove/read-only-path.ts';
import { cpuTime } from '../../cpu-time.ts';

const said: Readonly<Record<string, string>> = {
  node: "Error: EROFS: read-only file system, open '/app/a b.log'",
  'node, two paths': "Error: EROFS: read-only file system, rename '/app/a' -> '/app/b'",
  python: "OSError: [Errno 30] Read-only file system: '/app/x'",
  go: '2024/01/01 10:00:00 open /app/x: read-only file system',
  'go, no time': 'panic: mkdir /app/x: read-only file system',
  java: 'Caused by: java.nio.file.FileSystemException: /app/x: Read-only file system',
  'java, old': 'java.io.FileNotFoundException: /app/x (Read-only file system)',
  nginx: '2024/01/01 10:00:00 [emerg] 1#1: mkdir() "/var/cache/nginx/client_temp" failed (30: Read-only file system)',
  busybox: "sh: can't create /app/x: Read-only file system",
  dash: '/bin/sh: 1: cannot create /app/x: Read-only file system',
  bash: '/start.sh: line 12: /app/x: Read-only file system',
  coreutils: "touch: cannot touch '/app/x': Read-only file system",
  'coreutils, UTF-8': 'mkdir: cannot create directory ‘/app/x’: Read-only file system',
  'busybox touch': 'touch: /app/x: Read-only file system',
  ruby: "/app.rb:3:in 'initialize': Read-only file system @ rb_sysopen - /app/x (Errno::EROFS)",
  php: 'PHP Warning:  file_put_contents(/app/x): Failed to open stream: Read-only file system in /index.php on line 3',
  '.net': "Unhandled exception. System.IO.IOException: Read-only file system : '/app/x'",
  postgres: 'FATAL:  could not create lock file "/run/postgresql/.s.PGSQL.5432.lock": Read-only file system',
  relative: "touch: cannot touch 'x': Read-only file system",
};
const meant: Readonly<Record<string, string>> = {
  node: '/app/a b.log',
  'node, two paths': '/app/a',
  nginx: '/var/cache/nginx/client_temp',
  postgres: '/run/postgresql/.s.PGSQL.5432.lock',
  relative: 'x',
};

for (const [name, line] of Object.entries(said)) {
  test(`the path that ${name} could not write`, () => {
    const log = `Starting /usr/bin/app\n  ${line}\nsh: can't create /later: Read-only file system\n`;
    assert.deepEqual(firstRefusedPath(log), { path: meant[name] ?? '/app/x', line });
  });
}

test('a line without a path is still known, and a log without a refusal has none', () => {
  const line = 'Os { code: 30, kind: ReadOnlyFilesystem, message: "Read-only file system" }';
  assert.deepEqual(firstRefusedPath(line), { line });
  assert.equal(firstRefusedPath("cannot open '/app/x': No such file"), undefined);
  assert.equal(firstRefusedPath(''), undefined);
});

test('reads a log of hostile lines without delay', () => {
  const taken = cpuTime(() => {
    for (const part of ["'", '/', '(', '/a ', '"/', ' /a(', '‘'])
      firstRefusedPath(`${part.repeat(100_000)} read-only file system`);
  });
  assert.ok(taken < 2000, `${taken} ms`);
});
