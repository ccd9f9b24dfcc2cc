import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planSwap } from '../../../../client/src/deploy/plan/swap.ts';
import { makePlan } from '../../../../client/src/deploy/plan/make-plan.ts';
import type { AppServiceChoices } from '../../../../client/src/deploy/choices.ts';
import type { Facts } from '../../../../client/src/deploy/facts.ts';
import { at, type JsonObject } from '../../../../client/src/azure/json.ts';
import { simulate } from './simulate.ts';
import { drawn, factsOf, group, outline, siteId, targetOf, text, webApp, withResource, withSource } from './support.ts';

const slotted: AppServiceChoices = { ...webApp, sku: 'S1', slot: 'staging' };
const nextCommit = { commit: { short: '5e6f708', full: '5e6f708', isDirty: false } };

/** What is there after a first deployment. */
function deployed(target = targetOf(webApp)): Facts {
  return simulate(makePlan(target, factsOf(target)), factsOf(target)).facts;
}

function withProperties(more: JsonObject): (there: JsonObject) => JsonObject {
  return (there) => ({ ...there, properties: { ...(there['properties'] as JsonObject), ...more } });
}

test('a new slot gets its own identity and role, and takes over what production has', () => {
  const target = targetOf(slotted, { identity: { kind: 'system' } });
  const production = targetOf({ ...webApp, sku: 'S1' }, { identity: { kind: 'system' } });
  const facts = deployed(production);
  const vault = '@Microsoft.KeyVault(VaultName=other;SecretName=mail)';
  const all = { WEBSITES_PORT: '8080', MINE: 'marked-secret', ROLE: 'production', 'A.B': 'x', EMPTY: '', MAIL: vault };
  const sticky = { properties: { appSettingNames: ['ROLE'], connectionStringNames: ['Own'] } };
  const restricted = withProperties({
    appCommandLine: 'serve --fast',
    ipSecurityRestrictions: [{ ipAddress: '10.0.0.0/8', action: 'Allow', name: 'ours' }, { name: 'Allow all' }],
    scmIpSecurityRestrictions: [{ ipAddress: 'Any', action: 'Allow', name: 'Allow all' }],
    publicNetworkAccess: 'Enabled',
    cors: null,
    ftpsState: 'AllAllowed',
    linuxFxVersion: 'DOCKER|old',
  });
  const there = withResource(facts, `${siteId}/config/slotConfigNames`, sticky);
  const plan = makePlan(target, {
    ...withResource(there, `${siteId}/config/web`, restricted),
    settings: new Map([[siteId.toLowerCase(), all]]),
    connectionStrings: new Map([[siteId.toLowerCase(), { Orders: 'SQLAzure', Own: 'Custom', 'My.Db': 'PostgreSQL' }]]),
  });
  assert.equal(
    drawn(plan),
    text(`
      Commit: 1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d

      Steps (+ create, ~ change, > do, = leave):
         1 = Resource group 'shop' stays as it is
         2 = Registry 'shopreg' stays as it is
         3 = App Service plan 'shop-plan' stays as it is
         4 + Create the slot 'staging' of 'shop'
             HTTPS only: on
             TLS: 1.2 or later
             FTP: off
             always on: on
             setting WEBSITES_PORT: 8080
             setting MINE: <setting MINE of 'shop'>
             setting A.B: <setting A.B of 'shop'>
             setting EMPTY: (empty)
             setting MAIL: <setting MAIL of 'shop'>
             setting WEBSITES_ENABLE_APP_SERVICE_STORAGE: false
             setting DOCKER_REGISTRY_SERVER_URL: https://shopreg.azurecr.io
             connection string Orders: <connection string Orders of 'shop'>
             connection string My.Db: <connection string My.Db of 'shop'>
             as in production: start command, access restrictions
             First without the image: its own identity must be there to be allowed to pull it
         5 = 'shop' has the role 'AcrPull' on 'shopreg'
         6 + Give the slot 'staging' the role 'AcrPull' on 'shopreg' to pull the image
         7 > Build 'shop:1a2b3c4' and push it
         8 > Wait until 'shop' may use its new role
             A new role takes a while to work everywhere in Azure; a pull that is refused until then is tried again
         9 ~ Run 'shop:1a2b3c4' in the slot 'staging' of 'shop'
             image: shopreg.azurecr.io/shop:1a2b3c4
        10 ~ Turn on the logs of the slot 'staging' of 'shop' (optional: goes on if it fails)
             container logs: off -> on, 100 MB, 3 days
             application logs: off -> on
        11 > Check that the slot 'staging' of 'shop' gets 'MAIL' from Key Vault (optional: goes on if it fails)
        12 > Wait until 'shop' answers at /
    `),
  );
  assert.doesNotMatch(JSON.stringify(plan), /marked-secret/);
  const slot = plan.steps.find(({ id }) => id === 'slot:staging');
  const config = slot?.do === 'put' ? at(slot.body as JsonObject, 'properties.siteConfig') : undefined;
  assert.equal(at(config, 'appCommandLine'), 'serve --fast');
  assert.equal(at(config, 'ftpsState'), 'Disabled');
  assert.equal(at(config, 'ipSecurityRestrictions.0.ipAddress'), '10.0.0.0/8');
  assert.equal(at(config, 'connectionStrings.0.type'), 'SQLAzure');
});

test('a new slot gets the mounts and the network of production, and no key is in the plan', () => {
  const target = targetOf({ ...webApp, sku: 'S1', slot: 'staging' });
  const subnet = `${group}/providers/Microsoft.Network/virtualNetworks/shop-net/subnets/apps`;
  const files = { type: 'AzureFiles', accountName: 'shopfiles', shareName: 'data', mountPath: '/data' };
  const facts = [
    withProperties({ virtualNetworkSubnetId: subnet, vnetRouteAllEnabled: true, vnetImagePullEnabled: false }),
  ].reduce((all, change) => withResource(all, siteId, change), deployed(targetOf({ ...webApp, sku: 'S1' })));
  const there = withResource(
    withResource(facts, `${siteId}/config/slotConfigNames`, { properties: { azureStorageConfigNames: ['own'] } }),
    `${siteId}/config/web`,
    withProperties({
      azureStorageAccounts: {
        data: { ...files, accessKey: null, state: 'Ok', protocol: 'Smb' },
        nfs: { ...files, mountPath: '/nfs', protocol: 'Nfs', accessKey: null },
        own: { ...files, mountPath: '/own' },
      },
    }),
  );
  const slot = makePlan(target, there).steps.find(({ id }) => id === 'slot:staging');
  assert.deepEqual(slot?.changes?.slice(-3), [
    { what: 'mount /data', to: "'data' of the storage account 'shopfiles'" },
    { what: 'mount /nfs', to: "'data' of the storage account 'shopfiles'" },
    { what: 'network', to: "subnet 'apps' of 'shop-net', as in production" },
  ]);
  const properties = slot.do === 'put' ? (slot.body['properties'] as JsonObject) : {};
  assert.equal(properties['virtualNetworkSubnetId'], subnet);
  assert.equal(properties['vnetRouteAllEnabled'], true);
  assert.equal('vnetImagePullEnabled' in properties, false);
  assert.deepEqual(at(properties, 'siteConfig.azureStorageAccounts'), {
    data: {
      ...files,
      protocol: 'Smb',
      accessKey: {
        $read: {
          label: "key of the mount data of 'shop'",
          method: 'POST',
          path: `${siteId}/config/azurestorageaccounts/list`,
          apiVersion: '2023-12-01',
          get: "properties['data'].accessKey",
          secret: true,
        },
      },
    },
    nfs: { ...files, mountPath: '/nfs', protocol: 'Nfs' },
  });

  // One that production got later would be gone from it.
  const after = withResource(simulate(makePlan(target, there), there).facts, `${siteId}/config/web`, (web) =>
    withProperties({ azureStorageAccounts: { late: files, own: files } })(web),
  );
  assert.deepEqual(planSwap(target, after, { do: 'swap' }).warnings, [
    'Only production has these mounts, and the swap takes them from it: late',
  ]);
});

test('settings that stay with their slot', () => {
  const app = { ...slotted, slotSettings: ['DATABASE', 'TONE'] };
  const target = targetOf(app, { env: { TONE: 'test', GREETING: 'hello' }, secrets: { DATABASE: { from: 'ask' } } });
  // With nothing there production gets none of the slot's own.
  const first = makePlan(target, factsOf(target));
  const changesOf = (id: string): readonly string[] =>
    first.steps.flatMap((step) => (step.id === id ? (step.changes ?? []).map(({ what }) => what) : []));
  assert.deepEqual(first.warnings, [
    "'shop' is not there yet: it gets the same image as its slot, and lacks DATABASE, TONE until you deploy to it",
  ]);
  assert.deepEqual(
    changesOf('site').filter((what) => /TONE|DATABASE|GREETING/.test(what)),
    ['setting GREETING'],
  );
  assert.deepEqual(
    changesOf('slot:staging').filter((what) => /TONE|DATABASE|GREETING/.test(what)),
    ['setting TONE', 'setting GREETING', 'setting DATABASE'],
  );
  const { facts } = simulate(first, factsOf(target));
  assert.equal(outline(makePlan(target, facts)).includes('slotSettings'), false);

  // Those of somebody else stay.
  const more = withResource(facts, `${siteId}/config/slotConfigNames`, {
    properties: { appSettingNames: ['THEIRS', 'TONE'], connectionStringNames: ['Db'] },
  });
  const second = makePlan(target, more);
  assert.match(
    drawn(second),
    /~ Keep settings of 'shop' with their slots\n +settings that a swap leaves where they are: THEIRS, TONE -> THEIRS, TONE, DATABASE\n/,
  );
  assert.deepEqual(
    simulate(second, more)
      .sent.filter(({ step }) => step === 'site:slotSettings')
      .map(({ method, body }) => [method, body]),
    [['PUT', { properties: { appSettingNames: ['THEIRS', 'TONE', 'DATABASE'], connectionStringNames: ['Db'] } }]],
  );
});

test('a new slot does not take over what production is to keep for itself from now on', () => {
  const target = targetOf({ ...slotted, slotSettings: ['DATABASE'] }, { env: {} });
  const settings = new Map([[siteId.toLowerCase(), { DATABASE: 'x', OTHER: 'y' }]]);
  const plan = makePlan(target, { ...deployed(targetOf({ ...webApp, sku: 'S1' })), settings });
  const slot = plan.steps.find(({ id }) => id === 'slot:staging');
  const names = (slot?.changes ?? []).map(({ what }) => what).filter((what) => /DATABASE|OTHER/.test(what));
  assert.deepEqual(names, ['setting OTHER']);
  assert.deepEqual(plan.warnings, ["'slotSettings' has names that are in neither 'env' nor 'secrets': DATABASE"]);
});

test('deploying into a slot gives production the identity, as swaps leave identities where they are', () => {
  const target = targetOf(slotted);
  const facts = withResource(deployed(targetOf({ ...slotted })), siteId, (there) => ({
    ...there,
    identity: { type: 'None' },
  }));
  assert.equal(
    outline(makePlan(target, withSource(facts, nextCommit))),
    text(`
      = group
      = registry
      = identity
      = plan
      ~ site:identity
      = role:pull
      > image
      ~ slot:staging:image
      > answer
    `),
  );
});
