import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import { explain } from '../../../client/src/azure/explain.ts';
import { Cancelled } from '../../../client/src/tools/command.ts';
import { startLab } from '../../azure/registry/lab.ts';
import { folderOf } from '../../docker/docker.ts';
import { bodiesTo, imagesOf, listener, workFor } from './registry-lab.ts';

const scheduling = /POST .*\/scheduleRun$/i;

test('a build that Azure begins while it is cancelled is cancelled there, too', async (context) => {
  const lab = await startLab(context);
  const loginServer = await lab.registry('shopreg');
  const images = imagesOf(lab.azure, lab.token, folderOf(context, { Dockerfile: 'FROM scratch\n' }), {
    wait: (milliseconds, signal) => after(milliseconds, undefined, { signal }).catch(() => undefined),
  });
  const heard = listener();
  // It is under way in Azure, and nobody here has heard of it yet.
  lab.azure.faults.watch((moment, call) => {
    if (moment === 'after' && scheduling.test(call)) heard.controller.abort();
  });
  await assert.rejects(images.deliver(workFor(lab.id('shopreg'), loginServer, { from: 'cloud' }), heard), Cancelled);
  const cancelled = lab.azure.traffic.filter(({ url }) => /\/runs\/\w+\/cancel\b/.test(url));
  assert.deepEqual(
    cancelled.map(({ status }) => status),
    [200],
  );
});

test('a cancel does not wait for long, and says what nobody knows', async (context) => {
  const lab = await startLab(context);
  const loginServer = await lab.registry('shopreg');
  const images = imagesOf(lab.azure, lab.token, folderOf(context, { Dockerfile: 'FROM scratch\n' }));
  for (const [fault, said] of [
    [{ kind: 'hang' }, /Azure has not said whether it has begun the build: if so, it goes on there\n$/],
    [
      { kind: 'answer', status: 400, body: { error: { code: 'TasksOperationsNotAllowed', message: 'No.' } } },
      /\d B\n$/,
    ],
  ] as const) {
    const heard = listener();
    lab.azure.faults.add(scheduling, fault);
    lab.azure.faults.watch((moment, call) => {
      if (moment === 'before' && scheduling.test(call)) heard.controller.abort();
    });
    await assert.rejects(images.deliver(workFor(lab.id('shopreg'), loginServer, { from: 'cloud' }), heard), Cancelled);
    lab.azure.faults.clear();
    assert.match(heard.log.join(''), said);
  }
});

test('a build of which nobody knows whether it has begun is not begun again', async (context) => {
  const lab = await startLab(context);
  const loginServer = await lab.registry('shopreg');
  const images = imagesOf(lab.azure, lab.token, folderOf(context, { Dockerfile: 'FROM scratch\n' }));
  lab.azure.faults.add(scheduling, { kind: 'lost' }, 1);
  const work = workFor(lab.id('shopreg'), loginServer, { from: 'cloud' });
  await assert.rejects(images.deliver(work, listener()), (error) => {
    const { message, action } = explain(error);
    assert.match(message, /^The connection to '\S+' broke off: it may or may not have done what was asked$/);
    return action.kind === 'retry';
  });
  assert.equal(bodiesTo(lab.azure, /\/scheduleRun\b/).length, 1);
});
