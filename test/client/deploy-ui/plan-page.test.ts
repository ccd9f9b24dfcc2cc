import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePlan } from '../../../client/src/deploy/plan/make-plan.ts';
import { planPage, type PlanPageParts } from '../../../client/src/deploy-ui/plan-page.ts';
import { simulate } from '../deploy/plan/simulate.ts';
import { containerApp, factsOf, targetOf, webApp } from '../deploy/plan/support.ts';

const target = targetOf(webApp);
const first = makePlan(target, factsOf(target));
const parts: PlanPageParts = {
  nonce: 'abc',
  stage: 'asked',
  progress: new Map(),
  confirm: 'command:confirm',
  cancel: 'command:cancel',
  copyJson: 'command:json',
  copyScript: 'command:script',
  resume: 'command:resume',
  cleanUp: 'command:cleanUp',
};

test('a plan is asked for, with every step, every value and every price', () => {
  const page = planPage(first, parts);
  assert.deepEqual(linksIn(page), [
    'Deploy: command:confirm',
    'Cancel: command:cancel',
    'Copy as JSON: command:json',
    'Copy as az script: command:script',
    'Azure’s pricing calculator: https://azure.microsoft.com/pricing/calculator/',
  ]);
  for (const { title, changes = [] } of first.steps) {
    for (const text of [title, ...changes.map(({ to }) => to)]) assert.ok(page.includes(escaped(text)), text);
  }
  assert.match(page, /App Service plan B1<\/th><td>\$12\.41 a month <span class="dim">East US/);
  assert.match(page, /Together<\/th><td>\$17\.41 a month</);
});

test('what cannot begin cannot be confirmed', () => {
  const page = planPage({ ...first, blockers: ['Docker does not answer: start it'] }, parts);
  assert.match(page, /class="blocker">Docker does not answer: start it</);
  assert.match(page, /aria-disabled="true">Deploy</);
  assert.doesNotMatch(page, /command:confirm/);
});

test('what is no deployment is confirmed, not deployed', () => {
  const page = planPage({ ...first, title: 'Swap the slot' }, parts);
  assert.match(page, /<h1>Swap the slot<\/h1>/);
  assert.deepEqual(linksIn(page).slice(0, 2), ['Confirm: command:confirm', 'Cancel: command:cancel']);
});

test('a change shows the old value and the new one, and what stays is folded', () => {
  const again = makePlan(targetOf({ ...webApp, alwaysOn: false }), simulate(first, factsOf(target)).facts);
  const page = planPage(again, parts);
  assert.match(page, /always on<\/th><td><del>on<\/del> → <ins>off<\/ins>/i);
  assert.match(page, /<details><summary>Stays as it is \(\d+\)<\/summary>/);
});

test('each step tells how it stands', () => {
  const [one, two, three, four] = first.steps.map(({ id }) => id);
  const progress: PlanPageParts['progress'] = new Map([
    [one ?? '', { state: 'already' }],
    [two ?? '', { state: 'done' }],
    [three ?? '', { state: 'running', message: 'Azure is slow' }],
    [four ?? '', { state: 'failed', message: "The name '<b>' is taken" }],
  ]);
  const page = planPage(first, { ...parts, stage: 'running', progress });
  const states = [...page.matchAll(/class="state">([^<]*)</g)].map(([, text]) => text);
  assert.deepEqual(states, [
    '✓ Was done already',
    '✓ Done',
    'Azure is slow …',
    '✗ The name &#39;&lt;b&gt;&#39; is taken',
  ]);
  assert.doesNotMatch(page, /command:(confirm|cancel|resume|cleanUp)/);
});

test('the end says where the app answers, or what can be done', () => {
  const url = 'https://shop.azurewebsites.net/?a&b';
  const good = planPage(first, { ...parts, stage: 'ended', outcome: { message: 'Done', isGood: true, url } });
  assert.match(good, /role="status">Done: <a href="https:\/\/shop\.azurewebsites\.net\/\?a&amp;b">/);
  assert.doesNotMatch(good, /command:resume/);

  const bad = { message: 'Failed', isGood: false } as const;
  const failed = planPage(first, { ...parts, stage: 'ended', outcome: { ...bad, isUnfinished: true } });
  assert.deepEqual(linksIn(failed).slice(0, 2), ['Resume: command:resume', 'Clean up …: command:cleanUp']);
  assert.doesNotMatch(planPage(first, { ...parts, stage: 'ended', outcome: bad }), /command:resume/);
});

test('nothing in a plan becomes markup', () => {
  const evil = `"><img src=x onerror=alert(1)>'</style><script>alert(2)</script>`;
  const app = targetOf(containerApp, { resourceGroup: evil, env: { [evil]: evil } });
  const plan = { ...makePlan(app, factsOf(app)), title: evil, image: evil, warnings: [evil], blockers: [evil] };
  const outcome = { message: evil, isGood: true, url: evil };
  const page = planPage(plan, { ...parts, stage: 'ended', outcome });
  assert.doesNotMatch(page, /<img|<script/);
  assert.equal(page.match(/<\/style>/g)?.length, 1);
  assert.match(page, /content="default-src 'none'; style-src 'nonce-abc'"/);
});

/** `title: where to`, of all links in the order in which they stand. */
function linksIn(page: string): readonly string[] {
  return [...page.matchAll(/<a [^>]*href="([^"]*)"[^>]*>([^<]*)<\/a>/g)].map(([, to, title]) => `${title}: ${to}`);
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll("'", '&#39;')
    .replaceAll('"', '&quot;');
}
