import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Target } from '../../../../client/src/deploy/choices.ts';
import type { Facts } from '../../../../client/src/deploy/facts.ts';
import { hashOf } from '../../../../client/src/deploy/plan/hash.ts';
import { tagOf } from '../../../../client/src/deploy/plan/image.ts';
import { lookupsOf } from '../../../../client/src/deploy/plan/lookups.ts';
import { makePlan } from '../../../../client/src/deploy/plan/make-plan.ts';
import { nameProblem, proposeName, type Named } from '../../../../client/src/deploy/plan/names.ts';
import { simulate } from './simulate.ts';
import {
  containerApp,
  containerGroup,
  factsOf,
  group,
  identityId,
  registryId,
  siteId,
  source,
  subscription,
  targetOf,
  webApp,
  withResource,
  withSource,
} from './support.ts';

const principal = { properties: { principalId: 'Principal-1', clientId: 'client-1' } };

async function blockedBy(
  t: { readonly test: (name: string, run: () => void) => Promise<void> },
  cases: readonly (readonly [name: string, expected: readonly string[], facts: Facts, target?: Target])[],
): Promise<void> {
  for (const [name, expected, facts, target = targetOf(webApp)] of cases) {
    await t.test(name, () => assert.deepEqual(makePlan(target, facts).blockers, expected));
  }
}

test('the tag follows from the commit, never latest', () => {
  assert.equal(tagOf(source), '1a2b3c4');
  assert.equal(tagOf({ ...source, commit: { short: '1a2b3c4', full: '1a2b3c4d', isDirty: true } }), '1a2b3c4-c0ffee0');
  const { commit: _, ...outside } = source;
  assert.equal(tagOf(outside), 'c0ffee0');
});

test('where the app listens: as chosen, else Compose, PORT, EXPOSE', () => {
  const port = (more: object, chosen?: number): unknown => {
    const target = targetOf(webApp, chosen === undefined ? {} : { port: chosen });
    const facts = factsOf(target);
    const plan = makePlan(target, { ...facts, source: { ...source, exposed: [], ...more } });
    const site = plan.steps.find(({ id }) => id === 'site');
    const setting = site?.changes?.find(({ what }) => what === 'setting WEBSITES_PORT')?.to;
    return [setting, ...plan.warnings, ...plan.blockers];
  };
  assert.deepEqual(port({ exposed: [80], portVariable: 81, composePort: 82 }, 83), ['83']);
  assert.deepEqual(port({ exposed: [80], portVariable: 81, composePort: 82 }), ['82']);
  assert.deepEqual(port({ exposed: [80], portVariable: 81 }), ['81']);
  assert.deepEqual(port({ exposed: [80] }), ['80']);
  assert.deepEqual(port({ exposed: [80, 443] }), [
    '80',
    "EXPOSE names several ports: 80 is used, not 443; set 'port' to choose",
  ]);
  assert.deepEqual(port({}), ['0', "The port is not known: set 'port', or add EXPOSE to the Dockerfile"]);
  assert.deepEqual(port({}, 70000), ['0', '70000 is not a port: choose one from 1 to 65535']);
});

test('what stands in the way of what every target stands on', async (t) => {
  const target = targetOf(webApp);
  const empty = factsOf(target);
  const subscriptionScope = `/subscriptions/${subscription}`;
  const lacks = (scope: string, ...actions: readonly string[]): Facts => ({
    ...empty,
    missingRights: new Map([[scope.toLowerCase(), actions]]),
  });
  await blockedBy(t, [
    [
      'a provider that may not be registered',
      ["'Microsoft.Web' is not registered, and you may not register it: ask an owner of the subscription"],
      {
        ...lacks(subscriptionScope, 'Microsoft.Web/register/action'),
        providers: new Map([...empty.providers, ['microsoft.web', 'NotRegistered']]),
      },
    ],
    [
      'a group on its way out',
      ["The resource group 'shop' is being deleted: wait until it is gone, or choose another"],
      withResource(empty, group, { properties: { provisioningState: 'Deleting' } }),
    ],
    [
      'no right to make the group',
      ["You may not create the resource group 'shop': ask an owner of 'shop' for 'Contributor'"],
      lacks(subscriptionScope, 'Microsoft.Resources/subscriptions/resourceGroups/write'),
    ],
    [
      'a registry of somebody else',
      ["The registry cannot be called 'shopreg': choose another name (AlreadyInUse)"],
      { ...empty, nameTaken: new Map([['registry', 'AlreadyInUse']]) },
    ],
    [
      'a registry with a name that none can have',
      ["'shop-reg' cannot name the registry: use letters and digits"],
      empty,
      targetOf(webApp, { registry: { name: 'shop-reg', sku: 'Basic' } }),
    ],
    [
      'no right to push',
      ["You may not push to 'shopreg': ask its owner for 'AcrPush' there"],
      lacks(registryId, 'Microsoft.ContainerRegistry/registries/push/write'),
    ],
    [
      'no right to build there',
      ["You may not build in 'shopreg': ask its owner for 'Contributor' there, or build locally"],
      lacks(registryId, 'Microsoft.ContainerRegistry/registries/scheduleRun/action'),
      targetOf(webApp, { image: { ...target.image, build: 'cloud' } }),
    ],
    [
      'no right to give roles',
      [
        "You may not give roles on 'shopreg': ask an owner to give the identity 'shop-pull' the role 'AcrPull' there, or choose an identity that has it, then deploy again",
      ],
      lacks(registryId, 'Microsoft.Authorization/roleAssignments/write'),
    ],
    [
      'no Docker',
      ["Docker does not answer: start it, or choose 'build: cloud' to build in Azure"],
      withSource(empty, { hasDocker: false }),
    ],
    [
      'another platform',
      ["Azure runs images for 'linux/amd64' here, not 'linux/arm64': change 'platform'"],
      empty,
      targetOf(webApp, { image: { ...target.image, platform: 'linux/arm64' } }),
    ],
    [
      'a variable that is a secret as well',
      ["'DB' is in 'env' and in 'secrets': leave it in one of them"],
      empty,
      targetOf(webApp, { env: { DB: 'x' }, secrets: { DB: { from: 'ask' } } }),
    ],
    [
      'a secret that is nowhere',
      ["The address of the secret 'DB' is wrong: use https://VAULT.vault.azure.net/secrets/NAME"],
      empty,
      targetOf(webApp, { secrets: { DB: { from: 'keyVault', url: 'http://v/secrets' } } }),
    ],
  ]);
});

test('a role that is there, or above, is not given again, whoever may give roles', () => {
  const target = targetOf(webApp);
  const base = withResource(factsOf(target), identityId, principal);
  const acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
  for (const scope of [registryId, group, `/subscriptions/${subscription}`]) {
    const facts = {
      ...base,
      roles: new Set([`${scope}|principal-1|${acrPull}`.toLowerCase()]),
      missingRights: new Map([[registryId.toLowerCase(), ['Microsoft.Authorization/roleAssignments/write']]]),
    };
    const plan = makePlan(target, facts);
    assert.deepEqual(plan.blockers, []);
    assert.equal(plan.steps.find(({ id }) => id === 'role:pull')?.effect, 'leave');
    assert.equal(
      plan.steps.some(({ id }) => id === 'settle'),
      false,
    );
  }
});

test('registries with permissions per repository want another role', () => {
  const target = targetOf(webApp);
  const registry = { properties: { loginServer: '127.0.0.1:5000', roleAssignmentMode: 'AbacRepositoryPermissions' } };
  const plan = makePlan(target, withResource(factsOf(target), registryId, registry));
  const step = plan.steps.find(({ id }) => id === 'role:pull');
  assert.equal(step?.do === 'role' && step.role.name, 'Container Registry Repository Reader');
  assert.equal(plan.image, '127.0.0.1:5000/shop:1a2b3c4');
});

test("a registry that is there stays as it is, and its address is Azure's to say", () => {
  const target = targetOf(webApp);
  const facts = withResource(factsOf(target), registryId, {
    properties: { loginServer: '127.0.0.1:5000', adminUserEnabled: true, publicNetworkAccess: 'Disabled' },
  });
  const plan = makePlan(target, facts);
  assert.equal(plan.steps.find(({ id }) => id === 'registry')?.effect, 'leave');
  assert.deepEqual(plan.warnings, [
    "The registry 'shopreg' is closed to the internet: pushing works only from its own network",
  ]);
  const { sent } = simulate(plan, facts);
  assert.match(JSON.stringify(sent), /DOCKER\|127\.0\.0\.1:5000\/shop:1a2b3c4/);
});

test('key vaults: the role is given, or said what is needed where it cannot be', () => {
  const id = `${group}/providers/Microsoft.KeyVault/vaults/Keys`;
  const target = targetOf(webApp, {
    secrets: { A: { from: 'keyVault', url: 'https://keys.vault.azure.net/secrets/a' } },
  });
  const warnings = (facts: Facts): readonly string[] => makePlan(target, facts).warnings;
  const vault = (enableRbacAuthorization: boolean): Facts =>
    withResource(factsOf(target), id, { id, properties: { enableRbacAuthorization } });
  assert.deepEqual(warnings(factsOf(target)), [
    "The key vault 'keys' was not found: make sure that the identity 'shop-pull' may read its secrets ('Key Vault Secrets User')",
  ]);
  assert.deepEqual(warnings(vault(false)), [
    "The key vault 'keys' uses access policies: add one that lets the identity 'shop-pull' get secrets",
  ]);
  assert.deepEqual(warnings(vault(true)), []);
  const plan = makePlan(target, vault(true));
  assert.equal(plan.steps.find((step) => step.id === 'role:secrets:keys')?.resource, id);
  const settle = plan.steps.find((step) => step.do === 'settle');
  assert.deepEqual(settle?.do === 'settle' && settle.roles, ['role:pull', 'role:secrets:keys']);
  const site = simulate(plan, vault(true)).sent.find(({ step }) => step === 'site');
  assert.match(JSON.stringify(site?.body), /"keyVaultReferenceIdentity":"[^"]+shop-pull"/);
});

test('every quota that is used up is told', () => {
  const target = targetOf(webApp);
  const quotas = [{ what: 'App Service B1 in westeurope', used: 10, limit: 10 }];
  assert.deepEqual(makePlan(target, { ...factsOf(target), quotas }).warnings, [
    'There is no room left for App Service B1 in westeurope: 10 of 10 are used',
  ]);
});

test('what a plan depends on is looked up, and nothing twice', () => {
  for (const app of [webApp, { ...webApp, slot: 'staging', sku: 'S1' }, containerApp, containerGroup]) {
    const target = targetOf(app, { monitoring: { applicationInsights: 'insights', alertAbove5xx: 3 } });
    const lookups = lookupsOf(target);
    const looked = new Set([...lookups.resources, ...lookups.lists].map(({ path }) => path.toLowerCase()));
    assert.equal(looked.size, lookups.resources.length + lookups.lists.length);
    const resources = new Map<string, undefined>();
    const watched = new Proxy(resources, {
      get: (map, key) =>
        key === 'get'
          ? (id: string) => {
              assert.ok(looked.has(id), `${id} is not looked up`);
              map.get(id);
            }
          : (Reflect.get(map, key) as unknown as () => unknown).bind(map),
    });
    makePlan(target, { ...factsOf(target), resources: watched });
  }
});

test('the same facts and choices give the same plan, others another', () => {
  const target = targetOf(webApp);
  assert.equal(makePlan(target, factsOf(target)).id, makePlan(target, factsOf(target)).id);
  const other = targetOf(webApp, { env: { A: '1' } });
  assert.notEqual(makePlan(target, factsOf(target)).id, makePlan(other, factsOf(other)).id);
  // Values of the published test vectors, which are over bytes: these texts have only those.
  assert.equal(hashOf(''), 'cbf29ce484222325');
  assert.equal(hashOf('a'), 'af63dc4c8601ec8c');
  assert.equal(hashOf('foobar'), '85944171f73967e8');
});

test('names: what Azure allows', () => {
  const allowed: readonly (readonly [Named, string])[] = [
    ['registry', 'shop1'],
    ['repository', 'team/shop.web_1'],
    ['site', 'a-b'],
    ['containerApp', 'shop-web'],
    ['dnsLabel', 'shop-1'],
    ['resourceGroup', 'Shop (test)_1'.replace(' ', '')],
    ['slot', 'production-2'],
  ];
  for (const [kind, name] of allowed) assert.equal(nameProblem(kind, name), undefined, `${kind} ${name}`);
  const refused: readonly (readonly [Named, string])[] = [
    ['registry', 'shop'],
    ['registry', 'shop-registry'],
    ['repository', 'Shop'],
    ['site', 'shop-'],
    ['containerApp', 'shop--web'],
    ['containerApp', '1shop'],
    ['dnsLabel', 'Shop1'],
    ['resourceGroup', 'shop.'],
    ['slot', 'production'],
    ['identity', '-x'],
  ];
  for (const [kind, name] of refused) assert.notEqual(nameProblem(kind, name), undefined, `${kind} ${name}`);
});

test('names: every proposal can be had, whatever the folder is called', () => {
  const kinds: readonly Named[] = [
    'resourceGroup',
    'registry',
    'repository',
    'identity',
    'plan',
    'site',
    'slot',
    'environment',
    'workspace',
    'containerApp',
    'container',
    'containerInstance',
    'dnsLabel',
    'component',
    'secret',
  ];
  const folders = ['shop', 'Shop Web', '', '1-2-3', 'ÄÖ', '日本', 'a', '--', 'x'.repeat(200), 'a--b', 'production'];
  for (const kind of kinds) {
    for (const folder of folders) {
      for (const attempt of [0, 1, 10]) {
        const name = proposeName(kind, folder, attempt);
        assert.equal(nameProblem(kind, name), undefined, `${kind} for '${folder}': ${name}`);
        assert.equal(name, proposeName(kind, folder, attempt));
      }
    }
  }
  assert.equal(proposeName('registry', 'Shop Web'), 'shopwebregistry');
  assert.equal(proposeName('identity', 'Shop Web'), 'shop-web-pull');
  assert.equal(proposeName('site', 'shop', 1), 'shop-2');
});

test('a plan says nothing of what only the user may know', () => {
  const target = targetOf(webApp, { secrets: { DB: { from: 'ask' } } });
  const first = simulate(makePlan(target, factsOf(target)), factsOf(target)).facts;
  const settings = new Map([[siteId.toLowerCase(), { DB: 'marked-secret', OTHER: 'marked-secret' }]]);
  assert.doesNotMatch(JSON.stringify(makePlan(target, { ...first, settings })), /marked-secret/);
});

test('no figures where our prices are not those of the cloud', () => {
  const target = targetOf(webApp);
  const facts = factsOf(target);
  const elsewhere = { ...facts, cloud: { ...facts.cloud, hasListPrices: false } };
  const costs = makePlan(target, elsewhere).steps.flatMap(({ cost }) => (cost === undefined ? [] : [cost]));
  assert.deepEqual(costs.slice(0, 2), [{ what: 'Container registry Basic' }, { what: 'App Service plan B1' }]);
  assert.ok(costs.every((cost) => Object.keys(cost).join() === 'what'));
});
