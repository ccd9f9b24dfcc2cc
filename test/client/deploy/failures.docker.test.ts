import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { findTool } from '../../../client/src/container/find-tool.ts';
import { explain, type Action } from '../../../client/src/azure/explain.ts';
import { textAt, type Json } from '../../../client/src/azure/json.ts';
import type { Target } from '../../../client/src/deploy/choices.ts';
import { execute } from '../../../client/src/deploy/execute.ts';
import type { Plan } from '../../../client/src/deploy/plan.ts';
import { makePlan } from '../../../client/src/deploy/plan/make-plan.ts';
import { readFacts } from '../../../client/src/deploy/read-facts.ts';
import { readSource } from '../../../client/src/deploy/read-source.ts';
import type { DeployEvent, Outcome, World } from '../../../client/src/deploy/world.ts';
import { startLocalAzure, type Fault, type LocalAzure } from '../../azure/local-azure.ts';
import { baseImage, dockerTest, ensureBaseImage, folderOf } from '../../docker/docker.ts';
import { imagesOf, run } from '../registry/registry-lab.ts';
import { close, fastClock, localArm } from './engine/local.ts';
import { eventTexts, memoryJournal, target } from './engine/support.ts';
import { containerApp } from './targets.ts';

// Whole deployments, from the reading of the plan to the last step, that meet one failure after the other: each is told in one sentence
// with one thing to do, and when its cause is gone, the deployment goes on with nothing but its journal. App Service's, which need no
// real image, are in `engine/faults.test.ts`.

interface Failure {
  readonly call: RegExp;
  readonly fault: Fault;
  readonly step: string;
  readonly message: string | RegExp;
  readonly action: Action['kind'];
}

const answer = (status: number, body: Json): Fault => ({ kind: 'answer', status, body });
const refusal = (status: number, code: string, message: string): Fault => answer(status, { error: { code, message } });

const subscriptionGone = refusal(404, 'SubscriptionNotFound', "The subscription 's' could not be found.");
/** As a registry's own error, in the words that its documentation quotes. */
const firewall = answer(403, {
  errors: [
    {
      code: 'DENIED',
      message: "client with IP '203.0.113.7' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
    },
  ],
});
const keptOut = "The firewall of the registry 'shopreg' keeps you out: allow 203.0.113.7 under Networking";

const dockerfile = `FROM ${baseImage}\nEXPOSE 8080\nRUN true\nCMD ["httpd", "-f", "-p", "8080"]\n`;

interface Bench {
  readonly azure: LocalAzure;
  readonly folder: string;
  readonly plan: () => Promise<Plan>;
  readonly execute: (plan: Plan) => Promise<{ readonly outcome: Outcome; readonly events: readonly string[] }>;
  /** Until it fails there; what is left in the journal is as it should be. */
  readonly fails: (plan: Plan, failure: Failure) => Promise<void>;
  /** It goes through, nothing is there twice, and nothing is left to be done. */
  readonly converges: (plan: Plan) => Promise<readonly string[]>;
}

async function start(context: TestContext, more: Partial<Target>): Promise<Bench> {
  ensureBaseImage();
  const azure = await startLocalAzure({ times: { replication: 20, operation: 5, retryAfter: 0 } });
  context.after(() => close(azure));
  context.after(() => removeImages(azure));
  const { token } = azure.user();
  const folder = folderOf(context, { Dockerfile: dockerfile, '.dockerignore': 'nothing\n' });
  const wanted: Target = { ...target, subscription: azure.subscription, ...more };
  const arm = localArm(azure, azure.httpClient, token);
  const journal = memoryJournal();
  const tool = (signal?: AbortSignal): ReturnType<typeof findTool> => findTool(run, { kind: 'docker' }, signal);
  const plan = async (): Promise<Plan> => {
    const { signal } = new AbortController();
    const source = await readSource({ folder, image: wanted.image, run, tool, signal });
    return makePlan(wanted, await readFacts(arm, wanted, source));
  };
  const world: World = {
    arm,
    images: imagesOf(azure, token, folder),
    secret: (name) => Promise.resolve(`value-of-${name}`),
    clock: fastClock(),
    journal,
    ask: () => Promise.resolve(200),
  };
  const executePlan: Bench['execute'] = async (made) => {
    const events: DeployEvent[] = [];
    const outcome = await execute(made, world, { onEvent: (event) => events.push(event) });
    azure.faults.clear();
    return { outcome, events: eventTexts(events) };
  };
  return {
    azure,
    folder,
    plan,
    execute: executePlan,
    fails: async (made, { call, fault, step, message, action }) => {
      azure.faults.add(call, fault);
      const { outcome, events } = await executePlan(made);
      assert.equal(outcome.kind, 'failed', `${String(call)} did not fail`);
      const explained = explain(outcome.error);
      if (typeof message === 'string') assert.equal(explained.message, message);
      else assert.match(explained.message, message);
      assert.deepEqual([outcome.step, explained.action.kind], [step, action], explained.message);
      assertSentence(explained.message);
      assert.equal(events.at(-1), `failed ${step}: ${explained.message}`);
      assert.doesNotMatch(events.join('\n'), /\n\s+at \S+ \(|undefined|\[object /);
      const record = journal.records.at(-1);
      assert.equal(record?.endedAt, undefined);
      assert.deepEqual([record?.steps[step]?.state, record?.steps[step]?.message], ['failed', explained.message]);
    },
    converges: async (made) => {
      const { outcome, events } = await executePlan(made);
      assert.equal(outcome.kind, 'deployed', outcome.kind === 'failed' ? String(outcome.error) : '');
      assert.ok(journal.records.at(-1)?.endedAt);
      const roles = azure.ids().filter((id) => /\/roleAssignments\//i.test(id) && /\/registries\//i.test(id));
      assert.equal(roles.length, 1);
      const rest = (await plan()).steps.filter(({ effect }) => effect === 'create' || effect === 'change');
      assert.deepEqual(
        rest.map(({ title }) => title),
        [],
      );
      return events;
    },
  };
}

/** One, for people: no second one, nothing of a program, nothing of Azure's JSON. */
function assertSentence(message: string): void {
  assert.match(message, /^['A-Z]/);
  assert.doesNotMatch(message, /[.!]$|\n|[{}]|undefined|\[object |Bearer|eyJ/);
  assert.ok(message.length <= 160, message);
}

function removeImages(azure: LocalAzure): void {
  for (const id of azure.ids().filter((one) => /\/registries\/[^/]+$/i.test(one))) {
    const server = textAt(azure.resource(id) ?? {}, 'properties.loginServer') ?? '';
    const list = ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', '--filter', `reference=${server}/*`];
    const images = spawnSync('docker', list, { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);
    if (images.length > 0) spawnSync('docker', ['image', 'rm', '--force', ...images], { stdio: 'ignore' });
  }
}

dockerTest('a plan cannot be read: told in one sentence', async (context) => {
  const bench = await start(context, {});
  const { azure } = bench;
  for (const [call, fault, message, action] of [
    [
      /GET \/subscriptions\//,
      subscriptionGone,
      `The subscription '${azure.subscription}' is none of your account's: choose another, or sign in differently`,
      'chooseSubscription',
    ],
    [
      /GET .*\/registries\//,
      refusal(
        403,
        'AuthorizationFailed',
        "The client 'u' with object id 'o' does not have authorization to perform action 'Microsoft.ContainerRegistry/registries/read' over scope '/subscriptions/s/resourceGroups/shop' or the scope is invalid.",
      ),
      "You may not do 'Microsoft.ContainerRegistry/registries/read' on 'shop': ask an Owner for the right",
      'ask',
    ],
    [
      /GET .*\/resourcegroups\/shop$/i,
      { kind: 'drop' },
      "The connection to 'management.azure.com' broke off: check the connection",
      'retry',
    ],
  ] as const) {
    azure.faults.add(call, fault);
    const error = await bench.plan().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    azure.faults.clear();
    const explained = explain(error);
    assert.deepEqual([explained.message, explained.action.kind], [message, action]);
    assertSentence(explained.message);
  }
  assert.ok((await bench.plan()).steps.length > 3);
});

dockerTest('built in the cloud, to Container Instances', async (context) => {
  const bench = await start(context, { image: { ...target.image, build: 'cloud' } });
  const { folder, fails } = bench;
  writeFileSync(join(folder, 'Dockerfile'), dockerfile.replace('RUN true', 'RUN echo no flour left && false'));
  const broken = await bench.plan();
  await fails(broken, {
    call: /POST .*\/scheduleRun$/i,
    fault: refusal(
      400,
      'TasksOperationsNotAllowed',
      'ACR Tasks requests for the registry shopreg and 0000 are not permitted. Please file an Azure support request at http://aka.ms/azuresupport for assistance.',
    ),
    step: 'image',
    message: 'Free and trial subscriptions may not build in the registry: build here and push',
    action: 'buildLocally',
  });
  await fails(broken, {
    call: /PUT .*\/nothing$/,
    fault: { kind: 'drop' },
    step: 'image',
    message: /^Line 3 of 'Dockerfile': 'RUN' failed with exit code 1/,
    action: 'showLog',
  });
  // What is mended is not what was planned.
  writeFileSync(join(folder, 'Dockerfile'), dockerfile);
  await fails(broken, {
    call: /PUT .*\/nothing$/,
    fault: { kind: 'drop' },
    step: 'image',
    message: 'Files of the app have changed since the deployment was planned: plan again',
    action: 'refresh',
  });
  const plan = await bench.plan();
  for (const [status, code, message, told, action] of [
    [
      409,
      'ContainerGroupQuotaReached',
      "Resource type 'Microsoft.ContainerInstance/containerGroups' container group quota 'StandardCores' exceeded in region 'westeurope'. Limit: '10', Usage: '10' Requested: '1'.",
      "The quota 'StandardCores' of the subscription is used up in 'westeurope': choose another region",
      'chooseRegion',
    ],
    [
      400,
      'DnsNameLabelNotAvailable',
      "The dns name label 'shop-label' is not available in 'westeurope'.",
      "The DNS name 'shop-label' is taken in this region: choose another",
      'rename',
    ],
    [
      409,
      'RegistryErrorResponse',
      "An error response is received from the docker registry 'index.docker.io'. Please retry later.",
      'The registry of the image is asked too much at the moment: wait, or use your own registry',
      'wait',
    ],
    [
      409,
      'ServiceUnavailable',
      "The requested resource is not available in the location 'westeurope' at this moment. Please retry with a different resource request or in another location.",
      'This region has no room for the container now: choose another',
      'chooseRegion',
    ],
    [
      409,
      'ScopeLocked',
      "The scope '/x' cannot perform write operation because following scope(s) are locked: '/subscriptions/s/resourceGroups/shop'. Please remove the lock and try again.",
      "A lock on 'shop' keeps it as it is: remove the lock, or ask who set it",
      'openPortal',
    ],
  ] as const) {
    const call = /PUT .*\/containerGroups\/shop$/i;
    await fails(plan, { call, fault: refusal(status, code, message), step: 'containers', message: told, action });
  }
  const { faults } = bench.azure;
  const group = /PUT .*\/containerGroups\/shop$/i;
  faults.add(group, refusal(409, 'ContainerGroupTransitioning', 'The container group is still transitioning.'), 2);
  faults.add(
    group,
    refusal(
      400,
      'InaccessibleImage',
      "The image 'x' in container group 'shop' is not accessible. Please check the image and registry credential.",
    ),
    2,
  );
  const events = await bench.converges(plan);
  assert.ok(events.some((event) => /^wait containers: Waiting for another operation/.test(event)));
  assert.ok(events.some((event) => /^wait containers: The right to pull the image has not reached/.test(event)));
});

dockerTest('built here, to Container Apps', async (context) => {
  const bench = await start(context, {
    port: 8080,
    app: containerApp,
  });
  const plan = await bench.plan();
  const app = /PUT .*\/containerApps\/shop$/i;
  await bench.fails(plan, {
    call: /PUT .*\/managedEnvironments\/shop-env$/i,
    fault: refusal(
      400,
      'MaxNumberOfRegionalEnvironmentsInSubExceeded',
      'The subscription s cannot have more than 1 Container App Environments in West Europe.',
    ),
    step: 'environment',
    message: 'The subscription may have no more of this in this region: choose another region',
    action: 'chooseRegion',
  });
  const image = { step: 'image', message: keptOut, action: 'openPortal' } as const;
  // Told to us, and told to Docker.
  await bench.fails(plan, { call: /POST .*\/oauth2\/exchange$/, fault: firewall, ...image });
  await bench.fails(plan, { call: /POST shopreg.azurecr.io\/v2\/.*uploads\/$/, fault: firewall, ...image });
  await bench.fails(plan, {
    call: app,
    fault: refusal(409, 'ContainerAppNameInUse', "The container app name 'shop' is already in use."),
    step: 'app',
    message: "The name 'shop' is taken in Azure: choose another",
    action: 'rename',
  });
  await bench.fails(plan, {
    call: app,
    fault: {
      kind: 'operation',
      code: 'ContainerAppOperationError',
      message: "Failed to provision revision for container app 'shop'. Error details: Operation expired.",
    },
    step: 'app',
    message: 'The new version did not get ready in time: its log says why',
    action: 'showLog',
  });
  await bench.fails(plan, {
    call: app,
    fault: {
      kind: 'operation',
      code: 'ContainerAppOperationError',
      message:
        "Failed to update secrets for container app 'shop'. Error details: The following field(s) are either invalid or missing. Field 'configuration.secrets' is invalid with details: 'Invalid value: \"database\": Unable to get value using Managed identity /x for secret database from https://shop-keys.vault.azure.net/secrets/db: 403 Forbidden';..",
    },
    step: 'app',
    message:
      "The identity 'shop-pull' cannot read 'database' in the key vault 'shop-keys': give it 'Key Vault Secrets User' there, or check that the secret exists",
    action: 'ask',
  });
  const { faults } = bench.azure;
  faults.add(
    app,
    refusal(
      409,
      'ContainerAppOperationInProgress',
      'Cannot modify a container app because there is an active provisioning operation in progress.',
    ),
    1,
  );
  const events = await bench.converges(plan);
  assert.ok(events.some((event) => /^wait app: Waiting for another operation/.test(event)));
});
