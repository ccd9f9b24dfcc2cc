import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseArguments } from '../../server/src/command-line/arguments.ts';
import { appFolder, startBench, targetsOf } from './deploy-cli.ts';

const bench = await startBench();
const { azure, deploy, signedIn } = bench;
const noSecret = { AZURE_CLIENT_SECRET: undefined };

const shop = [
  'resourceGroup: shop-rg',
  'registry: { name: shopreg }',
  'image: { build: cloud }',
  'containerInstance: { name: shopone }',
];
const folder = appFolder(targetsOf(azure, { shop }));

const wrong: readonly (readonly [readonly string[], string])[] = [
  [[], "Say either '--plan' or '--apply'"],
  [['--plan', '--apply'], "Say either '--plan' or '--apply'"],
  [['--plan', 'a', 'b'], "'deploy' takes one folder, that of '.shipshape'"],
  [['--apply', '--exit-code'], "'--exit-code' goes with '--plan'"],
  [['--plan', '--format', 'yaml'], "'--format' cannot be 'yaml': use text, json"],
  [
    ['--plan', '--sign-in', 'magic'],
    "'--sign-in' cannot be 'magic': use auto, azureCli, deviceCode, environment, workloadIdentity, managedIdentity",
  ],
  [['--plan', '--cloud', 'mars'], "'--cloud' cannot be 'mars': use public, usGovernment, china"],
  [
    ['--plan', '--cloud', 'china', '--endpoint', 'https://a'],
    "'--cloud' and '--endpoint' exclude each other: give one",
  ],
  [['--plan', '--target'], "'--target' needs a value"],
  [['--plan', '--target='], "'--target' needs a value"],
  [['--apply', '--journal', ''], "'--journal' needs a value"],
  [['--plan', '--journal', 'a'], "'--journal' goes with '--apply'"],
  [['--plan', '--endpoint', ''], "'--endpoint' needs a value"],
  [['--plan', '--tarjet', 'a'], "There is no option '--tarjet': did you mean '--target'?"],
  [['--plan', '--verbose=1'], "'--verbose' takes no value"],
];

test('wrong usage is told in one sentence', () => {
  for (const [args, message] of wrong) {
    assert.deepEqual(parseArguments(['deploy', ...args]), { kind: 'wrong', message }, args.join(' '));
  }
});

const unreadable: readonly (readonly [string, string, readonly string[], RegExp])[] = [
  [
    'no file',
    '',
    [],
    /^shipshape: There is no '\.shipshape\/deploy\.yaml': deploy from the editor once, or write it\n$/,
  ],
  [
    'a broken target',
    targetsOf(azure, { shop: ['resourceGroup: shop-rg'] }),
    [],
    /^shipshape: '\.shipshape\/deploy\.yaml:2': 'shop': [^\n]+\n$/,
  ],
  [
    'several targets and none named',
    targetsOf(azure, { shop, other: shop }),
    [],
    /^shipshape: Say which target with '--target': 'shop', 'other'\n$/,
  ],
  [
    'another target than there is',
    targetsOf(azure, { shop }),
    ['--target', 'shop2'],
    /^shipshape: The target 'shop2' is not there: there is 'shop'\n$/,
  ],
  ['no text', '\0\0', [], /^shipshape: '\.shipshape\/deploy\.yaml:1': Write 'targets:', and each target under it\n$/],
];

for (const [title, text, args, expected] of unreadable) {
  test(`${title}: 2 and why`, async () => {
    const place = appFolder(text);
    const ran = await deploy(text === '' ? join(place, 'www') : place, ['--plan', ...args]);
    assert.match(ran.stderr, expected);
    assert.deepEqual([ran.code, ran.stdout], [2, '']);
  });
}

test('a plan as text; 3 if something is to be done and that is asked for', async () => {
  const ran = await deploy(folder, ['--plan']);
  assert.deepEqual([ran.code, ran.stderr], [0, ''], ran.stdout);
  assert.match(ran.stdout, /^Deploy 'shopone:[0-9a-f]{7}[^']*' to the container group 'shopone'\n/);
  assert.match(ran.stdout, /\+ Create the registry 'shopreg'\n/);
  const again = await deploy(folder, ['--plan', '--exit-code', '--output', 'plan.txt']);
  assert.deepEqual([again.code, again.stdout, again.stderr], [3, '', '']);
  assert.match(readFileSync(join(folder, 'plan.txt'), 'utf8'), /^Deploy 'shopone:/);
  assert.deepEqual(
    azure.ids().filter((id) => id.includes('shop')),
    [],
  );
});

test('a plan as one JSON document', async () => {
  const ran = await deploy(folder, ['--plan', '--format', 'json']);
  assert.deepEqual([ran.code, ran.stderr], [0, '']);
  const { plan, description } = JSON.parse(ran.stdout) as {
    plan: { version: number; target: { name: string }; steps: object[] };
    description: { title: string };
  };
  assert.deepEqual([plan.version, plan.target.name], [1, 'shop']);
  assert.ok(plan.steps.length > 5);
  assert.match(description.title, /^Deploy 'shopone:/);
});

test('a plan that cannot begin: 1, with the reason', async () => {
  const elsewhere = '/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/others-rg';
  azure.place(`${elsewhere}/providers/Microsoft.ContainerRegistry/registries/takenreg`, {
    location: 'westeurope',
    sku: { name: 'Basic' },
    properties: { loginServer: '127.0.0.1:9', provisioningState: 'Succeeded' },
  });
  const place = appFolder(targetsOf(azure, { shop: shop.map((line) => line.replace('shopreg', 'takenreg')) }));
  const planned = await deploy(place, ['--plan', '--exit-code']);
  assert.deepEqual([planned.code, planned.stderr], [1, '']);
  assert.match(planned.stdout, /\nThis cannot begin:\n {2}.*'takenreg'.*\n/);
  const applied = await deploy(place, ['--apply', '--format', 'json']);
  assert.equal(applied.code, 1);
  const { outcome, blockers } = JSON.parse(applied.stdout) as { outcome: string; blockers: string[] };
  assert.equal(outcome, 'blocked');
  assert.match(blockers.join('\n'), /'takenreg'/);
  assert.match(applied.stderr, /This cannot begin:/);
});

test('secrets without values are told before anything is made', async () => {
  const place = appFolder(
    targetsOf(azure, { shop: [...shop, 'secrets: { API_KEY: ask, DATABASE: "environment:DATABASE_URL" }'] }),
  );
  const ran = await deploy(place, ['--apply']);
  assert.deepEqual([ran.code, ran.stdout], [2, '']);
  assert.match(ran.stderr, /\nshipshape: 2 secrets have no value: set API_KEY, DATABASE_URL in the environment\n$/);
  assert.deepEqual(
    azure.ids().filter((id) => id.includes('shop')),
    [],
  );
});

test('signs in by the token of a pipeline', async () => {
  const application = azure.entra.application();
  const file = join(appFolder(''), 'token');
  writeFileSync(file, application.federatedToken);
  const environment = { ...noSecret, AZURE_CLIENT_ID: application.clientId, AZURE_FEDERATED_TOKEN_FILE: file };
  for (const way of ['auto', 'workloadIdentity']) {
    const ran = await deploy(folder, ['--plan', '--exit-code', '--sign-in', way], { environment });
    assert.deepEqual([ran.code, ran.stderr], [3, '']);
  }
  writeFileSync(file, `${application.federatedToken}x`);
  const ran = await deploy(folder, ['--plan'], { environment });
  assert.deepEqual([ran.code, ran.stdout], [2, '']);
  assert.match(ran.stderr, /^shipshape: Entra does not accept the workload identity \(AADSTS\d+\): .+\n$/);
});

test('signs in by a code that is told on stderr', async () => {
  const user = azure.user();
  const place = appFolder(targetsOf(azure, { shop: [`tenant: ${azure.tenant}`, ...shop] }));
  let isEntered = false;
  const ran = await deploy(place, ['--plan', '--exit-code', '--format', 'json', '--sign-in', 'deviceCode'], {
    environment: noSecret,
    onStderr: (text) => {
      const code = /enter the code (\S+) at https:/.exec(text)?.[1];
      if (code === undefined || isEntered) return;
      isEntered = true;
      azure.entra.enterCode(code, { objectId: user.objectId });
    },
  });
  assert.equal(ran.code, 3);
  assert.match(ran.stderr, /^shipshape: To sign in, enter the code \S+ at https:\S+\n$/);
  assert.ok(JSON.parse(ran.stdout));
});

const notSignedIn: readonly (readonly [string, Readonly<Record<string, string | undefined>>, RegExp])[] = [
  [
    'a wrong secret',
    { AZURE_CLIENT_SECRET: 'wr0ng-secret' },
    /^shipshape: Entra does not accept AZURE_CLIENT_ID and its secret \(AADSTS7000215\): check them\n$/,
  ],
  [
    'another tenant',
    { AZURE_TENANT_ID: '11111111-1111-4111-8111-111111111111' },
    /^shipshape: Entra knows no such tenant: check AZURE_TENANT_ID\n$/,
  ],
  ['nobody', { ...noSecret, PATH: '/nowhere' }, /^shipshape: .*AZURE_CLIENT_SECRET.*\n$|^shipshape: Azure CLI.*\n$/],
];

for (const [title, environment, expected] of notSignedIn) {
  test(`${title}: 2 and one sentence`, async () => {
    const ran = await deploy(folder, ['--plan', '--format', 'json'], { environment });
    assert.match(ran.stderr, expected);
    assert.deepEqual([ran.code, ran.stdout], [2, '']);
    assert.ok(!ran.stderr.includes('wr0ng'));
  });
}

test('expired sign-ins: 2 and one sentence', async () => {
  const application = azure.entra.application();
  azure.faults.add(
    /GET \/subscriptions\//,
    {
      kind: 'answer',
      status: 401,
      body: { error: { code: 'ExpiredAuthenticationToken', message: 'The access token expiry UTC time is earlier.' } },
    },
    1000,
  );
  const environment = { AZURE_CLIENT_ID: application.clientId, AZURE_CLIENT_SECRET: application.secret };
  const ran = await deploy(folder, ['--plan'], { environment });
  azure.faults.clear();
  assert.deepEqual([ran.code, ran.stdout], [2, '']);
  assert.match(ran.stderr, /^shipshape: Azure does not accept your sign-in any more: sign in again\n$/);
});

test('an address that is not there, and a certificate that nobody knows: 2 and one sentence', async () => {
  const unknown = await deploy(folder, ['--plan'], { environment: { NODE_EXTRA_CA_CERTS: undefined, ...signedIn } });
  assert.deepEqual([unknown.code, unknown.stdout], [2, '']);
  assert.match(unknown.stderr, /^shipshape: [^\n]*certificate[^\n]*\n$/i);
});

for (const [title, option, file, message] of [
  ['a journal that cannot be written', '--journal', '/dev/null/journal.json', "'/dev/null/journal.json' cannot be "],
  ['a journal among the files that are built', '--journal', 'www/journal.json', "The journal 'www/journal.json' is "],
  [
    'a result that cannot be written',
    '--output',
    '/dev/null/url',
    "'/dev/null/url' cannot be written: it would be in a",
  ],
] as const) {
  test(`${title}: 2, before anything is made`, async () => {
    const ran = await deploy(folder, ['--apply', option, file]);
    assert.deepEqual([ran.code, ran.stdout], [2, '']);
    assert.ok(ran.stderr.trimEnd().split('\n').at(-1)?.startsWith(`shipshape: ${message}`), ran.stderr);
    assert.deepEqual(
      azure.ids().filter((id) => id.includes('shop')),
      [],
    );
  });
}

test('a journal that is none, as of a wrong name: 2, and the file stays as it is', async () => {
  const place = appFolder(targetsOf(azure, { shop }));
  const file = join(appFolder(''), 'notes.txt');
  writeFileSync(file, 'Mine\n');
  const ran = await deploy(place, ['--apply', '--journal', file]);
  assert.deepEqual([ran.code, ran.stdout], [2, '']);
  assert.match(
    ran.stderr,
    /\nshipshape: '.*notes\.txt' is no journal of this version: give another file, or delete it\n$/,
  );
  assert.equal(readFileSync(file, 'utf8'), 'Mine\n');
});

test('one deployment of an app at a time: the second says who is at it, and one that was killed is forgotten', async () => {
  azure.faults.add(/PUT .*\/resourcegroups\/shop-rg$/i, { kind: 'hang' });
  let begun: (child: ChildProcess) => void = () => undefined;
  const hanging = new Promise<ChildProcess>((resolve) => (begun = resolve));
  const first = deploy(folder, ['--apply'], {
    onStderr: (text, child) => {
      if (text.includes("Create the resource group 'shop-rg' …")) begun(child);
    },
  });
  const child = await Promise.race([hanging, first.then(({ stderr }) => assert.fail(stderr))]);
  const second = await deploy(folder, ['--apply']);
  assert.deepEqual([second.code, second.stdout], [2, '']);
  assert.equal(
    second.stderr,
    `shipshape: 'shop' is being deployed from the command line already (process ${child.pid ?? ''}): wait until that ends, or stop it there\n`,
  );
  child.kill('SIGKILL');
  assert.equal((await first).code, null);

  azure.faults.clear();
  const body = { error: { code: 'AuthorizationFailed', message: 'No.' } };
  azure.faults.add(/PUT .*\/resourcegroups\/shop-rg$/i, { kind: 'answer', status: 403, body });
  const third = await deploy(folder, ['--apply']);
  azure.faults.clear();
  assert.equal(third.code, 1, third.stderr);
  assert.match(third.stderr, /Create the resource group 'shop-rg' …\nshipshape: {3}failed: /);
});
