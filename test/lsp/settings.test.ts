import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Editor, pushing } from './editor.ts';

const old = 'FROM alpine:3.20\nMAINTAINER me\nUSER 1\n';

async function rulesIn(editor: Editor, path = 'Dockerfile'): Promise<readonly unknown[]> {
  return (await editor.diagnostics(path)).map(({ code }) => code);
}

suite('settings', () => {
  test('are asked for again when they change, and the editor is told to ask for diagnostics', async (t) => {
    const editor = await Editor.start(t);
    await editor.open('Dockerfile', old);
    assert.deepEqual(await rulesIn(editor), ['maintainer-deprecated']);
    await editor.set({ rules: { 'maintainer-deprecated': 'off' } });
    await editor.until(() => editor.refreshes === 1);
    assert.deepEqual(await rulesIn(editor), []);
    await editor.set({ rules: { 'maintainer-deprecated': 'error' } });
    await editor.until(() => editor.refreshes === 2);
    assert.equal((await editor.diagnostics('Dockerfile'))[0]?.severity, 1);
  });

  test('silence everything and back', async (t) => {
    const editor = await Editor.start(t, { settings: { enable: false } });
    await editor.open('Dockerfile', old);
    assert.deepEqual(await rulesIn(editor), []);
    assert.deepEqual(await editor.codeActions('Dockerfile', 'MAINTAINER'), []);
    assert.equal(await editor.hover('Dockerfile', 'MAINTAINER'), null);
    await editor.set({ enable: true });
    await editor.until(() => editor.refreshes === 1);
    assert.deepEqual(await rulesIn(editor), ['maintainer-deprecated']);
  });

  test('that make no sense are as if they were not there', async (t) => {
    const settings = {
      enable: 'yes',
      preset: 7,
      rules: { 'maintainer-deprecated': 'loud', 'no-such-rule': [], x: null },
    };
    const editor = await Editor.start(t, { settings });
    await editor.open('Dockerfile', old);
    assert.deepEqual(await rulesIn(editor), ['maintainer-deprecated']);
  });

  test('are taken as they are sent where they cannot be asked for', async (t) => {
    const capabilities = { ...pushing, workspace: {} };
    const options = { files: true, settings: { rules: { 'maintainer-deprecated': 'error' } } };
    const editor = await Editor.start(t, { capabilities, options });
    await editor.open('Dockerfile', old);
    assert.equal((await editor.published('Dockerfile', 1))[0]?.severity, 1);
    const settings = { shipshape: { rules: { 'maintainer-deprecated': 'off' } } };
    await editor.connection.sendNotification('workspace/didChangeConfiguration', { settings });
    await editor.until(() => editor.publishedVersions.length === 2);
    assert.deepEqual(await editor.published('Dockerfile', 1), []);
  });
});

suite('files round a document', () => {
  test('are read once and again when they change', async (t) => {
    const editor = await Editor.start(t, { files: { '.shipshape.yaml': 'rules:\n  maintainer-deprecated: error\n' } });
    await editor.open('Dockerfile', old);
    assert.equal((await editor.diagnostics('Dockerfile'))[0]?.severity, 1);
    const { length } = editor.reads;
    await editor.type('Dockerfile', 'me', 'you');
    await editor.diagnostics('Dockerfile');
    assert.equal(editor.reads.length, length);
    await editor.store('.shipshape.yaml', 'rules:\n  maintainer-deprecated: off\n');
    await editor.until(() => editor.refreshes === 1);
    assert.deepEqual(await rulesIn(editor), []);
    await editor.store('.shipshape.yaml', undefined);
    await editor.until(() => editor.refreshes === 2);
    assert.deepEqual(await rulesIn(editor), ['maintainer-deprecated']);
  });

  test('are watched, where the editor can do that', async (t) => {
    const editor = await Editor.start(t);
    await editor.until(() => editor.watchers.length > 0);
    for (const glob of ['**/.shipshape.{yaml,yml}', '**/package.json', '**/.hadolint.{yaml,yml}']) {
      assert.ok(editor.watchers.includes(glob), glob);
    }
  });

  test('count as they stand in their own editors, saved or not', async (t) => {
    const editor = await Editor.start(t, { files: { '.shipshape.yaml': 'rules:\n  maintainer-deprecated: error\n' } });
    await editor.open('Dockerfile', old);
    await editor.diagnostics('Dockerfile');
    await editor.open('.shipshape.yaml', 'rules:\n  maintainer-deprecated: error\n', 'yaml');
    await editor.type('.shipshape.yaml', 'error', 'hint');
    await editor.until(() => editor.refreshes > 0);
    assert.equal((await editor.diagnostics('Dockerfile'))[0]?.severity, 4);
    await editor.close('.shipshape.yaml');
    assert.equal((await editor.diagnostics('Dockerfile'))[0]?.severity, 1);
  });

  test('that come and go are noticed', async (t) => {
    const editor = await Editor.start(t, { files: { 'package.json': '{}' } });
    await editor.open('Dockerfile', 'FROM alpine:3.20\nCOPY . /app\nUSER 1\n');
    assert.deepEqual(await rulesIn(editor), ['missing-dockerignore']);
    await editor.store('.dockerignore', 'node_modules\n.git\n');
    await editor.until(() => editor.refreshes === 1);
    assert.deepEqual(await rulesIn(editor), []);
  });

  test('that concern nobody disturb nobody', async (t) => {
    const editor = await Editor.start(t);
    await editor.open('Dockerfile', old);
    await editor.open('api.Dockerfile', old);
    await editor.diagnostics('Dockerfile');
    await editor.diagnostics('api.Dockerfile');
    await editor.type('Dockerfile', 'me', 'you');
    await editor.store('other/package.json', '{}');
    await editor.diagnostics('Dockerfile');
    await editor.diagnostics('api.Dockerfile');
    assert.equal(editor.refreshes, 0);
  });

  test('of settings are checked themselves', async (t) => {
    const editor = await Editor.start(t);
    await editor.open('.shipshape.yaml', 'preset: strict\nrules:\n  maintainer-depricated: off\n', 'yaml');
    assert.equal(
      await editor.drawn('.shipshape.yaml'),
      `preset: strict
rules:
  maintainer-depricated: off
  ^^^^^^^^^^^^^^^^^^^^^ invalid-configuration: There is no rule 'maintainer-depricated': did you mean 'maintainer-deprecated'?
`,
    );
    const edit = await editor.choose(
      '.shipshape.yaml',
      'maint',
      "Change to 'maintainer-deprecated' (review the result)",
    );
    assert.equal(editor.after(edit)['.shipshape.yaml'], 'preset: strict\nrules:\n  maintainer-deprecated: off\n');
  });
});
