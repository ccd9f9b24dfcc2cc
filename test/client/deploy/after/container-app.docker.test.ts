import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { readState } from '../../../../client/src/deploy/after/state.ts';
import { createEventLines } from '../../../../client/src/deploy/after/event-line.ts';
import type { AppChoices } from '../../../../client/src/deploy/choices.ts';
import { idsOf } from '../../../../client/src/deploy/plan/ids.ts';
import { apiVersions } from '../../../../client/src/azure/api-versions.ts';
import { askHost, eventually } from '../../../azure/app/lab.ts';
import { dockerTest } from '../../../docker/docker.ts';
import { containerApp } from '../targets.ts';
import { listen, placeholder, startDeployed } from './deployed.ts';

const app: AppChoices = { ...containerApp, name: `app-${placeholder}`, revisions: 'multiple' };

dockerTest('shows the revisions of a container app and streams the one that has the requests', async (context) => {
  const { arm, deploy, user } = await startDeployed(context);
  await deploy(app, 'one', { env: { V: '1' } });
  const target = await deploy(app, 'two', { env: { V: '2' } });
  const id = idsOf(target).app;
  const state = await readState(arm, target);
  assert.equal(state?.isMultiple, true);
  const [first, second, ...others] = state.versions;
  assert.ok(first && second);
  assert.deepEqual(others, []);
  assert.deepEqual([first.weight, second.weight], [100, 0]);
  assert.equal(second.changedBy, user.objectId);
  assert.match((await askHost(first.url ?? '')).text, /one/);
  assert.match((await askHost(second.url ?? '')).text, /two/);
  assert.equal(first.image, second.image);

  const stream = listen(context, arm, { kind: 'containerApp', app: id });
  await stream.until(/one is open\n[^]*one \d+\n/);
  assert.match(stream.seen(), new RegExp(`^\\[Connected to revision '${first.name}'\\]`));
  assert.doesNotMatch(stream.seen(), /two/);
  await stream.stop();
  const other = listen(context, arm, { kind: 'containerApp', app: id }, { revision: second.name });
  await other.until(/two is open\n[^]*two \d+\n/);
  await other.stop();

  const events = listen(context, arm, { kind: 'containerApp', app: id }, { events: true });
  await events.until(/RevisionReady/);
  const lines = createEventLines()(events.seen());
  assert.ok(lines.some((line) => line.endsWith(`[RevisionReady] Successfully provisioned revision '${first.name}'`)));
  // It follows.
  await arm.send({
    method: 'POST',
    path: `${id}/revisions/${second.name}/deactivate`,
    apiVersion: apiVersions.containerApps,
  });
  await events.until(/RevisionDeactivating/);
  const now = await readState(arm, target);
  assert.deepEqual(
    now?.versions.map((version) => [version.name, version.isActive, version.state]),
    [
      [first.name, true, 'Running'],
      [second.name, false, 'Inactive'],
    ],
  );
});

dockerTest('says that a container app sleeps, and connects when it wakes', async (context) => {
  const { arm, deploy } = await startDeployed(context, { idle: 300 });
  const target = await deploy(app, 'one');
  await eventually(async () => (await readState(arm, target))?.versions[0]?.replicas === 0);
  const [version] = (await readState(arm, target))?.versions ?? [];
  assert.ok(version);
  assert.equal(version.state, 'Scaled to zero');
  const stream = listen(context, arm, { kind: 'containerApp', app: idsOf(target).app });
  await stream.until(/^\[No replica runs/);
  const url = version.url ?? '';
  let isOver = false;
  context.after(() => (isOver = true));
  const keepAwake = async (): Promise<void> => {
    await askHost(url).catch(() => undefined);
    await delay(50);
    if (!isOver) await keepAwake();
  };
  void keepAwake();
  await stream.until(/\[Connected to revision '[^']+'\]\n[^]*one is open/);
  // Once, however long it sleeps; it may fall asleep again where requests take long.
  assert.doesNotMatch(stream.seen(), /\[No replica runs[^\]]*\]\n\[No replica runs/);
  await stream.stop();
});
