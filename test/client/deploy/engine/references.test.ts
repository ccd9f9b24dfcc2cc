import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import type { Json } from '../../../../client/src/azure/json.ts';
import { stepCommands } from '../../../../client/src/deploy/az/steps.ts';
import { createVariables } from '../../../../client/src/deploy/az/values.ts';
import { execute } from '../../../../client/src/deploy/execute.ts';
import type { Step } from '../../../../client/src/deploy/step.ts';
import type { DeployEvent } from '../../../../client/src/deploy/world.ts';
import { callsOf, eventTexts, group, memoryArm, planOf, refusal, testClock, worldOf } from './support.ts';

const site = `${group}/providers/Microsoft.Web/sites/shop`;
const step: Step = {
  id: 'site:references',
  title: "Look whether 'shop' gets them",
  effect: 'run',
  optional: true,
  do: 'references',
  path: site,
  apiVersion: '2023-12-01',
  settings: ['DB', 'MAIL'],
  reader: "the identity 'shop-pull'",
  seconds: 30,
};

type Statuses = Readonly<Record<string, Readonly<Record<string, string>>>>;
const resolved = { status: 'Resolved', vaultName: 'keys', secretName: 'x' };

/** As documented: a list. */
function listed(statuses: Statuses): Json {
  return { value: Object.entries(statuses).map(([name, properties]) => ({ name, properties })) };
}

/** As Azure gives it, and its portal reads it: one object, whose properties hold all by their names. */
function named(statuses: Statuses): Json {
  return { id: 'x', name: 'appsettings', properties: { keyToReferenceStatuses: statuses } };
}

async function look(
  answers: (looked: number) => Json,
): Promise<{ readonly told: readonly string[]; readonly events: readonly string[]; readonly waited: number }> {
  const arm = memoryArm();
  let looked = 0;
  arm.answer = ({ path }) => (path === `${site}/config/configreferences/appsettings` ? answers(looked++) : undefined);
  const clock = testClock();
  const events: DeployEvent[] = [];
  const outcome = await execute(planOf([step]), worldOf({ arm, clock }), { onEvent: (event) => events.push(event) });
  if (outcome.kind !== 'deployed') assert.fail(outcome.kind);
  assert.deepEqual(callsOf(arm), []);
  const waited = clock.waited.reduce((sum, one) => sum + one, 0) / 1_000;
  return { told: outcome.warnings, events: eventTexts(events), waited };
}

for (const shaped of [listed, named]) {
  test(`all that resolve: nothing to tell (${shaped.name})`, async () => {
    const { told, waited } = await look(() => shaped({ DB: resolved, MAIL: resolved, OTHER: { status: 'Unknown' } }));
    assert.deepEqual([told, waited], [[], 0]);
  });

  test(`a moment is given to what is not there yet (${shaped.name})`, async () => {
    const { told, events, waited } = await look((looked) =>
      shaped(looked < 2 ? { MAIL: resolved } : { DB: resolved, MAIL: resolved }),
    );
    assert.deepEqual([told, waited], [[], 3]);
    assert.equal(events[1], "wait site:references: Waiting until Azure has found 'DB' in Key Vault");
  });

  test(`what is told: the setting, why, and what to do (${shaped.name})`, async () => {
    const details = 'Access was denied.\r\n The site may not read.';
    const denied = { status: 'AccessToKeyVaultDenied', vaultName: 'keys', secretName: 'mail', details };
    const { told, waited } = await look(() => shaped({ DB: resolved, MAIL: denied }));
    assert.deepEqual(told, [
      "Look whether 'shop' gets them: 'MAIL' does not resolve (AccessToKeyVaultDenied: Access was denied. The site may not read): " +
        "give the identity 'shop-pull' 'Key Vault Secrets User' on 'keys', then restart the app",
    ]);
    assert.ok(waited >= 30 && waited < 40, `${waited}`);
  });
}

const advice: Readonly<Record<string, RegExp>> = {
  SecretNotFound: /make the secret 'mail' in 'keys', then restart the app$/,
  SecretVersionNotFound: /make the secret 'mail' in 'keys', then restart the app$/,
  VaultNotFound: /correct its address, there is no key vault 'keys'$/,
  InvalidSyntax: /write it as @Microsoft\.KeyVault\(SecretUri=/,
};
for (const [status, expected] of Object.entries(advice)) {
  test(`waits for nothing that does not pass by itself: ${status}`, async () => {
    const { told, waited } = await look(() =>
      named({ DB: resolved, MAIL: { status, vaultName: 'keys', secretName: 'mail' } }),
    );
    assert.equal(waited, 0);
    assert.match(told[0] ?? '', expected);
  });
}

test('an app without an identity, a vault that does not answer, and both at once', async () => {
  const { told } = await look(() =>
    listed({ DB: { status: 'MSINotEnabled', vaultName: 'a' }, MAIL: { status: 'FetchTimedOut', vaultName: 'b' } }),
  );
  assert.deepEqual(told, [
    "Look whether 'shop' gets them: 'DB' does not resolve (MSINotEnabled): give the app an identity, and that " +
      "'Key Vault Secrets User' on 'a'; 'MAIL' does not resolve (FetchTimedOut): restart the app; if that does not " +
      "help, look at the firewall of 'b'",
  ]);
});

test('who may not look is told, and deploys all the same', async () => {
  const { told } = await look(() => {
    throw refusal(403, 'AuthorizationFailed', 'You may not read this');
  });
  assert.equal(told.length, 1);
});

const tools = ['bash', 'jq'].every((tool) => spawnSync(tool, ['--version']).status === 0);

test('the script tells the same', { skip: !tools && 'bash and jq are not here' }, () => {
  const script = stepCommands(step, planOf([step]), createVariables([])).join('\n');
  const told = (answer: Json): string => {
    // Waits for nothing, and answers each question with this.
    const programs = `sleep() { :; }\naz() { printf %s "$ANSWER"; }\n${script}`;
    const env = { ...process.env, ANSWER: JSON.stringify(answer) };
    const { status, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', programs], { env, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return stderr;
  };
  const advice = "Usually the identity 'shop-pull' lacks 'Key Vault Secrets User' on the vault\n";
  for (const shaped of [listed, named]) {
    assert.equal(told(shaped({ DB: resolved, MAIL: resolved })), '');
    const denied = { status: 'AccessToKeyVaultDenied', details: 'Access was denied' };
    assert.equal(told(shaped({ DB: resolved, MAIL: denied })), `MAIL does not resolve: Access was denied\n${advice}`);
    assert.equal(told(shaped({ DB: resolved })), `MAIL does not resolve: not yet looked at\n${advice}`);
  }
});
