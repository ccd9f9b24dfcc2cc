import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../../client/src/azure/json.ts';
import type { Target } from '../../../../client/src/deploy/choices.ts';
import type { Facts } from '../../../../client/src/deploy/facts.ts';
import { makePlan } from '../../../../client/src/deploy/plan/make-plan.ts';
import { planRunImage } from '../../../../client/src/deploy/plan/run-image.ts';
import { planSwap } from '../../../../client/src/deploy/plan/swap.ts';
import { planTraffic, type TrafficWish } from '../../../../client/src/deploy/plan/traffic.ts';
import { simulate } from './simulate.ts';
import {
  appId,
  containerApp,
  containerGroup,
  drawn,
  factsOf,
  groupId,
  outline,
  siteId,
  targetOf,
  text,
  webApp,
  withResource,
  withSource,
} from './support.ts';

const slot = `${siteId}/slots/staging`;
const slotted = targetOf({ ...webApp, sku: 'S1', slot: 'staging' });
const several = targetOf({ ...containerApp, revisions: 'multiple' });
const next = { commit: { short: '5e6f708', full: '5e6f708', isDirty: false } };

function deployed(target: Target, start = factsOf(target)): Facts {
  return simulate(makePlan(target, start), start).facts;
}

const swappable = deployed(slotted, withSource(deployed(slotted), next));
const split = deployed(several, withSource(deployed(several), next));

function ingress(facts: Facts, traffic: readonly JsonObject[]): Facts {
  return withResource(facts, appId, (there) => {
    const properties = there['properties'] as JsonObject;
    const configuration = properties['configuration'] as JsonObject;
    const { ingress: before } = configuration;
    return {
      ...there,
      properties: {
        ...properties,
        configuration: { ...configuration, ingress: { ...(before as JsonObject), traffic } },
      },
    };
  });
}

test('a swap says what goes where, and can tell whether it has happened', () => {
  const plan = planSwap(slotted, swappable, { do: 'swap' });
  assert.equal(plan.title, "Swap the slot 'staging' of 'shop' with production");
  assert.equal(
    drawn(plan),
    text(`
      Steps (+ create, ~ change, > do, = leave):
        1 ~ Swap the slot 'staging' with production
            image in production: shopreg.azurecr.io/shop:1a2b3c4 -> shopreg.azurecr.io/shop:5e6f708
            image in 'staging': shopreg.azurecr.io/shop:5e6f708 -> shopreg.azurecr.io/shop:1a2b3c4
            Azure warms the slot up first, so that nobody waits
        2 > Wait until 'shop' answers at /
    `),
  );
  const step = plan.steps.find(({ id }) => id === 'swap');
  assert.deepEqual(step?.do === 'post' && { path: step.path, body: step.body, doneWhen: step.doneWhen }, {
    path: `${slot}/slotsswap`,
    body: { targetSlot: 'production', preserveVnet: true },
    doneWhen: [
      {
        path: `${siteId}/config/web`,
        apiVersion: '2023-12-01',
        at: 'properties.linuxFxVersion',
        is: 'DOCKER|shopreg.azurecr.io/shop:5e6f708',
      },
      {
        path: `${slot}/config/web`,
        apiVersion: '2023-12-01',
        at: 'properties.linuxFxVersion',
        is: 'DOCKER|shopreg.azurecr.io/shop:1a2b3c4',
      },
    ],
  });
  const answer = plan.steps.find(({ id }) => id === 'answer');
  assert.equal(answer?.do === 'answer' && answer.url, 'https://shop.azurewebsites.net');
});

test('a swap of the same image is known by what Azure writes down', () => {
  const status = { slotSwapStatus: { timestampUtc: '2026-01-01T00:00:00Z' } };
  const facts = withResource(deployed(slotted), siteId, (there) => ({
    ...there,
    properties: { ...(there['properties'] as JsonObject), ...status },
  }));
  const step = planSwap(slotted, facts, { do: 'rollBack' }).steps.find(({ id }) => id === 'swap');
  assert.deepEqual(step?.do === 'post' && step.doneWhen, [
    {
      path: siteId,
      apiVersion: '2023-12-01',
      at: 'properties.slotSwapStatus.timestampUtc',
      isNot: '2026-01-01T00:00:00Z',
    },
  ]);
});

test('a preview is begun, completed or cancelled on both sides', () => {
  assert.equal(outline(planSwap(slotted, swappable, { do: 'preview' })), '> swap:preview\n> answer');
  const previewed = withResource(swappable, slot, (there) => ({
    ...there,
    properties: { ...(there['properties'] as JsonObject), targetSwapSlot: 'production' },
  }));
  assert.deepEqual(planSwap(slotted, previewed, { do: 'preview' }).blockers, [
    'There is a preview already: complete the swap or cancel it',
  ]);
  assert.equal(outline(planSwap(slotted, previewed, { do: 'swap' })), '~ swap\n> answer');
  const cancel = planSwap(slotted, previewed, { do: 'cancelPreview' });
  assert.deepEqual(
    cancel.steps.map((step) => step.do === 'post' && step.path),
    [`${siteId}/resetSlotConfig`, `${slot}/resetSlotConfig`],
  );
});

test('what a swap would break is said before', () => {
  const settings = new Map([...swappable.settings, [siteId.toLowerCase(), { ONLY_HERE: 'marked-secret' }] as const]);
  const plan = planSwap(slotted, { ...swappable, settings }, { do: 'swap' });
  assert.deepEqual(plan.warnings, ['Only production has these settings, and the swap takes them from it: ONLY_HERE']);
  assert.doesNotMatch(JSON.stringify(plan), /marked-secret/);
  const bare = withResource(swappable, siteId, (there) => ({ ...there, identity: { type: 'None' } }));
  assert.deepEqual(planSwap(slotted, bare, { do: 'swap' }).blockers, [
    "'shop' lacks the identity that pulls the image: deploy to the slot again first",
  ]);
  assert.deepEqual(planSwap(targetOf(webApp), deployed(targetOf(webApp)), { do: 'swap' }).blockers, [
    "'shop' has no slot to swap: deploy into one first, with 'slot' in the target",
  ]);
  assert.deepEqual(planSwap(several, split, { do: 'swap' }).blockers, ["'shop' has no slots: only web apps do"]);
});

test('traffic is split half and half, then one is promoted', () => {
  const half = planTraffic(several, split, {
    do: 'split',
    shares: [
      { revision: 'shop--v1a2b3c4', weight: 50 },
      { revision: 'shop--v5e6f708', weight: 50 },
    ],
  });
  assert.equal(
    drawn(half),
    text(`
      Steps (+ create, ~ change, > do, = leave):
        1 ~ Send 50 % to shop--v1a2b3c4, 50 % to shop--v5e6f708
            traffic: 100 % to shop--v1a2b3c4 -> 50 % to shop--v1a2b3c4, 50 % to shop--v5e6f708
        2 > Wait until 'shop' answers at /
    `),
  );
  assert.deepEqual(
    simulate(half, split).sent.map(({ body }) => body),
    [
      {
        location: 'westeurope',
        properties: {
          configuration: {
            ingress: {
              traffic: [
                { revisionName: 'shop--v1a2b3c4', weight: 50 },
                { revisionName: 'shop--v5e6f708', weight: 50 },
              ],
            },
          },
        },
      },
    ],
  );
  const promoted = planTraffic(several, simulate(half, split).facts, { do: 'promote', revision: 'shop--v5e6f708' });
  assert.equal(promoted.steps[0]?.title, 'Send 100 % to shop--v5e6f708');
});

test('rolling back starts a revision that was stopped, before anybody is sent to it', () => {
  const stopped = withResource(split, `${appId}/revisions`, {
    value: [
      { name: 'shop--v1a2b3c4', properties: { active: false } },
      { name: 'shop--v5e6f708', properties: { active: true } },
    ],
  });
  const facts = ingress(stopped, [{ revisionName: 'shop--v5e6f708', weight: 100, label: 'live' }]);
  const plan = planTraffic(several, facts, { do: 'rollBack', revision: 'shop--v1a2b3c4' });
  assert.equal(
    drawn(plan),
    text(`
      Steps (+ create, ~ change, > do, = leave):
        1 > Start the revision 'shop--v1a2b3c4'
        2 ~ Send 100 % to shop--v1a2b3c4; 'live' is shop--v5e6f708
            traffic: 100 % to shop--v5e6f708; 'live' is shop--v5e6f708 -> 100 % to shop--v1a2b3c4; 'live' is shop--v5e6f708
        3 > Wait until 'shop' answers at /
    `),
  );
  const [start] = plan.steps;
  assert.deepEqual(start?.do === 'post' && start.doneWhen, [
    { path: `${appId}/revisions/shop--v1a2b3c4`, apiVersion: '2024-03-01', at: 'properties.active', is: true },
  ]);
});

test('labels are put on, moved and removed', () => {
  const to = (facts: Facts, wish: TrafficWish): unknown => {
    const step = planTraffic(several, facts, wish).steps.find(({ id }) => id === 'traffic');
    return step?.do === 'update' && step.edits[0]?.to;
  };
  const facts = ingress(split, [{ revisionName: 'shop--v1a2b3c4', weight: 100, label: 'blue' }]);
  assert.deepEqual(to(facts, { do: 'label', label: 'green', revision: 'shop--v5e6f708' }), [
    { revisionName: 'shop--v1a2b3c4', weight: 100, label: 'blue' },
    { revisionName: 'shop--v5e6f708', weight: 0, label: 'green' },
  ]);
  assert.deepEqual(to(facts, { do: 'label', label: 'blue', revision: 'shop--v5e6f708' }), [
    { revisionName: 'shop--v1a2b3c4', weight: 100 },
    { revisionName: 'shop--v5e6f708', weight: 0, label: 'blue' },
  ]);
  assert.deepEqual(to(facts, { do: 'label', label: 'blue' }), [{ revisionName: 'shop--v1a2b3c4', weight: 100 }]);
  assert.equal(to(facts, { do: 'label', label: 'other' }), false);
  // Others' entries stay, and who follows the latest goes on to do so.
  const mixed = ingress(split, [
    { latestRevision: true, weight: 100 },
    { revisionName: 'shop--v1a2b3c4', weight: 0 },
  ]);
  assert.deepEqual(to(mixed, { do: 'label', label: 'new', revision: 'shop--v5e6f708' }), [
    { latestRevision: true, weight: 100, label: 'new' },
    { revisionName: 'shop--v1a2b3c4', weight: 0 },
  ]);
});

test('a label and its address are told before', () => {
  const facts = ingress(split, [
    { revisionName: 'shop--v1a2b3c4', weight: 100, label: 'blue' },
    { revisionName: 'shop--v5e6f708', weight: 0, label: 'green' },
  ]);
  const move = planTraffic(several, facts, { do: 'label', label: 'blue', revision: 'shop--v5e6f708' });
  assert.equal(
    drawn(move),
    text(`
      Worth knowing:
        'shop--v5e6f708' loses the label 'green': a revision can have only one

      Steps (+ create, ~ change, > do, = leave):
        1 ~ Move the label 'blue' to 'shop--v5e6f708'
            label blue: shop--v1a2b3c4 -> shop--v5e6f708
            It answers at https://shop---blue.example.io, whatever share of the requests it gets
        2 > Wait until 'shop' answers at /
    `),
  );
  const wait = move.steps.find(({ id }) => id === 'answer');
  assert.equal(wait?.do === 'answer' && wait.url, 'https://shop---blue.example.io');
  assert.equal(
    drawn(planTraffic(several, facts, { do: 'label', label: 'green' })),
    text(`
      Steps (+ create, ~ change, > do, = leave):
        1 ~ Take the label 'green' off 'shop--v5e6f708'
            label green: shop--v5e6f708 -> none
            https://shop---green.example.io stops answering
    `),
  );
  assert.deepEqual(planTraffic(several, facts, { do: 'deactivate', revision: 'shop--v5e6f708' }).warnings, [
    "The address of the label 'green' stops answering: it is on 'shop--v5e6f708'",
  ]);
});

test('a label of the latest revision stays when shares are given to names', () => {
  const facts = ingress(split, [{ latestRevision: true, weight: 100, label: 'live' }]);
  const step = planTraffic(several, facts, { do: 'rollBack', revision: 'shop--v1a2b3c4' }).steps[0];
  assert.deepEqual(step?.do === 'update' && step.edits[0]?.to, [
    { revisionName: 'shop--v1a2b3c4', weight: 100 },
    { revisionName: 'shop--v5e6f708', weight: 0, label: 'live' },
  ]);
});

test('what cannot be done with traffic', async (t) => {
  const single = targetOf(containerApp);
  const one = 'shop--v1a2b3c4';
  const closed = withResource(split, appId, (there) => ({
    ...there,
    properties: { ...(there['properties'] as JsonObject), configuration: { ingress: null } },
  }));
  const cases: readonly (readonly [string, Target, Facts, TrafficWish, readonly string[]])[] = [
    [
      'no ingress',
      several,
      closed,
      { do: 'promote', revision: one },
      ["'shop' takes no requests: set 'external' and deploy it"],
    ],
    [
      'no app',
      several,
      factsOf(several),
      { do: 'promote', revision: one },
      ["There is no container app 'shop': deploy it first"],
    ],
    [
      'no such revision',
      several,
      split,
      { do: 'promote', revision: 'x' },
      ["'shop' has no revision 'x': choose one of 'shop--v1a2b3c4', 'shop--v5e6f708'"],
    ],
    [
      'one at a time',
      single,
      deployed(single),
      { do: 'promote', revision: one },
      ["'shop' runs one revision at a time: choose 'revisions: multiple' and deploy again"],
    ],
    [
      'a wrong sum',
      several,
      split,
      { do: 'split', shares: [{ revision: one, weight: 60 }] },
      ['The shares add up to 60 %: make it 100'],
    ],
    [
      'named twice',
      several,
      split,
      {
        do: 'split',
        shares: [
          { revision: one, weight: 50 },
          { revision: one, weight: 50 },
        ],
      },
      ['A revision is named twice: say each once'],
    ],
    [
      'half a percent',
      several,
      split,
      {
        do: 'split',
        shares: [
          { revision: one, weight: 0.5 },
          { revision: 'shop--v5e6f708', weight: 99.5 },
        ],
      },
      ['A share is a whole number from 0 to 100'],
    ],
    [
      'stopping what is asked',
      several,
      split,
      { do: 'deactivate', revision: one },
      ["'shop--v1a2b3c4' gets traffic: promote another revision first"],
    ],
    [
      'a label that is none',
      several,
      split,
      { do: 'label', label: 'Blue', revision: one },
      ["'Blue' is not a label: use lower-case letters, digits and hyphens, a letter first"],
    ],
  ];
  for (const [name, target, facts, wish, expected] of cases) {
    await t.test(name, () => assert.deepEqual(planTraffic(target, facts, wish).blockers, expected));
  }
  assert.equal(
    outline(planTraffic(several, split, { do: 'deactivate', revision: 'shop--v5e6f708' })),
    '> deactivate:shop--v5e6f708',
  );
  assert.equal(outline(planTraffic(several, split, { do: 'activate', revision: one })), `= activate:${one}`);
});

test('an earlier image runs again, and nothing else changes', () => {
  const image = 'shopreg.azurecr.io/shop:0ldc0de';
  const site = deployed(targetOf(webApp));
  const plan = planRunImage(targetOf(webApp), site, image);
  assert.equal(
    drawn(plan),
    text(`
      Steps (+ create, ~ change, > do, = leave):
        1 ~ Run 'shop:0ldc0de' in 'shop'
            image: shopreg.azurecr.io/shop:1a2b3c4 -> shopreg.azurecr.io/shop:0ldc0de
        2 > Wait until 'shop' answers at /
    `),
  );
  assert.deepEqual(
    simulate(plan, site).sent.map(({ body }) => body),
    [{ properties: { linuxFxVersion: `DOCKER|${image}` } }],
  );

  const app = targetOf(containerApp);
  const step = planRunImage(app, deployed(app), image).steps[0];
  assert.deepEqual(step?.changes, [
    { what: 'image', from: 'shopreg.azurecr.io/shop:1a2b3c4', to: image },
    { what: 'revision', from: 'shop--v1a2b3c4', to: 'shop--v0ldc0de' },
  ]);
  const [patch] = simulate(planRunImage(app, deployed(app), image), deployed(app)).sent;
  // Required by the contract, with PATCH as well.
  assert.deepEqual(Object.keys(patch?.body ?? {}).sort(), ['location', 'properties']);

  const group = targetOf(containerGroup, { secrets: { DB: { from: 'ask' } } });
  const facts = deployed(group);
  const again = simulate(planRunImage(group, facts, image), facts).sent;
  assert.match(JSON.stringify(again), /"image":"shopreg\.azurecr\.io\/shop:0ldc0de".+"secureValue":"value of DB"/);
  const forgotten = withResource(facts, groupId, (there) => there);
  assert.deepEqual(planRunImage(targetOf(containerGroup), forgotten, image).blockers, [
    "Azure does not hand out these parts of 'shop', so an update would lose them: variable DB. Add them to 'secrets', or remove them",
  ]);
  assert.deepEqual(planRunImage(app, factsOf(app), image).blockers, [
    "'shop' is not there, or runs no image: deploy it first",
  ]);
  assert.deepEqual(planRunImage(app, deployed(app), 'shopreg.azurecr.io/shop:1a2b3c4').blockers, [
    "'shop' runs 'shop:1a2b3c4' already: choose another image",
  ]);
});
