import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileJournal, journalName } from '../../../../client/src/deploy/journal.ts';
import { journalRecord, target } from './support.ts';

test('keeps a record that only its owner can read, and nothing else beside it', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'journal-'));
  context.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'deep', 'one.json');
  const journal = fileJournal(file);
  assert.equal(await journal.read(), undefined);

  const record = journalRecord();
  await journal.write(record);
  assert.deepEqual(await journal.read(), record);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal((await stat(join(folder, 'deep'))).mode & 0o777, 0o700);
  assert.deepEqual(await readdir(join(folder, 'deep')), ['one.json']);

  await journal.write(undefined);
  assert.equal(await journal.read(), undefined);
});

test('lets the last of many writes win, each whole', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'journal-'));
  context.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'one.json');
  const journal = fileJournal(file);
  const writes = Array.from({ length: 20 }, (_, index) => journal.write(journalRecord({ digest: `sha256:${index}` })));
  await writes[3];
  JSON.parse(await readFile(file, 'utf8'));
  await Promise.all(writes);
  assert.equal((await journal.read())?.digest, 'sha256:19');
});

test('keeps the old record when the new one cannot be written', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'journal-'));
  context.after(() => rm(folder, { recursive: true }));
  const journal = fileJournal(join(folder, 'one.json'));
  await journal.write(journalRecord({ digest: 'sha256:1' }));
  const broken = { ...journalRecord(), startedAt: 1n as unknown as string };
  await assert.rejects(journal.write(broken));
  assert.equal((await journal.read())?.digest, 'sha256:1');
  assert.deepEqual(await readdir(folder), ['one.json']);
  await journal.write(journalRecord({ digest: 'sha256:2' }));
  assert.equal((await journal.read())?.digest, 'sha256:2');
});

test('keeps whatever else is in the file, says so once, and goes on without', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'journal-'));
  context.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'one.json');
  for (const text of ['', '{', 'null', '[]', '{"plan":{"version":2,"id":"a","steps":[]},"steps":{}}', '{"plan":{}}']) {
    await writeFile(file, text);
    const journal = fileJournal(file);
    if (text !== '')
      await assert.rejects(
        journal.read(),
        /^UserError: The record of an earlier deployment cannot be read, and is now '/,
      );
    assert.equal(await journal.read(), undefined, text);
    await journal.write(journalRecord());
    const kept = (await readdir(folder)).filter((name) => name.startsWith('one.json.unreadable-'));
    assert.deepEqual(
      await Promise.all(kept.map((name) => readFile(join(folder, name), 'utf8'))),
      [text].filter(Boolean),
    );
    await Promise.all(kept.map((name) => rm(join(folder, name))));
  }
  await rm(file);
  await mkdir(file);
  await assert.rejects(fileJournal(file).read(), /cannot be noted: EISDIR$/);
});

test('calls the journals of different places differently, whatever their letters’ case', () => {
  const name = journalName(target);
  assert.match(name, /^[0-9a-f]{32}$/);
  assert.equal(journalName({ ...target, resourceGroup: target.resourceGroup.toUpperCase() }), name);
  assert.notEqual(journalName({ ...target, name: 'other' }), name);
  assert.notEqual(journalName({ ...target, resourceGroup: 'other' }), name);
});
