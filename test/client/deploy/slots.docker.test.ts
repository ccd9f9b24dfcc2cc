import assert from 'node:assert/strict';
import { explain } from '../../../client/src/azure/explain.ts';
import { apiVersions } from '../../../client/src/azure/api-versions.ts';
import { at, type Json, type JsonObject, textAt } from '../../../client/src/azure/json.ts';
import type { AppServiceChoices, Target } from '../../../client/src/deploy/choices.ts';
import { azScript } from '../../../client/src/deploy/az-script.ts';
import { planText } from '../../../client/src/deploy/describe.ts';
import { execute } from '../../../client/src/deploy/execute.ts';
import { idsOf } from '../../../client/src/deploy/plan/ids.ts';
import { planSwap } from '../../../client/src/deploy/plan/swap.ts';
import { readFacts } from '../../../client/src/deploy/read-facts.ts';
import { askHost } from '../../azure/app/lab.ts';
import { dockerTest } from '../../docker/docker.ts';
import { placeholder, startDeployed } from './after/deployed.ts';
import { source } from './engine/chaos.ts';
import { fastClock } from './engine/local.ts';
import { worldOf } from './engine/support.ts';
import { webApp } from './targets.ts';

const app: AppServiceChoices = { ...webApp, name: `app-${placeholder}`, sku: 'S1' };

dockerTest('a web app gets its secrets from Key Vault, and one that is not there is told', async (context) => {
  const { azure, arm, deploy, deployments } = await startDeployed(context);
  const group = `/subscriptions/${azure.subscription}/resourceGroups/keys`;
  await arm.send({ method: 'PUT', path: group, apiVersion: apiVersions.resources, body: { location: 'westeurope' } });
  const vault = `${group}/providers/Microsoft.KeyVault/vaults/shop-keys`;
  const properties = { tenantId: azure.tenant, sku: { family: 'A', name: 'standard' }, enableRbacAuthorization: true };
  await arm.send({
    method: 'PUT',
    path: vault,
    apiVersion: apiVersions.vaults,
    body: { location: 'westeurope', properties },
  });
  azure.place(`${vault}/secrets/mail`, { properties: { value: 'post-box' } });
  const secretAt = (name: string): Target['secrets'][string] => ({
    from: 'keyVault',
    url: `https://shop-keys.vault.azure.net/secrets/${name}`,
  });

  const target = await deploy(app, 'mail to $MAIL', { secrets: { MAIL: secretAt('mail') } });
  const [first] = deployments;
  assert.deepEqual(first?.outcome.kind === 'deployed' && first.outcome.warnings, []);
  const site = await arm.get(idsOf(target).app, apiVersions.web);
  assert.match((await askHost(`https://${textAt(site, 'properties.defaultHostName') ?? ''}`)).text, /mail to post-box/);

  await deploy(app, 'again', { secrets: { MAIL: secretAt('mail'), DATABASE: secretAt('db') } });
  const second = deployments[1]?.outcome;
  assert.deepEqual(second?.kind === 'deployed' && second.warnings, [
    `Check that the web app '${target.app.name}' gets 'MAIL', 'DATABASE' from Key Vault: 'DATABASE' does not resolve ` +
      "(SecretNotFound: Secret was not found in Key Vault): make the secret 'db' in 'shop-keys', then restart the app",
  ]);
});

dockerTest('a new slot takes over what production has, and keeps its own in a swap', async (context) => {
  const { azure, arm, deploy, deployments } = await startDeployed(context);
  const shown = 'one $TONE $SQLAZURECONNSTR_Orders';
  const production = await deploy(app, shown, { env: { TONE: 'calm' } });
  const { site = '' } = idsOf(production);
  const put = (path: string, properties: JsonObject): Promise<unknown> =>
    arm.send({ method: 'PUT', path: `${site}/${path}`, apiVersion: apiVersions.web, body: { properties } });
  await put('config/connectionstrings', {
    Orders: { value: 'Server=m4rked-orders', type: 'SQLAzure' },
    'Own.Db': { value: 'Server=m4rked-own', type: 'Custom' },
    'With.Dots': { value: 'Server=m4rked-dots', type: 'PostgreSQL' },
  });
  const read = async (path: string): Promise<Readonly<Record<string, Json>>> =>
    at(
      await arm.send({ method: 'POST', path: `${path}/list`, apiVersion: apiVersions.web }),
      'properties',
    ) as JsonObject;
  const before = await read(`${site}/config/appsettings`);
  await put('config/appsettings', { ...before, BY_HAND: 'm4rked-setting', EMPTY: '' });
  await put('config/azurestorageaccounts', { data: { ...files, accessKey: 'm4rked-key' } });
  await put('config/slotConfigNames', { connectionStringNames: ['Own.Db'], appSettingNames: ['THEIRS'] });
  await arm.send({
    method: 'PATCH',
    path: `${site}/config/web`,
    apiVersion: apiVersions.web,
    body: { properties: { webSocketsEnabled: true, ipSecurityRestrictions: [allow] } },
  });

  const slotted = { ...app, slot: 'staging', slotSettings: ['TONE'] };
  const target = await deploy(slotted, shown.replace('one', 'two'), { env: { TONE: 'loud' } });
  const slot = idsOf(target).app;
  assert.deepEqual(await read(`${slot}/config/connectionstrings`), {
    Orders: { value: 'Server=m4rked-orders', type: 'SQLAzure' },
    'With.Dots': { value: 'Server=m4rked-dots', type: 'PostgreSQL' },
  });
  const mounts = { data: { ...files, accessKey: 'm4rked-key' } };
  assert.deepEqual(await read(`${slot}/config/azurestorageaccounts`), mounts);
  const { BY_HAND, EMPTY, TONE } = await read(`${slot}/config/appsettings`);
  assert.deepEqual([BY_HAND, EMPTY, TONE], ['m4rked-setting', '', 'loud']);
  const web = await arm.get(`${slot}/config/web`, apiVersions.web);
  assert.equal(at(web, 'properties.webSocketsEnabled'), true);
  assert.deepEqual(at(web, 'properties.ipSecurityRestrictions'), [allow]);
  const names = await arm.get(`${site}/config/slotConfigNames`, apiVersions.web);
  assert.deepEqual(names['properties'], { connectionStringNames: ['Own.Db'], appSettingNames: ['THEIRS', 'TONE'] });
  const told = deployments.map(({ plan }) => `${JSON.stringify(plan)}${planText(plan)}${azScript(plan)}`).join('\n');
  assert.match(told, /connection string Orders: <connection string Orders of/);
  assert.match(told, /settings that a swap leaves where they are: THEIRS -> THEIRS, TONE/);
  assert.doesNotMatch(told, /m4rked/);

  const addressOf = async (path: string): Promise<string> =>
    `https://${textAt(await arm.get(path, apiVersions.web), 'properties.defaultHostName') ?? ''}`;
  const [address, staging] = [await addressOf(site), await addressOf(slot)];
  assert.match((await askHost(staging)).text, /^two loud Server=m4rked-orders/);
  const swap = planSwap(target, await readFacts(arm, target, source), { do: 'swap' });
  assert.deepEqual([swap.blockers, swap.warnings], [[], []]);
  // Whoever does not hear that it has begun must not begin it again, which would undo it.
  azure.faults.add(/POST .*\/slotsswap$/i, { kind: 'lost' }, 1);
  const world = worldOf({ arm, clock: fastClock() });
  const unheard = await execute(swap, world);
  const { message, action } = explain(unheard.kind === 'failed' ? unheard.error : undefined);
  assert.equal(
    message,
    "The connection to 'management.azure.com' broke off: it may or may not have done what was asked",
  );
  assert.equal(action.kind, 'retry');
  await azure.settled();
  const outcome = await execute(swap, world);
  assert.equal(outcome.kind, 'deployed');
  await azure.settled();
  assert.match((await askHost(address)).text, /^two calm Server=m4rked-orders/);
  assert.deepEqual(await read(`${site}/config/azurestorageaccounts`), mounts);

  await put('config/connectionstrings', { Late: { value: 'x', type: 'Custom' } });
  assert.deepEqual(planSwap(target, await readFacts(arm, target, source), { do: 'swap' }).warnings, [
    'Only production has these connection strings, and the swap takes them from it: Late',
  ]);
});

const files = { type: 'AzureFiles', accountName: 'shopfiles', shareName: 'data', mountPath: '/data' };
const allow = { ipAddress: '127.0.0.0/8', action: 'Allow', priority: 100, name: 'here' };
