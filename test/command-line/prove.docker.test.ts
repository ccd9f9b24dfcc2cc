import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProofReport } from '../../client/src/prove/report.ts';
import { docker, dockerTest, folderOf, imageOf } from '../docker/docker.ts';
import { runCli } from './run-cli.ts';

const environment = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && /^(DOCKER_|HOME)/.test(name) ? [[name, value]] : [],
  ),
);
const containersOf = (image: string): string => docker('ps', '--all', '--quiet', '--filter', `ancestor=${image}`);

// Reaps orphans, stops at once, listens where it says, writes nothing.
const kept = `FROM shipshape-test/base:1
COPY serve.sh /serve.sh
EXPOSE 8080
USER app
CMD ["sh", "/serve.sh"]
`;
const serve = "trap 'kill $!; exit 0' TERM\nhttpd -f -p 8080 &\nwhile :; do wait $! ; done\n";

dockerTest('an image that keeps its promises: 0, in every format', async (context) => {
  const image = imageOf(context, { Dockerfile: kept, 'serve.sh': serve, '.dockerignore': 'Dockerfile' });
  const folder = folderOf(context, {});
  const json = await runCli(['prove', image, '--format', 'json', '--stop-timeout', '30'], { folder, environment });
  assert.equal(json.stderr, '');
  const report = JSON.parse(json.stdout) as ProofReport;
  assert.deepEqual(
    report.promises.filter(({ outcome }) => outcome === 'broken').map(({ id, message }) => `${id}: ${message}`),
    [],
  );
  assert.deepEqual([json.code, report.schemaVersion, report.outcome, report.image], [0, 1, 'kept', image]);
  assert.equal(containersOf(image), '');
  const contents = ['--checks', 'no-git,no-secrets'];
  const junit = await runCli(['prove', image, ...contents, '--format', 'junit', '--output', 'proof.xml'], {
    folder,
    environment,
  });
  assert.deepEqual([junit.code, junit.stdout], [0, '']);
  assert.match(
    readFileSync(join(folder, 'proof.xml'), 'utf8'),
    /<testsuites name="shipshape prove" tests="2" failures="0"/,
  );
});

dockerTest('a broken promise: 1, with the line of the Dockerfile', async (context) => {
  const dockerfile = 'FROM shipshape-test/base:1\nCOPY . /app\nCMD ["sleep", "60"]\n';
  const files = { Dockerfile: dockerfile, '.git/HEAD': 'ref: refs/heads/main\n' };
  const image = imageOf(context, files);
  const folder = folderOf(context, files);
  const args = ['prove', image, '--checks', 'no-git,size,non-root', '--dockerfile', 'Dockerfile'];
  const pretty = await runCli(args, { folder, environment });
  assert.equal(pretty.code, 1);
  assert.match(pretty.stdout, /^✗ non-root +Runs as root \(uid 0\)\n {4}Dockerfile:3 CMD\n/m);
  assert.match(
    pretty.stdout,
    /^✗ no-git +The history of the sources is in '\/app\/\.git' \(1 kB\)\n {4}Dockerfile:2 COPY\n/m,
  );
  assert.match(pretty.stdout, /^✓ size /m);
  assert.match(pretty.stdout, /^2 of 3 promises broken in /m);
});

dockerTest('what cannot be proved: 2, and why', async (context) => {
  const folder = folderOf(context, {});
  const missing = await runCli(['prove', 'shipshape-test/not-there:1'], { folder, environment });
  assert.deepEqual([missing.code, missing.stdout], [2, '']);
  assert.equal(
    missing.stderr,
    "shipshape: There is no image 'shipshape-test/not-there:1' here: build or pull it first\n",
  );
  const file = await runCli(['prove', 'shipshape-test/base:1', '--dockerfile', 'nowhere'], { folder, environment });
  assert.deepEqual([file.code, file.stdout], [2, '']);
  assert.match(file.stderr, /^shipshape: 'nowhere' cannot be read: /);
});

dockerTest('Ctrl+C removes the containers: 130', async (context) => {
  const image = imageOf(context, { Dockerfile: 'FROM shipshape-test/base:1\nCMD ["sleep", "600"]\n' });
  const program = join(import.meta.dirname, '../../server/src/cli.ts');
  const child = spawn(process.execPath, [program, 'prove', image, '--checks', 'stops,limits'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  // The daemon tells as soon as one runs; others may prove at the same time.
  const since = String(Math.floor(Date.now() / 1000) - 1);
  const filters = ['--filter', 'event=start', '--filter', 'label=io.shipshape.prove'];
  const events = spawn('docker', ['events', '--since', since, ...filters], { stdio: ['ignore', 'pipe', 'ignore'] });
  child.once('exit', () => events.kill());
  try {
    for await (const _line of events.stdout) if (containersOf(image) !== '') break;
    assert.equal(child.exitCode, null, `it ended by itself: ${said}`);
    child.kill('SIGINT');
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 130, said);
    assert.match(said, /shipshape: Interrupted: all containers are removed\n$/);
    assert.equal(containersOf(image), '');
  } finally {
    events.kill();
    child.kill('SIGKILL');
  }
});
