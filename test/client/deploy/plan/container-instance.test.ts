import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, type JsonObject } from '../../../../client/src/azure/json.ts';
import type { Target } from '../../../../client/src/deploy/choices.ts';
import type { Facts } from '../../../../client/src/deploy/facts.ts';
import { makePlan } from '../../../../client/src/deploy/plan/make-plan.ts';
import { simulate } from './simulate.ts';
import {
  containerGroup,
  drawn,
  factsOf,
  groupId,
  outline,
  targetOf,
  text,
  withResource,
  withSource,
} from './support.ts';

const app = containerGroup;
const nextCommit = { commit: { short: '5e6f708', full: '5e6f708', isDirty: false } };

function deployed(target: Target): Facts {
  return simulate(makePlan(target, factsOf(target)), factsOf(target)).facts;
}

function withGroup(facts: Facts, change: (there: JsonObject) => JsonObject): Facts {
  return withResource(facts, groupId, (there) => ({ ...there, properties: change(there['properties'] as JsonObject) }));
}

function withContainer(facts: Facts, change: JsonObject): Facts {
  return withGroup(facts, (there) => ({
    ...there,
    containers: (there['containers'] as JsonObject[]).map((one) => ({
      ...one,
      properties: { ...(one['properties'] as JsonObject), ...change },
    })),
  }));
}

test('nothing there', () => {
  const target = targetOf(app, { env: { GREETING: 'hello' }, secrets: { DB: { from: 'ask' } }, health: '/health' });
  assert.equal(
    drawn(makePlan(target, factsOf(target))),
    text(`
      Commit: 1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d

      Steps (+ create, ~ change, > do, = leave):
        1 + Create the resource group 'shop'
            location: westeurope
        2 + Create the registry 'shopreg'
            size: Basic
            admin user: off
            costs: $5.00 a month
        3 + Create the identity 'shop-pull'
            The app pulls its image with it, so that no password is needed
        4 + Give the identity 'shop-pull' the role 'AcrPull' on 'shopreg' to pull the image
        5 > Build 'shop:1a2b3c4' and push it
        6 > Wait until 'shop' may use its new role
            A new role takes a while to work everywhere in Azure; a pull that is refused until then is tried again
        7 + Create the container group 'shop'
            image: shopreg.azurecr.io/shop:1a2b3c4
            reachable: from the internet without encryption, port 8080
            DNS label: shop-label
            size: 1 vCPU, 1.5 GB
            restart: Always
            liveness probe: /health
            variable GREETING: hello
            variable DB: <secret DB>
            costs: see its pricing page
        8 > Wait until 'shop' answers at /health

      Costs:
        Container registry Basic: $5.00 a month (East US, list price of 2025)
        Container group of 1 vCPU, 1.5 GB, by the second while it runs: see its pricing page
        Together: $5.00 a month, and what goes by use or is not known here
    `),
  );
});

test('all there and equal', () => {
  assert.equal(
    outline(makePlan(targetOf(app), deployed(targetOf(app)))),
    text(`
      = group
      = registry
      = identity
      = role:pull
      > image
      = containers
      > containers:restart
      > answer
    `),
  );
});

test('what Azure changes in place is changed in place, with secrets said again', () => {
  const target = targetOf(
    { ...app, dnsLabel: 'shop-other' },
    { env: { GREETING: 'hello' }, secrets: { DB: { from: 'ask' } } },
  );
  const before = deployed(targetOf(app, { env: { GREETING: 'hi' }, secrets: { DB: { from: 'ask' } } }));
  const facts = withSource(withContainer(before, { volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }] }), nextCommit);
  const plan = makePlan(target, facts);
  assert.equal(
    drawn(plan),
    text(`
      Commit: 5e6f708

      Steps (+ create, ~ change, > do, = leave):
        1 = Resource group 'shop' stays as it is
        2 = Registry 'shopreg' stays as it is
        3 = Identity 'shop-pull' stays as it is
        4 = The identity 'shop-pull' has the role 'AcrPull' on 'shopreg'
        5 > Build 'shop:5e6f708' and push it
        6 ~ Run 'shop:5e6f708' in the container group 'shop'
            image: shopreg.azurecr.io/shop:1a2b3c4 -> shopreg.azurecr.io/shop:5e6f708
            DNS label: shop-label -> shop-other
            variable GREETING: hello
            variable DB: <secret DB>
            All its containers restart
        7 > Wait until 'shop' answers at /
    `),
  );
  const body = simulate(plan, facts).sent.find(({ step }) => step === 'containers')?.body;
  assert.deepEqual((body?.['properties'] as JsonObject)['containers'], [
    {
      name: 'shop',
      properties: {
        image: 'shopreg.azurecr.io/shop:5e6f708',
        ports: [{ protocol: 'TCP', port: 8080 }],
        environmentVariables: [
          { name: 'GREETING', value: 'hello' },
          { name: 'DB', secureValue: 'value of DB' },
        ],
        resources: { requests: { cpu: 1, memoryInGB: 1.5 } },
        volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
      },
    },
  ]);
});

test('what Azure cannot change is deleted and made anew, and said so', () => {
  const target = targetOf({ ...app, cpu: 2, restart: 'OnFailure' });
  assert.equal(
    drawn(makePlan(target, deployed(targetOf(app)))),
    text(`
      Commit: 1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d

      Worth knowing:
        'shop' is deleted and created again (vCPU, restart): it does not answer meanwhile

      Steps (+ create, ~ change, > do, = leave):
        1 = Resource group 'shop' stays as it is
        2 = Registry 'shopreg' stays as it is
        3 = Identity 'shop-pull' stays as it is
        4 = The identity 'shop-pull' has the role 'AcrPull' on 'shopreg'
        5 > Build 'shop:1a2b3c4' and push it
        6 ~ Delete the container group 'shop'
            vCPU: 1 -> 2
            restart: Always -> OnFailure
            Azure cannot change this in a container group that exists
        7 + Create the container group 'shop'
            image: shopreg.azurecr.io/shop:1a2b3c4
            reachable: from the internet without encryption, port 8080
            DNS label: shop-label
            size: 2 vCPU, 1.5 GB
            restart: OnFailure
            costs: see its pricing page
        8 > Wait until 'shop' answers at /

      Costs:
        Container group of 2 vCPU, 1.5 GB, by the second while it runs: see its pricing page
    `),
  );
});

test('a group that has ended is made anew', () => {
  const facts = withGroup(deployed(targetOf(app)), (there) => ({ ...there, instanceView: { state: 'Failed' } }));
  assert.equal(
    outline(makePlan(targetOf(app), facts)),
    text(`
      = group
      = registry
      = identity
      = role:pull
      > image
      ~ containers:delete
      + containers
      > answer
    `),
  );
});

const logged = targetOf({ ...app, workspace: 'shop-logs' });
const workspaceId = `${groupId.split('/providers/')[0] ?? ''}/providers/Microsoft.OperationalInsights/workspaces/shop-logs`;

test('its logs go to a workspace, which is made, and whose key is read when it is needed', () => {
  const plan = makePlan(logged, factsOf(logged));
  assert.deepEqual(
    plan.steps
      .filter(({ effect, id }) => effect === 'create' && !/role|registry|identity|group/.test(id))
      .map(({ title }) => title),
    ["Create the Log Analytics workspace 'shop-logs'", "Create the container group 'shop'"],
  );
  const group = plan.steps.find(({ id }) => id === 'containers');
  assert.deepEqual(
    group?.changes?.find(({ what }) => what === 'logs'),
    { what: 'logs', to: "workspace 'shop-logs'" },
  );
  const { sent, facts } = simulate(plan, factsOf(logged));
  assert.deepEqual(at(sent.find(({ step }) => step === 'containers')?.body, 'properties.diagnostics'), {
    logAnalytics: { workspaceId: 'customer-of-shop-logs', workspaceKey: 'key-of-the-workspace' },
  });
  assert.doesNotMatch(JSON.stringify(plan), /key-of-the-workspace/);

  assert.match(outline(makePlan(logged, facts)), /= workspace\n[^]*= containers\n/);
  const next = makePlan(logged, withSource(facts, nextCommit));
  assert.deepEqual(next.blockers, []);
  const update = next.steps.find(({ id }) => id === 'containers');
  assert.deepEqual(
    update?.changes?.map(({ what, to }) => [what, to]),
    [
      ['image', 'shopreg.azurecr.io/shop:5e6f708'],
      ['key for its logs', "<key of the workspace 'shop-logs'>"],
    ],
  );
  const [put] = simulate(next, facts).sent.filter(({ step }) => step === 'containers');
  assert.equal(at(put?.body, 'properties.diagnostics.logAnalytics.workspaceKey'), 'key-of-the-workspace');
});

test('a group that is there gets a workspace only by being made anew', () => {
  const plan = makePlan(logged, { ...deployed(targetOf(app)), providers: factsOf(logged).providers });
  assert.deepEqual(plan.warnings, ["'shop' is deleted and created again (logs): it does not answer meanwhile"]);
  assert.deepEqual(plan.steps.find(({ id }) => id === 'containers:delete')?.changes, [
    { what: 'logs', from: 'kept nowhere', to: "workspace 'shop-logs'" },
  ]);
  const elsewhere = withGroup(deployed(logged), (there) => ({
    ...there,
    diagnostics: { logAnalytics: { workspaceId: 'another' } },
  }));
  assert.match(outline(makePlan(logged, elsewhere)), /= workspace\n[^]*~ containers:delete\n\+ containers\n/);
});

test('what makes it pointless to begin', async (t) => {
  const blocked = async (
    name: string,
    expected: readonly string[],
    facts: Facts,
    target = targetOf(app),
  ): Promise<void> => {
    await t.test(name, () => assert.deepEqual(makePlan(target, facts).blockers, expected));
  };
  const empty = factsOf(targetOf(app));
  const there = deployed(targetOf(app));
  await blocked(
    'its own identity',
    ["Container Instances cannot pull with an identity of their own: give 'identity' a name"],
    empty,
    targetOf(app, { identity: { kind: 'system' } }),
  );
  await blocked(
    'Key Vault',
    ["Container Instances cannot read Key Vault: take 'DB' from the environment, or let it be asked for"],
    empty,
    targetOf(app, { secrets: { DB: { from: 'keyVault', url: 'https://v.vault.azure.net/secrets/db' } } }),
  );
  await blocked(
    'no cores left',
    [
      '10 of 10 Container Instances cores in westeurope are used: delete some, ask for more, or choose another location',
    ],
    { ...empty, quotas: [{ what: 'Container Instances cores in westeurope', used: 10, limit: 10 }] },
  );
  await blocked(
    'a label that is none',
    [
      "'Shop-Label' cannot name the DNS label: use lower-case letters, digits and hyphens, a letter first, no hyphen last",
    ],
    empty,
    targetOf({ ...app, dnsLabel: 'Shop-Label' }),
  );
  await blocked(
    'what an update would lose',
    [
      "Azure does not hand out these parts of 'shop', so an update would lose them: variable TOKEN, password for other.io, volume files. Add them to 'secrets', or remove them",
      "Azure does not hand out the key for the logs of 'shop': add its 'workspace' to the target",
    ],
    withContainer(
      withGroup(there, (one) => ({
        ...one,
        imageRegistryCredentials: [
          ...(one['imageRegistryCredentials'] as JsonObject[]),
          { server: 'other.io', username: 'me' },
        ],
        volumes: [{ name: 'files', azureFile: { shareName: 's', storageAccountName: 'a' } }],
        diagnostics: { logAnalytics: { workspaceId: 'w' } },
      })),
      { image: 'other', environmentVariables: [{ name: 'TOKEN' }] },
    ),
  );
  await blocked(
    'nothing, where nothing is lost because nothing is changed',
    [],
    withContainer(there, { environmentVariables: [{ name: 'TOKEN' }] }),
  );
  await blocked(
    'a key that one may not read',
    ["You may not read the key of 'shop-logs': ask its owner for 'Log Analytics Contributor'"],
    {
      ...deployed(logged),
      missingRights: new Map([
        [workspaceId.toLowerCase(), ['Microsoft.OperationalInsights/workspaces/sharedKeys/action']],
      ]),
    },
    logged,
  );
  await blocked(
    'what making it anew would lose',
    [
      "'shop' must be deleted and created again, which would lose: variable TYPED, its command. Add it to the target, or choose another name",
    ],
    withContainer(there, { environmentVariables: [{ name: 'TYPED', value: 'by hand' }], command: ['run'] }),
    targetOf({ ...app, cpu: 2 }),
  );
});
