import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileJournal } from '../../../../client/src/deploy/journal.ts';
import { beginning, findUnfinished, type Unfinished } from '../../../../client/src/deploy/unfinished.ts';
import { execute } from '../../../../client/src/deploy/execute.ts';
import { journalRecord, memoryArm, memoryJournal, planOf, worldOf } from './support.ts';

test('finds what was begun and has not ended, newest first', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'journals-'));
  context.after(() => rm(folder, { recursive: true }));
  assert.deepEqual(await findUnfinished(join(folder, 'nowhere')), []);
  const records = {
    old: journalRecord(),
    new: journalRecord({ startedAt: '2026-02-01T00:00:00.000Z' }),
    ended: journalRecord({ endedAt: '2026-02-01T00:00:00.000Z' }),
  };
  for (const [name, record] of Object.entries(records)) {
    await fileJournal(join(folder, `${name}.json`)).write(record);
  }
  await writeFile(join(folder, 'damaged.json'), '{"plan":{"target":{"name":"shop"}}}');
  await writeFile(join(folder, 'new.json.1.tmp'), JSON.stringify(records.new));
  assert.deepEqual(await findUnfinished(folder), [
    { file: join(folder, 'new.json'), record: records.new },
    { file: join(folder, 'old.json'), record: records.old },
  ]);
});

test('goes on in the folder in which it was begun, wherever that is among those that are open', async () => {
  const journal = memoryJournal();
  await execute(
    planOf([{ id: 'a', title: 'A', effect: 'create', do: 'register', namespace: 'No.Such' }]),
    worldOf({ arm: memoryArm(), journal, folder: '/work/second' }),
  );
  const record = journal.records.at(-1);
  assert.ok(record);
  const unfinished: Unfinished = { file: 'a.json', record };
  const [first, second] = ['first', 'second'].map((name) => ({ name, uri: { fsPath: `/work/${name}` } }));
  assert.ok(first && second);
  assert.equal(beginning(unfinished, [first, second]), second);
  assert.throws(() => beginning(unfinished, [first]), {
    name: 'UserError',
    message: "'production' is deployed from a folder that is not open: open '/work/second'",
  });
});
