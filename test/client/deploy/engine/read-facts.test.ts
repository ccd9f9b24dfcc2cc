import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { explain } from '../../../../client/src/azure/explain.ts';
import { lookupsOf } from '../../../../client/src/deploy/plan/lookups.ts';
import { readFacts } from '../../../../client/src/deploy/read-facts.ts';
import type { Target } from '../../../../client/src/deploy/choices.ts';
import type { LocalAzure } from '../../../azure/local-azure.ts';
import { startAppService } from './app-service.ts';
import { live, placeholder, source } from './chaos.ts';
import { close, localArm } from './local.ts';

const begun = startAppService();
after(async () => await close((await begun).azure));

async function facts(name: string, azure: LocalAzure, token = azure.user().token) {
  const { scenario } = await begun;
  const target = JSON.parse(JSON.stringify(scenario.plan.target).replaceAll(placeholder, name)) as Target;
  return { target, facts: await readFacts(localArm(azure, azure.httpClient, token), target, source) };
}

test('knows of everything that a plan asks for, and that nothing is there', async () => {
  const { azure } = await begun;
  const { target, facts: found } = await facts('none', azure);
  const { resources, providers } = lookupsOf(target);
  for (const { path } of resources) {
    assert.ok(found.resources.has(path.toLowerCase()), path);
    assert.equal(found.resources.get(path.toLowerCase()), undefined);
  }
  assert.deepEqual(
    providers.map((provider) => found.providers.get(provider.toLowerCase())),
    providers.map(() => 'Registered'),
  );
  assert.deepEqual([...found.missingRights], []);
  assert.deepEqual(
    [...found.nameTaken],
    [
      ['registry', undefined],
      ['site', undefined],
    ],
  );
  assert.equal(found.source, source);
});

test('changes nothing', async () => {
  const { azure } = await begun;
  const { token } = azure.user();
  const before = azure.ids();
  const from = azure.traffic.length;
  await facts('none', azure, token);
  assert.deepEqual(azure.ids(), before);
  const writes = azure.traffic.slice(from).filter(({ method }) => method !== 'GET' && method !== 'HEAD');
  assert.ok(writes.every(({ url }) => /\/(checkname\w*|list)\?/i.test(url)));
});

test('sees what a deployment has made: settings, roles, and names that are now its own', async () => {
  const { azure, scenario } = await begun;
  assert.equal((await live(scenario, 'there', [])).outcome.kind, 'deployed');
  const { target, facts: found } = await facts('there', azure);
  const group = `/subscriptions/${target.subscription}/resourcegroups/shop-there`;
  const slot = `${group}/providers/microsoft.web/sites/shop-there/slots/staging`;
  assert.equal(found.settings.get(slot)?.['COLOR'], 'blue');
  assert.equal(found.roles.size, 1);
  assert.match(
    [...found.roles][0] ?? '',
    /\/registries\/shopthere\|[0-9a-f-]{36}\|7f951dda-4ed3-4680-a7ca-43fe172d538d$/,
  );
  assert.deepEqual([...found.nameTaken], []);
});

test('tells that a name is somebody else’s', async () => {
  const { azure } = await begun;
  const { target } = await facts('mine', azure);
  const there = { ...target, registry: { name: 'shopthere', sku: 'Basic' as const } };
  const found = await readFacts(localArm(azure), there, source);
  assert.match(found.nameTaken.get('registry') ?? '', /in use|taken/i);
});

test('tells which rights somebody lacks who may only read', async () => {
  const { azure } = await begun;
  const { target, facts: found } = await facts('none', azure, azure.user({ roles: ['Reader'] }).token);
  const subscription = `/subscriptions/${target.subscription}`;
  assert.ok(found.missingRights.get(subscription)?.includes('Microsoft.Resources/subscriptions/resourceGroups/write'));
  assert.deepEqual([...(await facts('there', azure, azure.user({ roles: ['Reader'] }).token)).facts.settings], []);
  const contributor = await facts('none', azure, azure.user({ roles: ['Contributor'] }).token);
  const lacking = [...contributor.facts.missingRights.values()].flat();
  assert.deepEqual([...new Set(lacking)], ['Microsoft.Authorization/roleAssignments/write']);
});

test('does without what may not be read and is not needed', async () => {
  const { azure } = await begun;
  const refused = {
    kind: 'answer',
    status: 403,
    body: { error: { code: 'AuthorizationFailed', message: 'No' } },
  } as const;
  for (const optional of [/\/permissions$/, /\/roleAssignments$/, /\/checkname/i]) azure.faults.add(optional, refused);
  try {
    const { facts: found } = await facts('there', azure);
    assert.deepEqual([found.missingRights.size, found.roles.size], [0, 0]);
  } finally {
    azure.faults.clear();
  }
});

test('says so when what is needed may not be read', async () => {
  const { azure } = await begun;
  const message =
    "The client 'u' does not have authorization to perform action 'Microsoft.Web/sites/read' over scope '/x'.";
  azure.faults.add(/GET .*\/sites\/shop-none$/, {
    kind: 'answer',
    status: 403,
    body: { error: { code: 'AuthorizationFailed', message } },
  });
  try {
    await assert.rejects(facts('none', azure), (error) => /may not|right/i.test(explain(error).message));
  } finally {
    azure.faults.clear();
  }
});
