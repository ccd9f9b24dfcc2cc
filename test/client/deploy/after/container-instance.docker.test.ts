import assert from 'node:assert/strict';
import { apiVersions } from '../../../../client/src/azure/api-versions.ts';
import { readState } from '../../../../client/src/deploy/after/state.ts';
import { textAt } from '../../../../client/src/azure/json.ts';
import { askLogs, workspaceOf } from '../../../../client/src/deploy/after/ask-logs.ts';
import { queriesFor } from '../../../../client/src/deploy/after/queries.ts';
import type { AppChoices, Target } from '../../../../client/src/deploy/choices.ts';
import { idsOf } from '../../../../client/src/deploy/plan/ids.ts';
import { eventually } from '../../../azure/app/lab.ts';
import { dockerTest } from '../../../docker/docker.ts';
import { localArm } from '../engine/local.ts';
import { containerGroup } from '../targets.ts';
import { listen, placeholder, startDeployed } from './deployed.ts';

const app: AppChoices = { ...containerGroup, name: `app-${placeholder}`, dnsLabel: `label-${placeholder}` };

dockerTest('answers questions about the logs of a container group, before and after an update', async (context) => {
  const { arm, azure, deploy, user } = await startDeployed(context);
  const kept: AppChoices = { ...app, workspace: `logs-${placeholder}` };
  const token = azure.core.directory.token(user.objectId, 'https://api.loganalytics.io');
  const asker = localArm(azure, azure.httpClient, token);
  const questions = async (target: Target): Promise<Readonly<Record<string, readonly (readonly string[])[]>>> => {
    const answers = await Promise.all(
      queriesFor(target).map(async ({ id, kql, from }) => {
        const logs = await workspaceOf(arm, target, from);
        assert.ok(logs.id?.endsWith(`/workspaces/${(target.app as { workspace?: string }).workspace ?? ''}`), logs.id);
        return [id, (await askLogs(asker, logs, kql)).rows] as const;
      }),
    );
    return Object.fromEntries(answers);
  };
  const one = await deploy(kept, 'GET /cart HTTP/1.1 503 12 ms');
  // It says the same again and again.
  await eventually(async () => (await questions(one))['errors']?.length === 1);
  const first = await questions(one);
  assert.match(first['errors']?.map((row) => row.join(' ')).join('\n') ?? '', /^GET \/cart 503 \d+$/);
  assert.equal(first['latency']?.[0]?.[1], '12');
  assert.deepEqual(first['restarts']?.map(([, reason]) => reason).toSorted(), ['Pulled', 'Pulling', 'Started']);

  // An update says the key anew, as Azure does not give it back.
  const two = await deploy({ ...kept, dnsLabel: `other-${placeholder}` }, 'GET /pay HTTP/1.1 500 7 ms');
  await eventually(async () => (await questions(two))['errors']?.length === 2);
  const puts = azure.traffic.filter(({ method, url }) => method === 'PUT' && /containerGroups/i.test(url));
  const ids = puts.map(({ requestBody }) => textAt(requestBody, 'properties.diagnostics.logAnalytics.workspaceId'));
  assert.equal(ids.length, 2);
  assert.equal(ids[0], ids[1]);
});

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
