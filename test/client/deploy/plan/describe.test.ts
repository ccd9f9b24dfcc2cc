import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describePlan, planText } from '../../../../client/src/deploy/describe.ts';
import { makePlan } from '../../../../client/src/deploy/plan/make-plan.ts';
import { simulate } from './simulate.ts';
import { containerApp, factsOf, targetOf, webApp, withSource } from './support.ts';

const target = targetOf(webApp);
const first = makePlan(target, factsOf(target));

test('a plan is described in groups whose steps keep their place', () => {
  const { title, summary, groups, costs } = describePlan(first);
  assert.equal(title, "Deploy 'shop:1a2b3c4' to the web app 'shop'");
  assert.equal(summary, "Resource group 'shop', westeurope: creates 6, changes 1");
  assert.deepEqual(
    groups.map((group) => [group.title, group.steps.map(({ number, id }) => `${number} ${id}`)]),
    [
      ['Create', ['1 group', '2 registry', '3 identity', '4 plan', '5 role:pull', '8 site']],
      ['Change', ['9 site:logs']],
      ['Do', ['6 image', '7 settle', '10 answer']],
    ],
  );
  assert.deepEqual(costs, [
    { what: 'Container registry Basic', price: '$5.00 a month', asOf: 'East US, list price of 2025' },
    { what: 'App Service plan B1', price: '$12.41 a month', asOf: 'East US, list price of 2025' },
    { what: 'Together', price: '$17.41 a month' },
  ]);
});

test('what costs without a price that is known says so, and no sum is made up', () => {
  const unknown = targetOf({ ...webApp, sku: 'P2v3' }, { registry: { name: 'shopreg', sku: 'Basic' } });
  assert.deepEqual(describePlan(makePlan(unknown, factsOf(unknown))).costs, [
    { what: 'Container registry Basic', price: '$5.00 a month', asOf: 'East US, list price of 2025' },
    { what: 'App Service plan P2v3', price: 'see its pricing page' },
    { what: 'Together', price: '$5.00 a month, and what goes by use or is not known here' },
  ]);
});

test('what is there already costs nothing more', () => {
  const again = makePlan(target, simulate(first, factsOf(target)).facts);
  assert.deepEqual(describePlan(again).costs, []);
});

test('the text begins with what stands in the way', () => {
  const app = targetOf({ ...containerApp, cpu: 0.3 });
  const facts = withSource(factsOf(app), {
    hasDocker: false,
    commit: { short: '1a2b3c4', full: '1a2b3c4d', isDirty: true },
  });
  assert.equal(
    planText(makePlan(app, facts)).split('\n').slice(0, 12).join('\n'),
    [
      "Deploy 'shop:1a2b3c4-c0ffee0' to the container app 'shop'",
      "  Resource group 'shop', westeurope: creates 7",
      '  Image: shopreg.azurecr.io/shop:1a2b3c4-c0ffee0',
      '  Commit: 1a2b3c4d, with uncommitted changes',
      '',
      'This cannot begin:',
      "  Docker does not answer: start it, or choose 'build: cloud' to build in Azure",
      '',
      'Worth knowing:',
      "  Container Apps have 2 GiB for each vCPU: 'shop' gets 0.5 vCPU and 1 GiB, not 0.3 and 1",
      "  There are uncommitted changes: the image is tagged '1a2b3c4-c0ffee0', not only with the commit",
      '',
    ].join('\n'),
  );
});
