import assert from 'node:assert/strict';
import test from 'node:test';
import { createdIn, execute } from '../../../../client/src/deploy/execute.ts';
import { JournalError } from '../../../../client/src/deploy/journal.ts';
import { Cancelled } from '../../../../client/src/tools/command.ts';
import { apiVersions } from '../../../../client/src/azure/api-versions.ts';
import type { Step } from '../../../../client/src/deploy/step.ts';
import type { DeployEvent, Journal, ResolvedImage } from '../../../../client/src/deploy/world.ts';
import {
  callsOf,
  eventTexts,
  group,
  journalRecord,
  memoryArm,
  memoryJournal,
  planOf,
  refusal,
  testClock,
  worldOf,
} from './support.ts';

const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/shopreg`;

function put(name: string, more: Partial<Step> = {}): Step {
  return {
    id: name,
    title: `Make ${name}`,
    effect: 'create',
    ...more,
    do: 'put',
    path: `${group}/providers/Microsoft.ContainerRegistry/registries/${name}`,
    apiVersion: apiVersions.registries,
    body: { location: 'westeurope' },
  };
}

const image: Step = {
  id: 'image',
  title: 'Build',
  effect: 'run',
  do: 'image',
  from: 'local',
  registry,
  loginServer: {
    $read: {
      label: 'address of the registry',
      method: 'GET',
      path: registry,
      apiVersion: apiVersions.registries,
      get: 'properties.loginServer',
    },
  },
  repository: 'shop',
  tag: '1a2b3c4',
  dockerfile: 'Dockerfile',
  context: '.',
  platform: 'linux/amd64',
};

test('refuses a plan with blockers', async () => {
  const arm = memoryArm();
  await assert.rejects(
    execute(planOf([put('a')], { blockers: ['Not like this'] }), worldOf({ arm })),
    /^UserError: Not like this$/,
  );
  assert.deepEqual(arm.changes, []);
});

test('does the steps in order and leaves what is to be left', async () => {
  const arm = memoryArm();
  const events: DeployEvent[] = [];
  const left: Step = { id: 'left', title: 'Stays', effect: 'leave', do: 'nothing' };
  const outcome = await execute(planOf([put('a'), left, put('b')]), worldOf({ arm }), {
    onEvent: (event) => events.push(event),
  });
  assert.deepEqual(outcome, { kind: 'deployed', warnings: [] });
  assert.deepEqual(eventTexts(events), ['begin a', 'done a', 'begin b', 'done b']);
});

test('writes the journal before and after each step, and that it has ended', async () => {
  const journal = memoryJournal();
  await execute(planOf([put('a')]), worldOf({ arm: memoryArm(), journal }));
  assert.deepEqual(
    journal.records.slice(1).map((record) => [record?.steps['a']?.state, record?.endedAt !== undefined]),
    [
      ['begun', false],
      ['begun', false],
      ['done', false],
      ['done', true],
    ],
  );
});

test('stops at the next boundary', async () => {
  const arm = memoryArm();
  const stop = new AbortController();
  const outcome = await execute(planOf([put('a'), put('b')]), worldOf({ arm }), {
    stop: stop.signal,
    onEvent: ({ kind }) => {
      if (kind === 'begin') stop.abort();
    },
  });
  assert.deepEqual(outcome, { kind: 'stopped', next: 'b' });
  assert.equal(arm.changes.length, 1);
});

test('ends in the middle of a step when it must, and says what goes on', async () => {
  const arm = memoryArm();
  const cancel = new AbortController();
  arm.answer = async ({ method }) => {
    if (method !== 'PUT') return undefined;
    cancel.abort();
    return await Promise.reject(cancel.signal.reason as Error);
  };
  const events: DeployEvent[] = [];
  const journal = memoryJournal();
  const outcome = await execute(planOf([put('a')]), worldOf({ arm, journal }), {
    signal: cancel.signal,
    onEvent: (event) => events.push(event),
  });
  assert.deepEqual(outcome, { kind: 'stopped', next: 'a', goesOn: true });
  assert.equal(eventTexts(events).at(-1), 'wait a: Stopped waiting; what Azure has begun goes on');
  assert.equal(journal.records.at(-1)?.steps['a']?.state, 'begun');
});

test('goes on where the same plan stopped', async () => {
  const arm = memoryArm();
  const journal = memoryJournal();
  const plan = planOf([put('a'), put('b'), put('c')]);
  let broken = true;
  arm.answer = ({ method, path }) => {
    if (method === 'PUT' && path.endsWith('/b') && broken) throw refusal(500, 'InternalServerError');
    return undefined;
  };
  const first = await execute(plan, worldOf({ arm, journal }));
  assert.equal(first.kind === 'failed' && first.step, 'b');
  broken = false;
  const events: DeployEvent[] = [];
  assert.equal(
    (await execute(plan, worldOf({ arm, journal }), { onEvent: (event) => events.push(event) })).kind,
    'deployed',
  );
  assert.deepEqual(eventTexts(events), ['begin a', 'done a already', 'begin b', 'done b', 'begin c', 'done c']);
  assert.deepEqual(
    callsOf(arm).map((call) => call.slice(-1)),
    ['a', 'b', 'b', 'c'],
  );
  assert.equal(journal.records.at(-1)?.steps['a']?.created?.endsWith('/a'), true);
});

test('goes on after an optional step that fails, and warns', async () => {
  const arm = memoryArm();
  arm.answer = ({ method, path }) => {
    if (method === 'PUT' && path.endsWith('/a')) throw refusal(400, 'Bad', 'No alerts here');
    return undefined;
  };
  const outcome = await execute(planOf([put('a', { optional: true }), put('b')]), worldOf({ arm }));
  assert.deepEqual(outcome, { kind: 'deployed', warnings: ['Make a: Azure refuses: No alerts here (Bad)'] });
});

test('keeps what an unfinished deployment made when another plan follows it', async () => {
  const arm = memoryArm();
  const old = journalRecord({
    steps: { a: { state: 'done', at: '', created: '/old/a' } },
    plan: planOf([put('a')], { id: 'old' }),
  });
  const journal = memoryJournal(old);
  await execute(planOf([put('b')]), worldOf({ arm, journal }));
  assert.deepEqual(journal.records.at(-1)?.earlier, ['/old/a']);
  const ended = memoryJournal({ ...old, endedAt: '2026-01-01T00:00:00.000Z' });
  await execute(planOf([put('c')]), worldOf({ arm, journal: ended }));
  assert.equal(ended.records.at(-1)?.earlier, undefined);
});

test('builds once: the digest under the tag tells that it is there', async () => {
  const arm = memoryArm({ [registry]: { properties: { loginServer: 'shopreg.azurecr.io' } } });
  const delivered: ResolvedImage[] = [];
  let found: string | undefined;
  const images = {
    deliver: (work: ResolvedImage) => {
      delivered.push(work);
      found = 'sha256:abc';
      return Promise.resolve(found);
    },
    digest: () => Promise.resolve(found),
  };
  const journal = memoryJournal();
  const plan = planOf([image, put('b')]);
  arm.answer = ({ path, method }) => {
    if (path.endsWith('/b') && method === 'PUT' && delivered.length === 1) throw refusal(400, 'Bad');
    return undefined;
  };
  await execute(plan, worldOf({ arm, journal, images }));
  assert.equal(delivered[0]?.loginServer, 'shopreg.azurecr.io');
  assert.equal(journal.records.at(-1)?.digest, 'sha256:abc');
  arm.answer = () => undefined;
  assert.deepEqual(await execute(plan, worldOf({ arm, journal, images })), {
    kind: 'deployed',
    digest: 'sha256:abc',
    warnings: [],
  });
  assert.equal(delivered.length, 1);
});

test('asks each time anew whether what is built may be deployed, and does not build it again for that', async () => {
  const arm = memoryArm({ [registry]: { properties: { loginServer: 'shopreg.azurecr.io' } } });
  let [built, asked] = [0, 0];
  const images = {
    deliver: () => Promise.resolve(`sha256:${++built}`),
    digest: () => Promise.resolve('sha256:1'),
    admit: ({ loginServer }: ResolvedImage, digest: string) => {
      assert.deepEqual([loginServer, digest], ['shopreg.azurecr.io', 'sha256:1']);
      return ++asked < 3 ? Promise.reject(new Cancelled()) : Promise.resolve();
    },
  };
  const journal = memoryJournal();
  const deploy = async (): Promise<string> =>
    (await execute(planOf([image, put('b')]), worldOf({ arm, journal, images }))).kind;
  assert.deepEqual([await deploy(), await deploy(), callsOf(arm).length], ['stopped', 'stopped', 0]);
  assert.deepEqual([await deploy(), callsOf(arm).length], ['deployed', 1]);
  assert.deepEqual([built, asked], [1, 3]);
});

test('builds again when the tag is on another image by now', async () => {
  const arm = memoryArm({ [registry]: { properties: { loginServer: 'shopreg.azurecr.io' } } });
  let count = 0;
  const images = {
    deliver: () => Promise.resolve(`sha256:${++count}`),
    digest: () => Promise.resolve('sha256:other'),
  };
  const plan = planOf([image]);
  const journal = memoryJournal(
    journalRecord({ plan, digest: 'sha256:1', steps: { image: { state: 'done', at: '2026-01-01T00:00:00Z' } } }),
  );
  await execute(plan, worldOf({ arm, journal, images }));
  assert.equal(count, 1);
});

test('tells a log in whole lines, so that no secret is told in halves', async () => {
  const arm = memoryArm({ [registry]: { properties: { loginServer: 'shopreg.azurecr.io' } } });
  const events: DeployEvent[] = [];
  const step: Step = { ...image, secretArguments: ['token'] };
  await execute(
    planOf([step]),
    worldOf({
      arm,
      secret: () => Promise.resolve('s3cr3t-value'),
      images: {
        digest: () => Promise.resolve(undefined),
        deliver: (_, { onLog }) => {
          for (const part of ['using s3cr', '3t-value\nnext', ' line']) onLog(part);
          return Promise.resolve('sha256:1');
        },
      },
    }),
    { onEvent: (event) => events.push(event) },
  );
  assert.deepEqual(eventTexts(events).slice(1, 3), ['log image: using ***\n', 'log image: next line']);
});

test('reads what is new until Azure tells it, and says so in the end', async () => {
  const arm = memoryArm({ [registry]: {} });
  const clock = testClock();
  arm.answer = () => {
    if (clock.waited.length === 2)
      arm.resources.set(registry.toLowerCase(), { properties: { loginServer: 'x.azurecr.io' } });
    return undefined;
  };
  assert.equal((await execute(planOf([image]), worldOf({ arm, clock }))).kind, 'deployed');
  const never = await execute(planOf([image]), worldOf({ arm: memoryArm() }));
  assert.match(String(never.kind === 'failed' && never.error), /Azure does not tell the address of the registry/);
});

test('a disk that is full stops it with a sentence, and what was made before is still known', async () => {
  const full = new JournalError(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }));
  const sentence = /^The disk is full, so how far the deployment comes cannot be noted: make room, then resume$/;
  // From each write on; the last one says that all is done.
  for (let room = 0; room < 6; room++) {
    const journal = memoryJournal();
    const { write } = journal;
    let writes = 0;
    const limited: Journal = {
      read: journal.read,
      write: (record) => (writes++ < room ? write(record) : Promise.reject(full)),
    };
    const arm = memoryArm();
    const outcome = await execute(planOf([put('a'), put('b')]), worldOf({ arm, journal: limited }));
    const made = arm.changes.length;
    assert.ok(outcome.kind === 'failed' && outcome.error instanceof Error, String(room));
    assert.match(outcome.error.message, sentence);
    // Nothing is made that a clean-up would not know of.
    const known = journal.records.at(-1);
    assert.equal(known === undefined ? 0 : createdIn(known).length, made, String(room));

    assert.equal((await execute(planOf([put('a'), put('b')]), worldOf({ arm, journal }))).kind, 'deployed');
    assert.deepEqual(arm.changes.length, 2, String(room));
  }
  const limited: Journal = {
    read: () => Promise.resolve(undefined),
    write: (record) => (record?.endedAt === undefined ? Promise.resolve() : Promise.reject(full)),
  };
  const outcome = await execute(planOf([put('a')]), worldOf({ arm: memoryArm(), journal: limited }));
  assert.ok(outcome.kind === 'deployed');
  assert.match(outcome.warnings.join(), sentence);
});
