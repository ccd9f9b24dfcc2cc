import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePlan } from '../../../../client/src/deploy/plan/make-plan.ts';
import type { AppServiceChoices } from '../../../../client/src/deploy/choices.ts';
import type { Facts } from '../../../../client/src/deploy/facts.ts';
import type { Plan } from '../../../../client/src/deploy/plan.ts';
import type { JsonObject } from '../../../../client/src/azure/json.ts';
import { simulate } from './simulate.ts';
import {
  drawn,
  factsOf,
  group,
  identityId,
  outline,
  siteId,
  source,
  targetOf,
  text,
  webApp,
  withResource,
  withSource,
} from './support.ts';

const planId = `${group}/providers/Microsoft.Web/serverfarms/shop-plan`;
const slotted: AppServiceChoices = { ...webApp, sku: 'S1', slot: 'staging' };
const nextCommit = { commit: { short: '5e6f708', full: '5e6f708', isDirty: false } };

/** What is there after a first deployment. */
function deployed(target = targetOf(webApp)): Facts {
  return simulate(makePlan(target, factsOf(target)), factsOf(target)).facts;
}

function withProperties(more: JsonObject): (there: JsonObject) => JsonObject {
  return (there) => ({ ...there, properties: { ...(there['properties'] as JsonObject), ...more } });
}

test('nothing there: everything is made, in the order in which the first pull succeeds', () => {
  const target = targetOf(webApp, {
    health: '/health',
    env: { GREETING: 'hello' },
    secrets: { DB: { from: 'ask' }, MAIL: { from: 'keyVault', url: 'https://shop.vault.azure.net/secrets/mail' } },
    monitoring: { applicationInsights: 'shop-insights', alertAbove5xx: 5 },
  });
  const facts = withResource(
    factsOf(target, { providers: new Map() }),
    `${group}/providers/Microsoft.KeyVault/vaults/shop`,
    {
      id: `${group}/providers/Microsoft.KeyVault/vaults/shop`,
      properties: { enableRbacAuthorization: true },
    },
  );
  assert.equal(
    drawn(makePlan(target, facts)),
    text(`
      Commit: 1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d

      Steps (+ create, ~ change, > do, = leave):
         1 ~ Register 'Microsoft.ContainerRegistry' in the subscription
             A subscription must be registered for a service once before its first use; this costs nothing
         2 ~ Register 'Microsoft.ManagedIdentity' in the subscription
             A subscription must be registered for a service once before its first use; this costs nothing
         3 ~ Register 'Microsoft.Web' in the subscription
             A subscription must be registered for a service once before its first use; this costs nothing
         4 ~ Register 'Microsoft.OperationalInsights' in the subscription
             A subscription must be registered for a service once before its first use; this costs nothing
         5 ~ Register 'Microsoft.Insights' in the subscription
             A subscription must be registered for a service once before its first use; this costs nothing
         6 + Create the resource group 'shop'
             location: westeurope
         7 + Create the registry 'shopreg'
             size: Basic
             admin user: off
             costs: $5.00 a month
         8 + Create the identity 'shop-pull'
             The app pulls its image with it, so that no password is needed
         9 + Create the Log Analytics workspace 'shop-insights-logs'
             logs are kept: 30 days
             costs: $2.30 per GB of logs, 5 GB a month free
        10 + Create Application Insights 'shop-insights'
             It costs what its logs cost in the workspace 'shop-insights-logs'
        11 + Create the App Service plan 'shop-plan'
             size: B1 (Basic), Linux
             costs: $12.41 a month
        12 + Give the identity 'shop-pull' the role 'AcrPull' on 'shopreg' to pull the image
        13 + Give the identity 'shop-pull' the role 'Key Vault Secrets User' on 'shop' to read its secrets
        14 > Build 'shop:1a2b3c4' and push it
        15 > Wait until 'shop' may use its new roles
             A new role takes a while to work everywhere in Azure; a pull that is refused until then is tried again
        16 + Create the web app 'shop'
             image: shopreg.azurecr.io/shop:1a2b3c4
             HTTPS only: on
             TLS: 1.2 or later
             FTP: off
             always on: on
             health check: /health
             setting WEBSITES_PORT: 8080
             setting WEBSITES_ENABLE_APP_SERVICE_STORAGE: false
             setting DOCKER_REGISTRY_SERVER_URL: https://<address of the registry 'shopreg'>
             setting APPLICATIONINSIGHTS_CONNECTION_STRING: <connection string of 'shop-insights'>
             setting GREETING: hello
             setting DB: <secret DB>
             setting MAIL: <https://shop.vault.azure.net/secrets/mail>
        17 ~ Turn on the logs of the web app 'shop' (optional: goes on if it fails)
             container logs: off -> on, 100 MB, 3 days
             application logs: off -> on
        18 > Check that the web app 'shop' gets 'MAIL' from Key Vault (optional: goes on if it fails)
        19 + Create the alert 'shop-5xx' (optional: goes on if it fails)
             failed requests (5xx): more than 5 in 5 minutes
             costs: see its pricing page
        20 > Wait until 'shop' answers at /health

      Costs:
        Container registry Basic: $5.00 a month (East US, list price of 2025)
        Log Analytics workspace: $2.30 per GB of logs, 5 GB a month free (East US, list price of 2025)
        App Service plan B1: $12.41 a month (East US, list price of 2025)
        Metric alert: see its pricing page
        Together: $17.41 a month, and what goes by use or is not known here
    `),
  );
});

test('all there and equal: only the image and whether it answers', () => {
  assert.equal(
    drawn(makePlan(targetOf(webApp), deployed())),
    text(`
      Commit: 1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d

      Steps (+ create, ~ change, > do, = leave):
        1 = Resource group 'shop' stays as it is
        2 = Registry 'shopreg' stays as it is
        3 = Identity 'shop-pull' stays as it is
        4 = App Service plan 'shop-plan' stays as it is
        5 = The identity 'shop-pull' has the role 'AcrPull' on 'shopreg'
        6 > Build 'shop:1a2b3c4' and push it
        7 = Web app 'shop' stays as it is
        8 > Restart the web app 'shop' if the image is pushed again
            The tag stays the same, so Azure would not pull the image again by itself
        9 > Wait until 'shop' answers at /
    `),
  );
});

test('a new commit: the image changes, nothing else', () => {
  assert.equal(
    outline(makePlan(targetOf(webApp), withSource(deployed(), nextCommit))),
    text(`
      = group
      = registry
      = identity
      = plan
      = role:pull
      > image
      ~ site:image
      > answer
    `),
  );
});

test('all there and different: old and new are told, but of settings that may be secrets', () => {
  const target = targetOf(webApp, { env: { GREETING: 'hello' }, health: '/health' });
  const site = withResource(deployed(), siteId, (there) => ({
    ...there,
    identity: { type: 'UserAssigned', userAssignedIdentities: { [`${identityId}-other`]: { principalId: 'other' } } },
    properties: { ...(there['properties'] as JsonObject), httpsOnly: false },
  }));
  const facts = withResource(
    site,
    `${siteId}/config/web`,
    withProperties({
      linuxFxVersion: 'DOCKER|shopreg.azurecr.io/shop:0ld',
      acrUseManagedIdentityCreds: false,
      alwaysOn: false,
      minTlsVersion: '1.0',
      ftpsState: 'AllAllowed',
      http20Enabled: false,
      numberOfWorkers: 1,
    }),
  );
  const settings = new Map([
    [siteId.toLowerCase(), { WEBSITES_PORT: '3000', GREETING: 'typed by hand', PASSWORD: 'marked-secret' }],
  ]);
  const plan = makePlan(target, { ...facts, settings });
  assert.equal(
    drawn(plan),
    text(`
      Commit: 1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d

      Steps (+ create, ~ change, > do, = leave):
         1 = Resource group 'shop' stays as it is
         2 = Registry 'shopreg' stays as it is
         3 = Identity 'shop-pull' stays as it is
         4 = App Service plan 'shop-plan' stays as it is
         5 ~ Change the web app 'shop'
             identity: 'shop-pull' is added
             HTTPS only: off -> on
         6 = The identity 'shop-pull' has the role 'AcrPull' on 'shopreg'
         7 > Build 'shop:1a2b3c4' and push it
         8 ~ Change settings of the web app 'shop'
             setting WEBSITES_PORT: 3000 -> 8080
             setting WEBSITES_ENABLE_APP_SERVICE_STORAGE: false
             setting DOCKER_REGISTRY_SERVER_URL: https://shopreg.azurecr.io
             setting GREETING: hello
             All other settings stay as they are; the app restarts
         9 ~ Run 'shop:1a2b3c4' in the web app 'shop'
             image: shopreg.azurecr.io/shop:0ld -> shopreg.azurecr.io/shop:1a2b3c4
             pull with the identity: off -> on
             always on: off -> on
             health check: /health
             FTP: AllAllowed -> Disabled
             TLS at least: 1.0 -> 1.2
        10 > Wait until 'shop' answers at /health
    `),
  );
  assert.doesNotMatch(JSON.stringify(plan), /typed by hand|marked-secret/);
  assert.deepEqual(
    plan.steps.flatMap((step) => (step.do === 'update' && step.id === 'site:identity' ? step.edits : [])),
    [
      {
        at: 'identity',
        to: { type: 'UserAssigned', userAssignedIdentities: { [`${identityId}-other`]: {}, [identityId]: {} } },
      },
      { at: 'properties.httpsOnly', from: false, to: true },
    ],
  );
});

test('partly there: what a failed deployment left is taken up', () => {
  const target = targetOf(webApp);
  const { facts } = simulate(makePlan(target, factsOf(target)), factsOf(target));
  const partly = withResource(withResource(facts, siteId, undefined), `${siteId}/config/web`, undefined);
  assert.equal(
    outline(makePlan(target, { ...partly, roles: new Set(), settings: new Map() })),
    text(`
      = group
      = registry
      = identity
      = plan
      + role:pull
      > image
      > settle
      + site
      > answer
    `),
  );
});

test('with its own identity the app is there before its role, and its image after it', () => {
  assert.equal(
    outline(makePlan(targetOf(webApp, { identity: { kind: 'system' } }), factsOf(targetOf(webApp)))),
    text(`
      + group
      + registry
      + plan
      + site
      + role:pull
      > image
      > settle
      ~ site:image
      ~ site:logs
      > answer
    `),
  );
});

test('TLS 1.3 is not lowered', () => {
  const facts = withResource(deployed(), `${siteId}/config/web`, withProperties({ minTlsVersion: '1.3' }));
  assert.equal(outline(makePlan(targetOf(webApp), facts)).includes('~'), false);
});

test('who reads from Key Vault is named, and what the app has of it already is looked at too', () => {
  const url = 'https://shop.vault.azure.net/secrets/mail';
  const target = targetOf(webApp, { secrets: { MAIL: { from: 'keyVault', url } } });
  const facts = deployed(target);
  const theirs = { THEIRS: '@Microsoft.KeyVault(VaultName=v;SecretName=s)', PLAIN: 'x' };
  const settings = new Map([[siteId.toLowerCase(), { ...facts.settings.get(siteId.toLowerCase()), ...theirs }]]);
  const look = (plan: Plan): unknown => {
    const step = plan.steps.find(({ id }) => id === 'site:references');
    return step?.do === 'references' ? [step.settings, step.reader] : undefined;
  };
  assert.deepEqual(look(makePlan(target, { ...facts, settings })), [['MAIL', 'THEIRS'], "the identity 'shop-pull'"]);
  const without = targetOf(webApp);
  assert.deepEqual(look(makePlan(without, { ...deployed(), settings })), [
    ['MAIL', 'THEIRS'],
    "the app's own identity",
  ]);
  assert.equal(look(makePlan(without, deployed())), undefined);
});

test('logs that are on stay as they are', () => {
  const logs = {
    properties: { httpLogs: { fileSystem: { enabled: true } }, applicationLogs: { fileSystem: { level: 'Verbose' } } },
  };
  const plan = makePlan(targetOf(webApp), withResource(deployed(), `${siteId}/config/logs`, logs));
  assert.equal(
    plan.steps.some(({ id }) => id === 'site:logs'),
    false,
  );
});

test('what makes it pointless to begin', async (t) => {
  const blocked = async (
    name: string,
    expected: readonly string[],
    facts: Facts,
    app: AppServiceChoices = webApp,
  ): Promise<void> => {
    await t.test(name, () => assert.deepEqual(makePlan(targetOf(app), facts).blockers, expected));
  };
  const empty = factsOf(targetOf(webApp));
  const there = deployed();
  await blocked(
    'slots on Basic',
    ["Slots need a plan from Standard on: choose 'sku: S1' in the place of B1, or no slot"],
    empty,
    {
      ...slotted,
      sku: 'B1',
    },
  );
  await blocked(
    'slots on a Basic plan that is there',
    ["Slots need a plan from Standard on: scale 'shop-plan' up to S1, or choose no slot"],
    there,
    slotted,
  );
  await blocked(
    'a Windows plan',
    ["The App Service plan 'shop-plan' runs Windows: choose a Linux plan, or a new name for one"],
    withResource(empty, planId, { kind: 'app', properties: { reserved: false } }),
  );
  await blocked(
    'a Windows app',
    ["'shop' runs on Windows: choose another name for a Linux app"],
    withResource(there, siteId, withProperties({ reserved: false })),
  );
  await blocked(
    'an app in another plan',
    ["'shop' runs in the plan 'other', not in 'shop-plan': choose 'plan: other'"],
    withResource(there, siteId, withProperties({ serverFarmId: planId.replace('shop-plan', 'other') })),
  );
  await blocked(
    'several containers',
    ["'shop' runs several containers, which Shipshape cannot update: choose another app"],
    withResource(there, `${siteId}/config/web`, withProperties({ linuxFxVersion: 'COMPOSE|abc' })),
  );
  await blocked(
    'a size that is none',
    ["'XL' is not a size of a Linux plan: choose F1, B1, S1 or P0v3, for example"],
    empty,
    { ...webApp, sku: 'XL' },
  );
  await blocked('a name that is taken', ["The app cannot be called 'shop': choose another name (it is taken)"], {
    ...empty,
    nameTaken: new Map([['site', 'it is taken']]),
  });
  await blocked(
    'a name that cannot be',
    ["'-shop' cannot name the app: use letters, digits and hyphens, no hyphen first or last"],
    empty,
    { ...webApp, name: '-shop' },
  );
  await blocked('no right to the app', ["You may not deploy to 'shop': ask an owner of 'shop' for 'Contributor'"], {
    ...there,
    missingRights: new Map([[siteId.toLowerCase(), ['Microsoft.Web/sites/write']]]),
  });
});

test('what is worth knowing', async (t) => {
  const warned = async (
    name: string,
    expected: readonly string[],
    facts: Facts,
    app: AppServiceChoices = webApp,
  ): Promise<void> => {
    await t.test(name, () => assert.deepEqual(makePlan(targetOf(app), facts).warnings, expected));
  };
  const empty = factsOf(targetOf(webApp));
  await warned(
    'always on with a free plan',
    ["Always on needs a plan from Basic (B1) on: 'shop' will sleep when nobody asks for it"],
    empty,
    { ...webApp, sku: 'F1' },
  );
  await warned(
    'a plan of another size',
    ["The App Service plan 'shop-plan' is B1, not P1v3: it stays as it is"],
    deployed(),
    { ...webApp, sku: 'P1v3' },
  );
  await warned(
    'an app that ran code',
    ["'shop' runs 'PYTHON|3.12' now, and will run the image instead"],
    withResource(deployed(), `${siteId}/config/web`, withProperties({ linuxFxVersion: 'PYTHON|3.12' })),
  );
  await warned(
    'a slot without its app',
    ["'shop' is not there yet: it gets the same image as its slot"],
    empty,
    slotted,
  );
  await warned(
    'uncommitted changes',
    ["There are uncommitted changes: the image is tagged '1a2b3c4-c0ffee0', not only with the commit"],
    withSource(empty, { commit: { short: '1a2b3c4', full: '1a2b3c4', isDirty: true } }),
  );
  assert.equal(source.commit?.isDirty, false);
});
