import assert from 'node:assert/strict';
import { readState } from '../../../../client/src/deploy/after/state.ts';
import type { AppChoices } from '../../../../client/src/deploy/choices.ts';
import { idsOf } from '../../../../client/src/deploy/plan/ids.ts';
import { askHost } from '../../../azure/app/lab.ts';
import { dockerTest } from '../../../docker/docker.ts';
import { webApp } from '../targets.ts';
import { listen, placeholder, startDeployed } from './deployed.ts';

const app: AppChoices = { ...webApp, name: `app-${placeholder}`, sku: 'S1' };

dockerTest('shows a web app and its slot, and streams the logs of each', async (context) => {
  const { arm, deploy } = await startDeployed(context);
  const one = await deploy(app, 'one');
  assert.deepEqual(
    (await readState(arm, one))?.versions.map(({ kind, name }) => [kind, name]),
    [['production', 'production']],
  );
  const target = await deploy({ ...app, slot: 'staging' }, 'two', { env: { V: '2' } });
  const state = await readState(arm, target);
  const [production, slot, ...others] = state?.versions ?? [];
  assert.ok(production && slot);
  assert.deepEqual(others, []);
  assert.deepEqual([slot.kind, slot.name, slot.state, slot.isActive], ['slot', 'staging', 'Running', true]);
  assert.match(production.image ?? '', /^127\.0\.0\.1:\d+\/shop:1a2b3c4$/);
  assert.match((await askHost(production.url ?? '')).text, /one/);
  assert.match((await askHost(slot.url ?? '')).text, /two/);
  assert.ok(Math.abs(Date.parse(production.changedAt ?? '') - Date.now()) < 600_000, production.changedAt);

  const site = idsOf(target).site ?? '';
  const stream = listen(context, arm, { kind: 'appService', site });
  await stream.until(/^\[Connected\]\n[^]*one is open\n[^]*one \d+\n[^]*one \d+\n/);
  assert.doesNotMatch(stream.seen(), /two/);
  await stream.stop();
  const staging = listen(context, arm, { kind: 'appService', site, slot: 'staging' });
  await staging.until(/two is open\n[^]*two \d+\n/);
});

dockerTest('goes on when the front end hangs up, and repeats nothing', async (context) => {
  // Less than the time between two lines.
  const { arm, deploy } = await startDeployed(context, { streamIdle: 100 });
  const target = await deploy(app, 'one');
  const stream = listen(context, arm, { kind: 'appService', site: idsOf(target).app });
  await stream.until(/(connecting again\][^]*){2}\[Connected\]\n/);
  await stream.until(/one 5\n/);
  const numbers = [...stream.seen().matchAll(/one (\d+)\n/g)].map(([, number]) => Number(number));
  assert.ok(numbers.length > 3);
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => (numbers[0] ?? 0) + index),
  );
});
