import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, type JsonObject } from '../../../../client/src/azure/json.ts';
import type { ContainerAppChoices, Target } from '../../../../client/src/deploy/choices.ts';
import type { Facts } from '../../../../client/src/deploy/facts.ts';
import { makePlan } from '../../../../client/src/deploy/plan/make-plan.ts';
import { simulate } from './simulate.ts';
import {
  appId,
  containerApp,
  drawn,
  factsOf,
  group,
  outline,
  targetOf,
  text,
  withResource,
  withSource,
} from './support.ts';

const app = containerApp;
const several: ContainerAppChoices = { ...app, revisions: 'multiple' };
const nextCommit = { commit: { short: '5e6f708', full: '5e6f708', isDirty: false } };
const health = { path: '/healthz', interval: 300, timeout: 5, startPeriod: 20, retries: 30 };

function deployed(target: Target): Facts {
  return simulate(makePlan(target, factsOf(target)), factsOf(target)).facts;
}

function edited(facts: Facts, part: 'template' | 'configuration', change: (there: JsonObject) => JsonObject): Facts {
  return withResource(facts, appId, (there) => {
    const properties = there['properties'] as JsonObject;
    return { ...there, properties: { ...properties, [part]: change(properties[part] as JsonObject) } };
  });
}

test('nothing there: workspace and environment, then the app in one call', () => {
  const target = targetOf(
    {
      ...app,
      minReplicas: 1,
      rules: [
        { kind: 'http', name: 'http', requests: 50 },
        { kind: 'cpu', name: 'cpu', percent: 70 },
        { kind: 'queue', name: 'orders', queue: 'orders', length: 10, connection: 'QUEUE' },
      ],
    },
    { env: { GREETING: 'hello' }, secrets: { QUEUE: { from: 'environment', variable: 'QUEUE' } } },
  );
  const facts = withSource(factsOf(target), { health });
  const plan = makePlan(target, facts);
  assert.equal(
    drawn(plan),
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
         4 + Create the Log Analytics workspace 'shop-logs'
             logs are kept: 30 days
             costs: $2.30 per GB of logs, 5 GB a month free
         5 + Create the environment 'shop-env'
             logs: workspace 'shop-logs'
             Container apps run in one; this takes some minutes and costs nothing by itself
         6 + Give the identity 'shop-pull' the role 'AcrPull' on 'shopreg' to pull the image
         7 > Build 'shop:1a2b3c4' and push it
         8 > Wait until 'shop' may use its new role
             A new role takes a while to work everywhere in Azure; a pull that is refused until then is tried again
         9 + Create the container app 'shop'
             image: shopreg.azurecr.io/shop:1a2b3c4
             reachable: from the internet, port 8080
             size: 0.5 vCPU, 1 GiB
             replicas: 1 to 5
             scale rule http: 50 requests at once per replica
             scale rule cpu: 70 % CPU per replica
             scale rule orders: 10 messages of 'orders' per replica
             revisions: single
             probes: /healthz on port 8080
             secret queue: <secret QUEUE>
             variable GREETING: hello
             variable QUEUE: secret queue
             costs: $0.000024 per vCPU and second, $0.000003 per GiB and second, the first 50 vCPU hours a month free
        10 > Wait until 'shop' answers at /healthz

      Costs:
        Container registry Basic: $5.00 a month (East US, list price of 2025)
        Log Analytics workspace: $2.30 per GB of logs, 5 GB a month free (East US, list price of 2025)
        Container app of 0.5 vCPU, 1 GiB, at least 1 running: $0.000024 per vCPU and second, $0.000003 per GiB and second, the first 50 vCPU hours a month free (East US, list price of 2025)
        Together: $5.00 a month, and what goes by use or is not known here
    `),
  );
  const { sent } = simulate(plan, facts);
  const container = at(sent.find(({ step }) => step === 'app')?.body, 'properties.template.containers.0');
  assert.deepEqual(at(container, 'probes'), [
    {
      type: 'Liveness',
      httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' },
      periodSeconds: 240,
      timeoutSeconds: 5,
      failureThreshold: 10,
    },
    {
      type: 'Readiness',
      httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' },
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 3,
    },
    {
      type: 'Startup',
      httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' },
      periodSeconds: 6,
      timeoutSeconds: 5,
      failureThreshold: 10,
    },
  ]);
});

test('all there and equal: nothing but the image', () => {
  assert.equal(
    drawn(makePlan(targetOf(app), deployed(targetOf(app)))),
    text(`
      Commit: 1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d

      Steps (+ create, ~ change, > do, = leave):
         1 = Resource group 'shop' stays as it is
         2 = Registry 'shopreg' stays as it is
         3 = Identity 'shop-pull' stays as it is
         4 = Log Analytics workspace 'shop-logs' stays as it is
         5 = Environment 'shop-env' stays as it is
         6 = The identity 'shop-pull' has the role 'AcrPull' on 'shopreg'
         7 > Build 'shop:1a2b3c4' and push it
         8 = Container app 'shop' stays as it is
         9 > Restart the revision 'shop--v1a2b3c4' if the image is pushed again
             The tag stays the same, so Azure would not pull the image again by itself
        10 > Wait until 'shop' answers at /
    `),
  );
});

test('an update keeps what is not ours: containers, mounts, probes, arguments, variables, rules', () => {
  const target = targetOf(
    { ...app, cpu: 1, memory: 2, rules: [{ kind: 'http', name: 'http', requests: 20 }] },
    { env: { GREETING: 'hello' } },
  );
  const mine: JsonObject = {
    args: ['--fast'],
    volumeMounts: [{ volumeName: 'data', mountPath: '/data' }],
    env: [
      { name: 'GREETING', value: 'typed by hand' },
      { name: 'THEIRS', value: 'marked-secret' },
    ],
    probes: [{ type: 'Liveness', tcpSocket: { port: 8080 } }],
  };
  const sidecar: JsonObject = { name: 'sidecar', image: 'docker.io/library/envoy:1' };
  const before = edited(deployed(targetOf(app)), 'template', (there) => ({
    ...there,
    volumes: [{ name: 'data', storageType: 'EmptyDir' }],
    scale: { minReplicas: 0, maxReplicas: 3, rules: [{ name: 'theirs', custom: { type: 'cron', metadata: {} } }] },
    containers: [...(there['containers'] as JsonObject[]).map((one) => ({ ...one, ...mine })), sidecar],
  }));
  const facts = withSource(before, { ...nextCommit, health });
  const plan = makePlan(target, facts);
  assert.equal(
    drawn(plan),
    text(`
      Commit: 5e6f708

      Steps (+ create, ~ change, > do, = leave):
        1 = Resource group 'shop' stays as it is
        2 = Registry 'shopreg' stays as it is
        3 = Identity 'shop-pull' stays as it is
        4 = Log Analytics workspace 'shop-logs' stays as it is
        5 = Environment 'shop-env' stays as it is
        6 = The identity 'shop-pull' has the role 'AcrPull' on 'shopreg'
        7 > Build 'shop:5e6f708' and push it
        8 ~ Run 'shop:5e6f708' in the container app 'shop'
            image: shopreg.azurecr.io/shop:1a2b3c4 -> shopreg.azurecr.io/shop:5e6f708
            vCPU: 0.5 -> 1
            memory: 1Gi -> 2Gi
            variable GREETING: hello
            replicas at most: 3 -> 5
            scale rules: theirs -> theirs, http
            revision: shop--v1a2b3c4 -> shop--v5e6f708
            This makes a new revision, which takes the place of the old one
        9 > Wait until 'shop' answers at /healthz
    `),
  );
  assert.doesNotMatch(JSON.stringify(plan), /typed by hand|marked-secret/);

  const body = simulate(plan, facts).sent.find(({ step }) => step === 'app')?.body;
  assert.deepEqual(body, {
    location: 'westeurope',
    properties: {
      template: {
        revisionSuffix: 'v5e6f708',
        volumes: [{ name: 'data', storageType: 'EmptyDir' }],
        scale: {
          minReplicas: 0,
          maxReplicas: 5,
          rules: [
            { name: 'theirs', custom: { type: 'cron', metadata: {} } },
            { name: 'http', http: { metadata: { concurrentRequests: '20' } } },
          ],
        },
        containers: [
          {
            name: 'web',
            image: 'shopreg.azurecr.io/shop:5e6f708',
            resources: { cpu: 1, memory: '2Gi' },
            ...mine,
            env: [
              { name: 'GREETING', value: 'hello' },
              { name: 'THEIRS', value: 'marked-secret' },
            ],
          },
          sidecar,
        ],
      },
    },
  });
});

test('with several revisions a new one gets no traffic until it is promoted', () => {
  const target = targetOf(several);
  const facts = withSource(deployed(target), nextCommit);
  const step = makePlan(target, facts).steps.find(({ id }) => id === 'app');
  assert.deepEqual(step?.changes, [
    { what: 'image', from: 'shopreg.azurecr.io/shop:1a2b3c4', to: 'shopreg.azurecr.io/shop:5e6f708' },
    { what: 'revision', from: 'shop--v1a2b3c4', to: 'shop--v5e6f708' },
    { what: 'traffic', from: '100 % to the latest', to: '100 % to shop--v1a2b3c4' },
  ]);
  assert.deepEqual(step.do === 'update' && step.send, [
    'location',
    'properties.template',
    'properties.configuration.ingress.traffic',
  ]);
  const again = makePlan(
    target,
    withSource(simulate(makePlan(target, facts), facts).facts, {
      commit: { short: 'abcdef0', full: 'abcdef0', isDirty: false },
    }),
  );
  assert.equal(
    again.steps.some((step) => step.changes?.some(({ what }) => what === 'traffic')),
    false,
  );
});

test('from several revisions back to one, all traffic goes to the latest', () => {
  const plan = makePlan(targetOf(app), deployed(targetOf(several)));
  assert.deepEqual(plan.steps.find(({ id }) => id === 'app')?.changes, [
    { what: 'revisions', from: 'Multiple', to: 'Single' },
    { what: 'traffic', from: '100 % to the latest', to: '100 % to the latest' },
  ]);
});

test('the same commit with another template needs a revision of another name', () => {
  const target = targetOf({ ...app, maxReplicas: 9 });
  const plan = makePlan(target, deployed(targetOf(app)));
  const revision = plan.steps.find(({ id }) => id === 'app')?.changes?.find(({ what }) => what === 'revision');
  assert.match(revision?.to ?? '', /^shop--v1a2b3c4-[0-9a-f]{5}$/);
  simulate(plan, deployed(targetOf(app)));
});

test('secrets that are there are kept, and set again only if they have changed', () => {
  const target = targetOf(app, { secrets: { DB_PASSWORD: { from: 'ask' } } });
  const facts = edited(deployed(target), 'configuration', (there) => ({
    ...there,
    secrets: [...(there['secrets'] as JsonObject[]), { name: 'theirs' }],
  }));
  const step = makePlan(target, facts).steps.find(({ id }) => id === 'app');
  assert.equal(step?.title, "Set the secrets of the container app 'shop' if they have changed");
  assert.deepEqual(step.do === 'update' && { edits: step.edits, send: step.send, keep: step.keep }, {
    edits: [{ at: 'properties.configuration.secrets[name=db-password].value', to: { $secret: 'DB_PASSWORD' } }],
    send: ['location', 'properties.configuration.secrets'],
    keep: { path: `${appId}/listSecrets`, into: 'properties.configuration.secrets' },
  });
});

test('with its own identity it begins with an image that anybody may pull', () => {
  const target = targetOf(app, { identity: { kind: 'system' } });
  assert.equal(
    outline(makePlan(target, factsOf(target))),
    text(`
      + group
      + registry
      + workspace
      + environment
      + app
      + role:pull
      > image
      > settle
      ~ app:image
      > answer
    `),
  );
});

test('what a deployment left that got no further than the placeholder is finished, and not kept', () => {
  const target = targetOf(several, { identity: { kind: 'system' } });
  const whole = makePlan(target, factsOf(target));
  const half = { ...whole, steps: whole.steps.slice(0, whole.steps.findIndex(({ id }) => id === 'app') + 1) };
  const plan = makePlan(target, simulate(half, factsOf(target)).facts);
  assert.equal(
    outline(plan),
    text(`
      = group
      = registry
      = workspace
      = environment
      + role:pull
      > image
      > settle
      ~ app
      > answer
    `),
  );
  assert.equal(
    plan.steps.find(({ id }) => id === 'app')?.changes?.some(({ what }) => what === 'traffic'),
    false,
  );
});

test('a registry that is pulled from with a password is pulled from with the identity', () => {
  const facts = edited(deployed(targetOf(app)), 'configuration', (there) => ({
    ...there,
    registries: [
      { server: 'other.azurecr.io', identity: 'system' },
      { server: 'shopreg.azurecr.io', username: 'shopreg', passwordSecretRef: 'pw' },
    ],
  }));
  const step = makePlan(targetOf(app), facts).steps.find(({ id }) => id === 'app');
  assert.deepEqual(step?.do === 'update' && step.edits.map(({ to }) => to), [
    [
      { server: 'other.azurecr.io', identity: 'system' },
      {
        server: 'shopreg.azurecr.io',
        identity: `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shop-pull`,
      },
    ],
  ]);
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
    'another environment',
    ["'shop' is in the environment 'other', not in 'shop-env': choose that one"],
    withResource(there, appId, (one) => ({
      ...one,
      properties: {
        ...(one['properties'] as JsonObject),
        environmentId: `${group}/providers/Microsoft.App/managedEnvironments/other`,
      },
    })),
  );
  await blocked(
    'another container',
    ["'shop' has no container 'web': choose 'container: main' (or sidecar)"],
    edited(there, 'template', (one) => ({ ...one, containers: [{ name: 'main' }, { name: 'sidecar' }] })),
  );
  await blocked(
    'no room for an environment',
    [
      'All 15 environments that the subscription may have in westeurope are used: choose one of them, or another location',
    ],
    { ...empty, quotas: [{ what: 'Container Apps environments in westeurope', used: 15, limit: 15 }] },
  );
  await blocked(
    'a name that is taken',
    ["The container app cannot be called 'shop': choose another name (AlreadyExists)"],
    { ...empty, nameTaken: new Map([['containerApp', 'AlreadyExists']]) },
  );
  await blocked(
    'replicas',
    ["'shop' cannot have 3 to 2 replicas: raise 'maxReplicas'"],
    empty,
    targetOf({ ...app, minReplicas: 3, maxReplicas: 2 }),
  );
  await blocked(
    'a rule without its secret',
    ["The scale rule 'q' needs the secret 'Q': add it to 'secrets'"],
    empty,
    targetOf({ ...app, rules: [{ kind: 'queue', name: 'q', queue: 'q', length: 1, connection: 'Q' }] }),
  );
  await blocked(
    'secrets of one name',
    ["'A_B' and 'A.B' would be the same secret: rename one"],
    empty,
    targetOf(app, { secrets: { A_B: { from: 'ask' }, 'A.B': { from: 'ask' } } }),
  );
});

test('what is worth knowing', async (t) => {
  const warned = async (name: string, expected: readonly string[], target: Target): Promise<void> => {
    await t.test(name, () => assert.deepEqual(makePlan(target, factsOf(target)).warnings, expected));
  };
  await warned(
    'memory that does not go with the CPU',
    ["Container Apps have 2 GiB for each vCPU: 'shop' gets 0.5 vCPU and 1 GiB, not 0.4 and 4"],
    targetOf({ ...app, cpu: 0.4, memory: 4 }),
  );
  await warned(
    'only CPU to wake it',
    ["CPU cannot wake 'shop' from zero: keep one replica, or add a rule for requests or a queue"],
    targetOf({ ...app, rules: [{ kind: 'cpu', name: 'cpu', percent: 50 }] }),
  );
  await warned(
    'nobody can ask it',
    ["'shop' can be reached only from its environment: whether it answers is not checked"],
    targetOf({ ...app, external: false }),
  );
});
