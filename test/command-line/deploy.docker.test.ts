import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { request as http } from 'node:http';
import { request as https } from 'node:https';
import { join } from 'node:path';
import { dockerTest, ensureBaseImage } from '../docker/docker.ts';
import { appFolder, serving, startBench, targetsOf } from './deploy-cli.ts';

// Waiting for a new role takes half a minute: all targets of the file share one registry and one identity, which has it.
ensureBaseImage();
const bench = await startBench();
const { azure, deploy } = bench;
const nowhere = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
const common = [
  'resourceGroup: shop-rg',
  'registry: { name: shopreg }',
  'identity: shop-identity',
  'env: { TONE: calm }',
];
const apps = {
  site: ['appService: { name: shop-web, plan: shop-plan, sku: S1 }'],
  app: ['containerApp: { name: shop-app, environment: shop-env }'],
  one: ['containerInstance: { name: shop-one, cpu: 0.5, memory: 0.5 }'],
};
const folder = appFolder(
  targetsOf(azure, {
    site: [...common, ...apps.site],
    app: [...common, ...apps.app, 'secrets: { API_KEY: ask }'],
    one: [...common, ...apps.one, 'image: { build: cloud }'],
    cloudy: [
      ...common,
      'containerInstance: { name: shop-cloudy, cpu: 0.5, memory: 0.5 }',
      'image: { build: cloud, repository: cloudy }',
    ],
    broken: [
      ...common,
      'containerInstance: { name: shop-broken, cpu: 0.5, memory: 0.5, restart: Never }',
      'image: { dockerfile: broken/Dockerfile }',
    ],
    brokenSite: [
      ...common,
      'appService: { name: shop-broken-web, plan: shop-plan, sku: S1 }',
      'image: { dockerfile: broken/Dockerfile, repository: broken-web }',
    ],
    unbuildable: [
      ...common,
      'containerInstance: { name: shop-unbuildable, cpu: 0.5, memory: 0.5 }',
      'image: { dockerfile: unbuildable/Dockerfile }',
    ],
  }),
  {
    'broken/Dockerfile': serving.replace(/CMD.*/, 'CMD ["sh", "-c", "echo cannot open the till; exit 3"]'),
    'unbuildable/Dockerfile': serving.replace('EXPOSE', 'RUN echo no flour left && false\nEXPOSE'),
  },
);
const environment = { API_KEY: 'hunter2-secret' };

interface Result {
  readonly outcome: string;
  readonly target: string;
  readonly image: string;
  readonly url?: string;
  readonly digest?: string;
  readonly step?: string;
  readonly error?: string;
}

dockerTest('an interruption: 130, and the same again goes on without duplicates', async () => {
  const journal = join(appFolder(''), 'journal.json');
  let isInterrupted = false;
  const interrupted = await deploy(folder, ['--apply', '--target', 'one', '--journal', journal], {
    onStderr: (text, child) => {
      if (isInterrupted || !text.includes('Wait until ')) return;
      isInterrupted = /^shipshape: Wait until .* …$/m.test(text);
      if (isInterrupted) child.kill('SIGINT');
    },
  });
  assert.deepEqual([interrupted.code, interrupted.stdout], [130, ''], interrupted.stderr);
  assert.match(interrupted.stderr, /\nshipshape: Interrupted[^\n]*: run the same again to go on\n$/);
  assert.equal(endOf(journal), undefined);
  const before = azure.ids();

  const ran = await deploy(folder, ['--apply', '--target', 'one', '--journal', journal, '--format', 'json']);
  assert.equal(ran.code, 0, ran.stderr);
  const result = JSON.parse(ran.stdout) as Result;
  assert.deepEqual([result.outcome, result.target], ['deployed', 'one']);
  assert.match(result.digest ?? '', /^sha256:/);
  assert.equal(await textAt(result.url), readFileSync(join(folder, 'www/index.html'), 'utf8'));
  assert.deepEqual(
    before.filter((id) => !azure.ids().includes(id)),
    [],
  );
  assert.ok(endOf(journal));
  const roles = azure.ids().filter((id) => /registries\/shopreg\/providers\/.*roleAssignments/i.test(id));
  assert.equal(roles.length, 1);

  const planned = await deploy(folder, ['--plan', '--target', 'one', '--exit-code']);
  assert.equal(planned.code, 0, planned.stdout);
});

for (const target of ['site', 'app'] as const) {
  dockerTest(`deploys to the target '${target}': the address, which answers, on stdout`, async () => {
    const ran = await deploy(folder, ['--apply', '--target', target], { environment });
    assert.equal(ran.code, 0, ran.stderr);
    const [, url = ''] = /^(https:\/\/\S+)\n$/.exec(ran.stdout) ?? [];
    assert.equal(await textAt(url), readFileSync(join(folder, 'www/index.html'), 'utf8'));
    // The plan once, each step once, no log of the build, and what is waited for not over and over.
    assert.equal(ran.stderr.split('Steps (+ create').length, 2);
    assert.doesNotMatch(ran.stderr, /#\d+ \[|Preparing|Layer already/);
    assert.doesNotMatch(ran.stderr, /No answer yet[^]*No answer yet/);
    assert.doesNotMatch(ran.stderr, /hunter2/);
  });
}

dockerTest('a second deployment, as JSON, with all that the build said on stderr', async () => {
  writeFileSync(join(folder, 'www/index.html'), 'Shop, second edition\n');
  const ran = await deploy(folder, ['--apply', '--target', 'app', '--format', 'json', '--verbose'], { environment });
  assert.equal(ran.code, 0, ran.stderr);
  const result = JSON.parse(ran.stdout) as Result;
  assert.equal(await textAt(result.url), 'Shop, second edition\n');
  assert.match(ran.stderr, /#\d+ \[/);
});

dockerTest('builds in the cloud where there is no Docker', async () => {
  const ran = await deploy(folder, ['--apply', '--target', 'cloudy'], { environment: nowhere });
  assert.equal(ran.code, 0, ran.stderr);
  assert.equal(await textAt(ran.stdout.trim()), readFileSync(join(folder, 'www/index.html'), 'utf8'));
});

dockerTest('apps that do not start: 1, with their last lines and the reason, long before Azure gives up', async () => {
  // At once, as most of it is waiting.
  const [one, site] = await Promise.all(
    ['broken', 'brokenSite'].map((target) => deploy(folder, ['--apply', '--target', target, '--format', 'json'])),
  );
  for (const [ran, reason] of [
    [one, /^The app does not start: .*3/],
    [site, /^The app does not start: the container has ended by itself$/],
  ] as const) {
    assert.equal(ran?.code, 1, ran?.stderr);
    const result = JSON.parse(ran.stdout) as Result;
    assert.deepEqual([result.outcome, result.step], ['failed', 'answer']);
    assert.match(result.error ?? '', reason);
    assert.match(ran.stderr, /\nshipshape: {3}(\S+ )?cannot open the till\n/);
    assert.ok(ran.stderr.includes(`\nshipshape:   failed: ${result.error}\nshipshape: Not deployed; `), ran.stderr);
    assert.doesNotMatch(ran.stderr, /\n\s+at \S+ \(/);
  }
  assert.match(site?.stderr ?? '', /\nshipshape: {3}[^\n]*has exited[^\n]*\n/);
});

dockerTest('a build that fails: 1, with its log and the line of the Dockerfile', async () => {
  const ran = await deploy(folder, ['--apply', '--target', 'unbuildable']);
  assert.deepEqual([ran.code, ran.stdout], [1, ''], ran.stderr);
  assert.match(
    ran.stderr,
    /no flour left[^]*\nshipshape: {3}failed: Line 3 of 'Dockerfile': [^\n]+\n[^\n]+again to go on\n$/,
  );
});

dockerTest('no Docker for a build here: 1, and what to do', async () => {
  const ran = await deploy(folder, ['--apply', '--target', 'site'], { environment: { ...environment, ...nowhere } });
  assert.deepEqual([ran.code, ran.stdout], [1, '']);
  assert.match(ran.stderr, /\nThis cannot begin:\n {2}[^\n]*Docker[^\n]*\n/);
});

function endOf(journal: string): string | undefined {
  return (JSON.parse(readFileSync(journal, 'utf8')) as { endedAt?: string }).endedAt;
}

/** What the app answers; its certificate is that of the local Azure. */
async function textAt(url = ''): Promise<string> {
  const ca = readFileSync(azure.certificate);
  return await new Promise((resolve, reject) => {
    const asked = url.startsWith('https:') ? https(url, { ca }) : http(url);
    asked.on('error', reject).on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString()));
    });
    asked.end();
  });
}
