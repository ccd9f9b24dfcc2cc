import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as apps from '@azure/arm-appcontainers/dist-esm/src/models/mappers.js';
import * as web from '@azure/arm-appservice/dist-esm/src/models/mappers.js';
import * as instances from '@azure/arm-containerinstance/dist-esm/src/models/mappers.js';
import * as registries from '@azure/arm-containerregistry/dist-esm/src/models/mappers.js';
import * as identities from '@azure/arm-msi/dist-esm/src/models/mappers.js';
import * as workspaces from '@azure/arm-operationalinsights/dist-esm/src/models/mappers.js';
import * as groups from '@azure/arm-resources/dist-esm/src/models/mappers.js';
import type { Target } from '../../../../client/src/deploy/choices.ts';
import type { Facts } from '../../../../client/src/deploy/facts.ts';
import { makePlan } from '../../../../client/src/deploy/plan/make-plan.ts';
import type { Plan } from '../../../../client/src/deploy/plan.ts';
import { contractOf, type Mappers } from '../../../azure/contract.ts';
import type { Contract } from '../../../azure/core.ts';
import { simulate } from './simulate.ts';
import {
  bareContainerApp,
  bareContainerGroup,
  bareWebApp,
  containerApp,
  containerGroup,
  factsOf,
  targetOf,
  webApp,
  withSource,
} from './support.ts';

const site = webApp;
const app = containerApp;

/** Choices that differ in everything that can be chosen, by what they deploy. */
const kinds: Readonly<Record<string, readonly Target[]>> = {
  'web apps': [
    targetOf(site),
    targetOf(bareWebApp),
    targetOf({ ...site, alwaysOn: false }, { env: { A: '1' }, health: '/up', port: 3000, tags: { team: 'shop' } }),
    targetOf(site, { identity: { kind: 'system' }, secrets: { DB: { from: 'ask' } } }),
    targetOf(site, {
      env: { A: '2', B: '"$(quoted)"' },
      monitoring: { applicationInsights: 'insights', alertAbove5xx: 3 },
      registry: { name: 'shopreg', resourceGroup: 'shared', sku: 'Premium' },
    }),
  ],
  slots: [
    targetOf({ ...bareWebApp, sku: 'S1', slot: 'staging' }),
    targetOf({ ...site, sku: 'S1' }),
    targetOf({ ...site, sku: 'S1', slot: 'staging' }),
    targetOf({ ...site, sku: 'S1', slot: 'staging' }, { identity: { kind: 'system' }, env: { A: '1' } }),
    targetOf({ ...site, sku: 'S1', slot: 'next' }, { monitoring: { alertAbove5xx: 3 }, health: '/up' }),
  ],
  'container apps': [
    targetOf(app),
    targetOf(bareContainerApp),
    targetOf(bareContainerApp, { identity: { kind: 'system' } }),
    targetOf({ ...app, revisions: 'multiple', minReplicas: 1, cpu: 1, memory: 2 }, { env: { A: '1' }, health: '/up' }),
    targetOf(app, { identity: { kind: 'system' }, secrets: { DB: { from: 'ask' } }, port: 3000 }),
    targetOf(
      {
        ...app,
        external: false,
        revisions: 'multiple',
        rules: [
          { kind: 'http', name: 'http', requests: 9 },
          { kind: 'cpu', name: 'cpu', percent: 70 },
          { kind: 'queue', name: 'q', queue: 'orders', length: 2, connection: 'QUEUE' },
        ],
      },
      {
        secrets: { QUEUE: { from: 'ask' }, KEY: { from: 'keyVault', url: 'https://v.vault.azure.net/secrets/key' } },
        monitoring: { applicationInsights: 'insights', alertAbove5xx: 3 },
      },
    ),
  ],
  'container groups': [
    targetOf(containerGroup),
    targetOf(bareContainerGroup),
    targetOf({ ...containerGroup, cpu: 2, memory: 4 }),
    targetOf({ ...containerGroup, workspace: 'logs' }, { monitoring: { applicationInsights: 'insights' } }),
    targetOf({ ...containerGroup, dnsLabel: 'shop-other' }, { env: { A: '1' }, health: '/up', port: 3000 }),
    targetOf(containerGroup, { env: { A: '1' }, secrets: { DB: { from: 'ask' } }, health: '/up' }),
  ],
};

for (const [kind, targets] of Object.entries(kinds)) {
  test(`${kind}: after a plan there is nothing left to do, from whatever state`, () => {
    for (const [index, before] of targets.entries()) {
      const first = carriedOut(before, factsOf(before));
      for (const [other, after] of targets.entries()) {
        const start = withSource(known(after, first), {
          commit: { short: `c0${index}${other}`, full: 'c0', isDirty: false },
          exposed: [8080],
        });
        if (makePlan(after, start).blockers.length > 0) continue;
        const facts = carriedOut(after, start);
        const again = makePlan(after, facts);
        const name = `from ${index} to ${other}`;
        assert.deepEqual(again.blockers, [], name);
        assert.deepEqual(
          again.steps.filter(({ effect }) => effect === 'create' || effect === 'change').map(({ title }) => title),
          [],
          name,
        );
        assert.equal(again.id, makePlan(after, facts).id);
      }
    }
  });
}

/** Carries it out in thought; every body must be one that Azure's contracts know. */
function carriedOut(target: Target, facts: Facts): Facts {
  const plan = makePlan(target, facts);
  const { facts: after, sent } = simulate(plan, facts);
  for (const { step, path, method, body } of sent) {
    const contract = contractFor(path, method);
    if (contract !== undefined) assert.deepEqual(contract(body), [], `${step}: ${method} ${path}`);
  }
  checkOrder(plan);
  return after;
}

/** Of another target: what it looks for and nobody has looked for yet. */
function known(target: Target, facts: Facts): Facts {
  return { ...facts, providers: new Map([...factsOf(target).providers, ...facts.providers]) };
}

/** A role before the image's first use, the image before what runs it, and every step's id once. */
function checkOrder({ steps }: Plan): void {
  const ids = steps.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length, ids.join());
  const first = (found: (id: string) => boolean): number => {
    const index = ids.findIndex(found);
    return index < 0 ? Number.POSITIVE_INFINITY : index;
  };
  const runs = steps.findIndex(
    (step) => JSON.stringify(step).includes('"image"') && step.do !== 'image' && isRunning(step.id),
  );
  if (runs >= 0) assert.ok(first((id) => id === 'image') < runs, ids.join());
  const settle = ids.indexOf('settle');
  const role = steps.findLastIndex((step) => step.do === 'role');
  assert.equal(settle >= 0, role >= 0, ids.join());
  assert.ok(role <= settle, ids.join());
}

function isRunning(id: string): boolean {
  return id === 'containers' || id.endsWith(':image');
}

function contractFor(path: string, method: string): Contract | undefined {
  const models: readonly (readonly [RegExp, Mappers, string])[] = [
    [/\/config\/web$/i, web, 'SiteConfigResource'],
    [/\/config\/logs$/i, web, 'SiteLogsConfig'],
    [/\/sites\/[^/]+(\/slots\/[^/]+)?$/i, web, 'Site'],
    [/\/serverfarms\/[^/]+$/i, web, 'AppServicePlan'],
    [/\/containerApps\/[^/]+$/i, apps, 'ContainerApp'],
    [/\/managedEnvironments\/[^/]+$/i, apps, 'ManagedEnvironment'],
    [/\/containerGroups\/[^/]+$/i, instances, 'ContainerGroup'],
    [/\/registries\/[^/]+$/i, registries, 'Registry'],
    [/\/userAssignedIdentities\/[^/]+$/i, identities, 'Identity'],
    [/\/workspaces\/[^/]+$/i, workspaces, 'Workspace'],
    [/\/resourceGroups\/[^/]+$/i, groups, 'ResourceGroup'],
  ];
  const found = models.find(([pattern]) => pattern.test(path));
  if (found === undefined) {
    assert.match(path, /\/Microsoft\.Insights\/(components|metricAlerts)\//, 'There is no contract for it');
    return undefined;
  }
  // Container Apps' PATCH has the model of its PUT, with a location.
  return contractOf(found[1], found[2], { partial: method === 'PATCH' && found[1] !== apps });
}
