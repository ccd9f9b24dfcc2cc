import assert from 'node:assert/strict';
import { apiVersions } from '../../../../client/src/azure/api-versions.ts';
import { readState } from '../../../../client/src/deploy/after/state.ts';
import type { AppChoices } from '../../../../client/src/deploy/choices.ts';
import { idsOf } from '../../../../client/src/deploy/plan/ids.ts';
import { dockerTest } from '../../../docker/docker.ts';
import { listen, placeholder, startDeployed } from './deployed.ts';

const app: AppChoices = {
  kind: 'containerInstance',
  name: `app-${placeholder}`,
  cpu: 1,
  memory: 1,
  dnsLabel: `label-${placeholder}`,
  restart: 'Always',
};

dockerTest('shows a container group and follows its log, line by line', async (context) => {
  const { arm, deploy } = await startDeployed(context);
  const target = await deploy(app, 'one');
  const group = idsOf(target).app;
  const state = await readState(arm, target);
  const [version] = state?.versions ?? [];
  assert.ok(version);
  assert.deepEqual([version.kind, version.state, version.isActive], ['group', 'Running', true]);
  assert.match(await (await fetch(version.url ?? '')).text(), /one/);
  assert.ok(!Number.isNaN(Date.parse(version.changedAt ?? '')));

  const stream = listen(context, arm, { kind: 'containerInstance', group });
  await stream.until(/^\[Connected\]\n[^]*one is open\n/);
  const lines = stream.seen().split('\n').length;
  await stream.until(new RegExp(`^(?:.*\n){${lines + 12}}`));
  const numbers = [...stream.seen().matchAll(/one (\d+)\n/g)].map(([, number]) => Number(number));
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
  );

  // What is stopped has no log; what starts again says everything anew.
  const call = (action: string): Promise<unknown> =>
    arm.send({ method: 'POST', path: `${group}/${action}`, apiVersion: apiVersions.containerInstances });
  await call('stop');
  assert.deepEqual((await readState(arm, target))?.versions[0]?.isActive, false);
  await stream.until(/\[It does not run, so that there is no log: waiting\]\n/);
  await call('start');
  await stream.until(/waiting\]\n\[Connected\]\n.*one is open\n/);
});
