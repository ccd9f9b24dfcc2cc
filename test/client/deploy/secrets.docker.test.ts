import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isObject, textAt } from '../../../client/src/azure/json.ts';
import { azScript } from '../../../client/src/deploy/az-script.ts';
import type { Plan } from '../../../client/src/deploy/plan.ts';
import { ask } from '../../azure/test-client.ts';
import { appFolder, serving, startBench, targetsOf } from '../../command-line/deploy-cli.ts';
import { dockerTest, ensureBaseImage } from '../../docker/docker.ts';

// Whole deployments by the command line, with everything that they leave, say and start searched for what is secret.
ensureBaseImage();
const { azure, deploy, clientSecret } = await startBench();

const given = {
  API_KEY: 'm4rked-ask/+"quoted"&more=',
  DATABASE_URL: 'postgres://shop:m4rked-environment@db/shop',
  BUILD_TOKEN: 'm4rked-build/+"token"&more=',
};
const common = [
  'resourceGroup: shop-rg',
  'registry: { name: shopreg }',
  'identity: shop-identity',
  'env: { TONE: calm }',
  'secrets: { API_KEY: ask, DATABASE: "environment:DATABASE_URL" }',
];
const insights = 'monitoring: { applicationInsights: shop-insights }';
const broken = 'image: { dockerfile: broken/Dockerfile, repository: broken }';
const built = (place: 'local' | 'cloud'): string =>
  `image: { dockerfile: built/Dockerfile, build: ${place}, secretArguments: { BUILD_TOKEN: ask } }`;
const targets = {
  app: [...common, insights, 'containerApp: { name: shop-app, environment: shop-env, workspace: shop-logs }'],
  site: [...common, insights, built('local'), 'appService: { name: shop-web, plan: shop-plan, sku: S1 }'],
  one: [...common, built('cloud'), 'containerInstance: { name: shop-one, cpu: 0.5, memory: 0.5 }'],
  brokenApp: [
    ...common,
    insights,
    broken,
    'containerApp: { name: shop-bad-app, environment: shop-env, workspace: shop-logs }',
  ],
  brokenOne: [...common, broken, 'containerInstance: { name: shop-bad-one, cpu: 0.5, memory: 0.5, restart: Never }'],
};
const folder = appFolder(targetsOf(azure, targets), {
  // Has its token, and tells it to the log.
  'built/Dockerfile': serving.replace(
    'COPY',
    `ARG BUILD_TOKEN\nRUN printf %s "$BUILD_TOKEN" | sha256sum | grep ${hashOf(given.BUILD_TOKEN)} && echo "token=$BUILD_TOKEN"\nCOPY`,
  ),
  // Says all that it was told, as frameworks do in their pages of errors, and ends.
  'broken/Dockerfile': serving.replace(/CMD.*/, 'CMD ["sh", "-c", "env; echo key=$API_KEY; exit 3"]'),
});
const outside = appFolder('');
const temporary = join(outside, 'temporary');
mkdirSync(temporary);
const started = recordPrograms(outside, ['docker', 'git']);
const environment = { ...given, TMPDIR: temporary, PATH: `${started.path}:${process.env['PATH'] ?? ''}` };

/** All that was told, and by whom. */
const told: { readonly where: string; readonly text: string }[] = [];

for (const target of Object.keys(targets) as (keyof typeof targets)[]) {
  const isBroken = target.startsWith('broken');
  dockerTest(`deploys '${target}'${isBroken ? ', which fails' : ''}`, async () => {
    const tell = (where: string, text: string): number => told.push({ where: `${target}: ${where}`, text });
    const journal = join(outside, 'journals', `${target}.json`);
    const planned = await deploy(folder, ['--plan', '--target', target, '--format', 'json'], { environment });
    assert.equal(planned.code, 0, planned.stdout);
    const text = await deploy(folder, ['--plan', '--target', target], { environment });
    tell('plan', `${planned.stdout}${planned.stderr}${text.stdout}${text.stderr}`);
    tell('az script', azScript((JSON.parse(planned.stdout) as { plan: Plan }).plan));
    const args = ['--apply', '--target', target, '--journal', journal, '--verbose', '--format', 'json'];
    const ran = await deploy(folder, args, { environment });
    assert.equal(ran.code, isBroken ? 1 : 0, ran.stderr);
    // It was told all, and what was secret of it is left out.
    if (target === 'site' || target === 'one') assert.match(ran.stderr, /token=\*\*\*/);
    if (isBroken) assert.match(ran.stderr, /\n[^\n]*key=\*\*\*[^]*(The app does not start|did not get ready)/);
    tell('stdout', ran.stdout);
    tell('stderr', ran.stderr);
    // Whoever deploys alone holds a lock meanwhile, in a folder that stays.
    const left = filesIn(temporary).filter((file) => file.includes('/shipshape-'));
    assert.deepEqual(left, []);
  });
}

for (const [target, call] of [
  ['one', /PUT .*\/containerGroups\/shop-one/i],
  ['site', /(PUT|PATCH) .*\/sites\/shop-web/i],
] as const) {
  dockerTest(`a refusal that quotes what was sent to '${target}'`, async () => {
    const message = `The value ${Object.values(given).join(' ')} is wrong`;
    azure.faults.add(call, {
      kind: 'answer',
      status: 400,
      body: { error: { code: 'InvalidRequestContent', message } },
    });
    writeFileSync(join(folder, 'www/index.html'), `Edition of ${target}\n`);
    const ran = await deploy(folder, ['--apply', '--target', target, '--verbose'], { environment });
    azure.faults.clear();
    assert.equal(ran.code, 1, ran.stderr);
    told.push({ where: 'refused', text: `${ran.stdout}${ran.stderr}` });
  });
}

dockerTest('what only the build may know is no setting of the app', async () => {
  const path = azure.ids().find((id) => /sites\/shop-web$/i.test(id)) ?? '';
  const list = { method: 'POST', path: `${path}/config/appsettings/list`, version: '2023-12-01' } as const;
  const settings = await ask(azure, { ...list, token: azure.user().token });
  assert.deepEqual(
    Object.keys(settings.body['properties'] ?? {}).filter((name) => /TOKEN|API_KEY/.test(name)),
    ['API_KEY'],
  );
});

dockerTest('nothing secret is in any of it', async () => {
  const workspace = azure.ids().find((id) => /workspaces\/shop-logs$/i.test(id)) ?? '';
  const keys = await ask(azure, {
    method: 'POST',
    path: `${workspace}/sharedKeys`,
    version: '2020-08-01',
    token: azure.user().token,
  });
  const component = azure.resource(azure.ids().find((id) => /components\/shop-insights$/i.test(id)) ?? '');
  const secrets = {
    ...given,
    'client secret': clientSecret,
    'workspace key': textAt(keys.body, 'primarySharedKey') ?? '',
    'other workspace key': textAt(keys.body, 'secondarySharedKey') ?? '',
    'connection string': textAt(isObject(component) ? component : {}, 'properties.ConnectionString') ?? '',
  };
  for (const [name, value] of Object.entries(secrets)) assert.ok(value.length > 10, name);

  const { calls } = started;
  assert.ok(calls().some(({ args }) => args.includes('login')));
  assert.ok(calls().some(({ args }) => args.includes('build')));
  const everything = [
    ...told,
    ...calls().map(({ program, args }) => ({ where: `arguments of ${program}`, text: args.join('\0') })),
    // What the user's own environment holds is inherited; nothing is added to it.
    ...calls().map(({ program, added }) => ({ where: `environment of ${program}`, text: added.join('\0') })),
    ...[folder, outside].flatMap((place) =>
      filesIn(place)
        .filter((file) => !file.startsWith(started.path))
        .map((file) => ({ where: file, text: readFileSync(file, 'latin1') })),
    ),
  ];
  assert.ok(everything.some(({ where }) => where.endsWith('app.json')));
  assert.deepEqual(
    everything.flatMap(({ where, text }) => secretsIn(text, secrets).map((name) => `${where}: ${name}`)),
    [],
  );
});

test('would find them', () => {
  const value = 'm4rked+/"&';
  const token = azure.user().token;
  for (const text of [
    value,
    JSON.stringify({ value }),
    encodeURIComponent(value),
    btoa(`shop:${value}`),
    btoa(value),
  ]) {
    assert.deepEqual(secretsIn(`a ${text} b`, { value }), ['value'], text);
  }
  assert.deepEqual(secretsIn(`Bearer ${token}`, {}), ['a token']);
  assert.deepEqual(secretsIn(btoa(`00000000:${token}`), {}), ['a token']);
});

/** The names of those that the text holds: as they are, or as JSON, addresses and base64 have them; tokens by their form. */
function secretsIn(text: string, secrets: Readonly<Record<string, string>>): readonly string[] {
  const decoded = (text.match(/[A-Za-z0-9+/_-]{12,}={0,2}/g) ?? []).map((part) =>
    Buffer.from(part, 'base64').toString(),
  );
  const all = [text, ...decoded];
  const has = (form: string): boolean => all.some((one) => one.includes(form));
  const names = Object.entries(secrets).filter(([, value]) =>
    [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)].some(has),
  );
  const hasToken = all.some((one) => /eyJ[\w-]{10,}\.[\w-]{10,}/.test(one));
  return [...names.map(([name]) => name), ...(hasToken ? ['a token'] : [])];
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

interface Call {
  readonly program: string;
  readonly args: readonly string[];
  /** Variables that we did not have ourselves. */
  readonly added: readonly string[];
}

/** Puts programs in front of others of their names that note what they were given, but for stdin, and become those. */
function recordPrograms(
  place: string,
  programs: readonly string[],
): { readonly path: string; readonly calls: () => readonly Call[] } {
  const path = join(place, 'bin');
  mkdirSync(path);
  for (const program of programs) {
    const real = execFileSync('sh', ['-c', 'command -v "$0"', program], { encoding: 'utf8' }).trim();
    const notes = `{ printf '%s\\0' "$0" "$@"; } > "${path}/$$.args"; env -0 > "${path}/$$.env"`;
    writeFileSync(join(path, program), `#!/bin/sh\n${notes}\nexec '${real}' "$@"\n`);
    chmodSync(join(path, program), 0o755);
  }
  const own = new Set<string>();
  const read = (file: string): readonly string[] => readFileSync(join(path, file), 'utf8').split('\0').slice(0, -1);
  return {
    path,
    calls: () => {
      for (const [name, value] of Object.entries(environment)) own.add(`${name}=${value}`);
      own.add(`AZURE_CLIENT_SECRET=${clientSecret}`);
      return readdirSync(path)
        .filter((file) => file.endsWith('.args') && existsSync(join(path, file.replace(/args$/, 'env'))))
        .map((file) => {
          const [program = '', ...args] = read(file);
          const added = read(file.replace(/args$/, 'env')).filter((variable) => !own.has(variable));
          return { program, args, added };
        });
    },
  };
}

function filesIn(place: string): readonly string[] {
  const entries = readdirSync(place, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
