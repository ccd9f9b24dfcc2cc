// Scans of real images of a real engine, and Trivy in a real container.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { findTool } from '../../../client/src/container/find-tool.ts';
import { createRun } from '../../../client/src/process/run.ts';
import { scan, type ScanProgress } from '../../../client/src/scan/execute.ts';
import { findTrivy } from '../../../client/src/scan/find-trivy.ts';
import { Cancelled, type Run } from '../../../client/src/tools/command.ts';
import type { ContainedTrivy } from '../../../client/src/tools/trivy/trivy.ts';
import { UserError } from '../../../client/src/ui/user-error.ts';
import { baseImage, docker, dockerTest, ensureBaseImage, imageOf } from '../../docker/docker.ts';
import { standInTrivy, type TrivyScenario } from '../../trivy/stand-in.ts';

const plainRun = createRun();

function bench(context: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'shipshape-scan-docker-'));
  context.after(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  return { root, program: standInTrivy(root).program };
}

const withScenario =
  (scenario: TrivyScenario): Run =>
  (command, options) =>
    plainRun(
      { ...command, environment: { ...command.environment, TRIVY_STAND_IN: JSON.stringify(scenario) } },
      options,
    );

const dockerfile = `FROM ${baseImage}\nRUN echo apt-get install > /one\nENV A=1\nCOPY Dockerfile /two\n`;

dockerTest('an image of the engine, asked directly and through a file, has the same layers', async (context) => {
  const { program } = bench(context);
  const image = imageOf(context, { Dockerfile: dockerfile });
  const tool = await findTool(plainRun, { kind: 'docker' });
  const trivy = await findTrivy(plainRun, { path: program });
  assert.ok(trivy);
  const direct = await scan({ kind: 'image', image }, {}, { run: plainRun, trivy, tool });
  assert.deepEqual(
    direct.diffIds,
    JSON.parse(docker('image', 'inspect', '--format', '{{json .RootFS.Layers}}', image)),
  );
  const layerOf = (id: string) => direct.findings.find((one) => one.id === id)?.layer?.createdBy ?? '';
  assert.match(layerOf('CVE-2023-38545'), /apt-get install/);
  assert.match(layerOf('CVE-2021-23337'), /COPY Dockerfile/);

  // An engine that Trivy cannot ask: the image goes through a file, and nothing tells of it.
  const steps: string[] = [];
  let isFirst = true;
  const run: Run = (command, options) => {
    const isScan = command.program === program;
    const scenario = isScan && isFirst ? { failure: 'no-daemon' } : {};
    if (isScan) isFirst = false;
    return withScenario(scenario)(command, options);
  };
  const onProgress = (one: ScanProgress): void => {
    if (one.kind === 'step') steps.push(one.message);
  };
  const saved = await scan({ kind: 'image', image }, {}, { run, trivy, tool, onProgress });
  assert.ok(steps.includes('Saving the image'));
  const facts = ({ findings, diffIds, history }: typeof saved) => ({
    diffIds,
    history: history.length,
    findings: findings.map(({ id, target, layer }) => [id, target, layer]),
  });
  assert.deepEqual(facts(saved), facts(direct));
});

dockerTest('an image that the engine does not have', async (context) => {
  const { program } = bench(context);
  const tool = await findTool(plainRun, { kind: 'docker' });
  const trivy = await findTrivy(plainRun, { path: program });
  assert.ok(trivy);
  const scanning = scan({ kind: 'image', image: 'shipshape-test/none:1' }, {}, { run: plainRun, trivy, tool });
  await assert.rejects(scanning, (error) => error instanceof UserError && /There is no image/.test(error.message));
});

/** As little of Trivy as a shell can be: it reports the files that it sees, and what it may do. */
const trivyInShell = `#!/bin/sh
[ "$1" = version ] && { echo '{"Version":"0.74.0"}'; exit 0; }
while [ $# -gt 0 ]; do
  [ "$1" = --output ] && out=$2
  [ "$1" = --ignorefile ] && ignore=$2
  last=$1
  shift
done
[ -n "$ignore" ] && [ ! -f "$ignore" ] && exit 9
[ -f "$last/slow" ] && { echo started >&2; sleep 1000; }
caps=$(grep CapEff /proc/self/status | cut -f2)
touch "$last/pwned" 2>/dev/null && writable=yes || writable=no
network=$(ls /sys/class/net | tr '\\n' ' ')
if [ -d "$last" ]; then seen=$(cat "$last/secret.txt"); else seen=$(head -c 5 "$last" | tr -d '\\n'); fi
printf '{"SchemaVersion":2,"ArtifactName":"%s","Results":[{"Target":"%s (busybox)","Class":"secret","Secrets":[{"RuleID":"%s"},{"RuleID":"caps %s"},{"RuleID":"writable %s"},{"RuleID":"network %s"}]}]}' "$last" "$last" "$seen" "$caps" "$writable" "$network" > "$out"
`;

async function contained(context: TestContext): Promise<ContainedTrivy> {
  ensureBaseImage();
  const image = imageOf(context, {
    Dockerfile: `FROM ${baseImage}\nCOPY --chmod=755 trivy /bin/trivy\nENTRYPOINT ["/bin/trivy"]\n`,
    trivy: trivyInShell,
  });
  context.after(
    () => void spawnSync('docker', ['volume', 'rm', '--force', 'shipshape-trivy-cache'], { stdio: 'ignore' }),
  );
  const tool = await findTool(plainRun, { kind: 'docker' });
  return { kind: 'contained', tool, image, version: '0.74.0', databases: {} };
}

const running = () => docker('ps', '--all', '--quiet', '--filter', 'name=shipshape-scan-');

dockerTest(
  'Trivy in a container sees the folder read only, by any name, and files that are the user’s alone',
  async (context) => {
    const { root } = bench(context);
    const trivy = await contained(context);
    for (const name of ['plain', 'a,b "c"', "it's $(x)", 'two\nlines', '-v', 'src=x,dst=y']) {
      const folder = join(root, name);
      mkdirSync(folder);
      writeFileSync(join(folder, 'secret.txt'), 'mine');
      writeFileSync(join(folder, '.trivyignore'), '');
      chmodSync(join(folder, 'secret.txt'), 0o600);
      const settings = { offline: true };
      const { findings, artifactName } = await scan({ kind: 'secrets', folder }, settings, { run: plainRun, trivy });
      const [seen, caps, writable, network] = findings.map(({ id }) => id);
      assert.deepEqual([artifactName, seen, writable], [folder, 'mine', 'writable no'], name);
      // DAC_OVERRIDE and nothing else.
      assert.equal(caps, 'caps 0000000000000002');
      assert.equal(network, 'network lo ');
    }
    assert.equal(running(), '');
  },
);

dockerTest('Trivy in a container gets an image as a file, and calls it by its name', async (context) => {
  const trivy = await contained(context);
  const { tool } = trivy;
  const report = await scan({ kind: 'image', image: baseImage }, { offline: true }, { run: plainRun, trivy, tool });
  assert.equal(report.artifactName, baseImage);
  assert.equal(report.findings[0]?.target, `${baseImage} (busybox)`);
});

dockerTest('cancelling ends the container, too', async (context) => {
  const { root } = bench(context);
  const trivy = await contained(context);
  writeFileSync(join(root, 'slow'), '');
  const abort = new AbortController();
  const onProgress = (one: ScanProgress): void => {
    if (one.kind === 'log' && one.line === 'started') abort.abort();
  };
  const parts = { run: plainRun, trivy, signal: abort.signal, onProgress };
  const scanning = scan({ kind: 'secrets', folder: root }, { offline: true }, parts);
  await assert.rejects(scanning, Cancelled);
  assert.equal(running(), '');
});

dockerTest('a container that cannot be started says why', async () => {
  const tool = await findTool(plainRun, { kind: 'docker' });
  const image = 'localhost:1/shipshape-test/none:1';
  const trivy: ContainedTrivy = { kind: 'contained', tool, image, version: '0.74.0', databases: {} };
  const scanning = scan({ kind: 'secrets', folder: tmpdir() }, {}, { run: plainRun, trivy });
  await assert.rejects(
    scanning,
    (error) => error instanceof UserError && /^Trivy's container could not be started: /.test(error.message),
  );
  assert.doesNotThrow(() => execFileSync('docker', ['version'], { stdio: 'ignore' }));
});
