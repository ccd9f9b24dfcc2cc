import assert from 'node:assert/strict';
import test from 'node:test';
import { apiVersions } from '../../../../client/src/azure/api-versions.ts';
import { explain } from '../../../../client/src/azure/explain.ts';
import type { Json } from '../../../../client/src/azure/json.ts';
import { keyVaultSecretsUser } from '../../../../client/src/azure/roles.ts';
import type { Target } from '../../../../client/src/deploy/choices.ts';
import { execute } from '../../../../client/src/deploy/execute.ts';
import type { Step } from '../../../../client/src/deploy/step.ts';
import type { DeployEvent, Outcome } from '../../../../client/src/deploy/world.ts';
import { startLab } from '../../../azure/app/lab.ts';
import { bareContainerApp, group, targetOf } from '../targets.ts';
import { fastClock, localArm } from './local.ts';
import { eventTexts, memoryArm, planOf, refusal, testClock, worldOf } from './support.ts';

// A container app that does not get a secret from its key vault: Azure tells neither which vault nor what to do.

const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shop-pull`;
const app = `${group}/providers/Microsoft.App/containerApps/shop`;
const vault = `${group}/providers/Microsoft.KeyVault/vaults/keys`;

const target = targetOf(bareContainerApp, {
  secrets: { DB_URL: { from: 'keyVault', url: 'https://keys.vault.azure.net/secrets/database' } },
});

function putApp(body: Readonly<Record<string, Json>> = { location: 'westeurope' }, path = app): Step {
  return {
    id: 'app',
    title: 'Make it',
    effect: 'create',
    do: 'put',
    path,
    apiVersion: apiVersions.containerApps,
    body,
  };
}

const holdsRole: Step = { id: 'role:secrets:keys', title: 'It has it', effect: 'leave', do: 'nothing' };
const givesRole: Step = {
  id: 'role:secrets:keys',
  title: 'Give it',
  effect: 'create',
  do: 'role',
  scope: vault,
  role: keyVaultSecretsUser,
  principal: 'p-1',
};

/** As users report them: at once, and of an operation that had begun. */
const words = (secret: string, by = identity): string =>
  `The following field(s) are either invalid or missing. Field 'configuration.secrets' is invalid with details: 'Invalid value: "${secret}": Unable to get value using Managed identity ${by} for secret ${secret}. Error: unable to fetch secret '${secret}' using Managed identity '${by}'';.`;

function told(outcome: Outcome): readonly [string, string] {
  assert.equal(outcome.kind, 'failed');
  const { message, action } = explain(outcome.error);
  return [message, action.kind];
}

async function refusedWith(
  text: string,
  { steps = [], times = 99, of = target }: { steps?: readonly Step[]; times?: number; of?: Target } = {},
): Promise<{ readonly outcome: Outcome; readonly waited: number; readonly events: readonly string[] }> {
  const arm = memoryArm();
  let left = times;
  arm.answer = ({ method, path }) => {
    if (method === 'PUT' && path === app && left-- > 0)
      throw refusal(400, 'InvalidParameterValueInContainerTemplate', text);
    return undefined;
  };
  const clock = testClock();
  const events: DeployEvent[] = [];
  const plan = planOf([...steps, putApp()], { target: of });
  const outcome = await execute(plan, worldOf({ arm, clock }), { onEvent: (event) => events.push(event) });
  return { outcome, waited: clock.waited.length, events: eventTexts(events) };
}

test('is told with the vault, and what to give to whom', async () => {
  const { outcome, waited } = await refusedWith(words('db-url'));
  assert.deepEqual(told(outcome), [
    "The identity 'shop-pull' cannot read 'db-url' in the key vault 'keys': give it 'Key Vault Secrets User' there, or check that the secret exists",
    'ask',
  ]);
  assert.equal(waited, 0);
});

test('where the role is there, it is not the role', async () => {
  const { outcome } = await refusedWith(`Failed to update secrets for container app 'shop'. ${words('db-url')}`, {
    steps: [holdsRole],
  });
  assert.deepEqual(told(outcome), [
    "The identity 'shop-pull' cannot read 'db-url' in the key vault 'keys': check that it is there, and the firewall of the vault",
    'openPortal',
  ]);
});

test("with the app's own identity, and a secret that is not ours", async () => {
  const { outcome } = await refusedWith(words('theirs', 'system'), {
    of: { ...target, identity: { kind: 'system' } },
  });
  assert.deepEqual(told(outcome), [
    "The app's own identity cannot read 'theirs' in Key Vault: give it 'Key Vault Secrets User' on the key vault",
    'ask',
  ]);
});

test('a role that this deployment has given may be on its way', async () => {
  const { outcome, events } = await refusedWith(words('db-url'), { steps: [givesRole], times: 2 });
  assert.equal(outcome.kind, 'deployed');
  const waits = events.filter((event) => event.startsWith('wait app: The right to read the secrets'));
  assert.equal(waits.length, 2);
  const never = await refusedWith(words('db-url'), { steps: [givesRole] });
  assert.equal(told(never.outcome)[1], 'openPortal');
});

test('in the words of the local Azure', async (context) => {
  const lab = await startLab(context, {}, false);
  const provider = `${lab.group}/providers/Microsoft.App`;
  const environmentId = `${provider}/managedEnvironments/env`;
  await lab.run('PUT', environmentId, { location: 'westeurope', properties: {} });
  const puller = await lab.identity('shop-pull', false);
  const secret = { name: 'db-url', keyVaultUrl: 'https://keys.vault.azure.net/secrets/database', identity: puller };
  const body = {
    location: 'westeurope',
    identity: { type: 'UserAssigned', userAssignedIdentities: { [puller]: {} } },
    properties: {
      environmentId,
      configuration: { secrets: [secret] },
      template: { containers: [{ name: 'web', image: 'nowhere.example/app:1' }] },
    },
  };
  const arm = localArm(lab.azure, lab.azure.httpClient, lab.token);
  const plan = planOf([putApp(body, `${provider}/containerApps/shop`)], { target });
  const outcome = await execute(plan, worldOf({ arm, clock: fastClock() }), {});
  assert.match(told(outcome)[0], /^The identity 'shop-pull' cannot read 'db-url' in the key vault 'keys': give it/);
});
