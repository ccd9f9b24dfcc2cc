import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { CancellationTokenSource, type ResponseError } from 'vscode-languageserver-protocol/node';
import { Editor, pushing, uriOf } from './editor.ts';

// One rule that asks nothing of the world around, so that what is drawn here changes only with the server.
const old = 'FROM alpine:3.20\nMAINTAINER me\nUSER 1\n';
const oldDrawn = `FROM alpine:3.20
MAINTAINER me
^^^^^^^^^^ maintainer-deprecated: 'MAINTAINER' is deprecated: use a label
USER 1
`;

suite('diagnostics that the editor asks for', () => {
  test('lie where the problem is, whatever stands before it', async (t) => {
    const editor = await Editor.start(t);
    await editor.open(
      'compose.yaml',
      '# é\r\nservices: { "a": { labels: ["🐳"], image: nginx } }\r\n',
      'dockercompose',
    );
    assert.equal(
      await editor.drawn('compose.yaml'),
      `# é\r
services: { "a": { labels: ["🐳"], image: nginx } }\r
                                          ^^^^^ compose-image-untagged: 'nginx' has no tag: pin a version
`,
    );
  });

  test('say which rule, where it is explained, and how grave it is', async (t) => {
    const editor = await Editor.start(t);
    await editor.open('Dockerfile', old);
    const [diagnostic] = await editor.diagnostics('Dockerfile');
    assert.deepEqual(diagnostic, {
      range: { start: { line: 1, character: 0 }, end: { line: 1, character: 10 } },
      message: "'MAINTAINER' is deprecated: use a label",
      severity: 2,
      source: 'shipshape',
      code: 'maintainer-deprecated',
      codeDescription: { href: 'https://github.com/shipshape/shipshape/blob/main/docs/rules/maintainer-deprecated.md' },
      tags: [2],
    });
  });

  test('name the second place that matters', async (t) => {
    const editor = await Editor.start(t);
    await editor.open('Dockerfile', 'FROM alpine:3.20 AS a\nUSER 1\nFROM alpine:3.20 AS A\nUSER 1\n');
    const duplicate = (await editor.diagnostics('Dockerfile')).find(({ code }) => code === 'duplicate-stage-name');
    const other = duplicate?.relatedInformation?.[0]?.location;
    assert.equal(other?.uri, uriOf('Dockerfile'));
    assert.deepEqual([duplicate?.range.start.line, other.range.start.line].sort(), [0, 2]);
  });

  test('are only named again while they stay the same', async (t) => {
    const editor = await Editor.start(t);
    await editor.open('Dockerfile', old);
    const first = await editor.pull('Dockerfile');
    await editor.type('Dockerfile', 'me', 'you');
    const second = await editor.pull('Dockerfile', first.resultId);
    assert.deepEqual(second, { kind: 'unchanged', resultId: first.resultId });
    await editor.type('Dockerfile', 'MAINTAINER you\n', '');
    const third = await editor.pull('Dockerfile', first.resultId);
    assert.equal(third.kind, 'full');
    assert.notEqual(third.resultId, first.resultId);
  });

  test('follow each change to the text', async (t) => {
    const editor = await Editor.start(t);
    await editor.open('Dockerfile', 'FROM alpine:3.20\nUSER 1\n');
    assert.equal(await editor.drawn('Dockerfile'), 'FROM alpine:3.20\nUSER 1\n');
    await editor.type('Dockerfile', 'USER', 'MAINTAINER me\nUSER');
    assert.equal(await editor.drawn('Dockerfile'), oldDrawn);
  });

  test('are given up for a text that is no longer there', async (t) => {
    const editor = await Editor.start(t);
    let openGate = (): void => undefined;
    editor.gate = new Promise((done) => (openGate = done));
    await editor.open('Dockerfile', old);
    const stale = editor.pull('Dockerfile');
    await editor.until(() => editor.reads.length > 0);
    await editor.type('Dockerfile', 'me', 'you');
    openGate();
    await assert.rejects(stale, (error: ResponseError) => {
      assert.deepEqual([error.code, error.data], [-32802, { retriggerRequest: true }]);
      return true;
    });
    assert.equal(await editor.drawn('Dockerfile'), oldDrawn.replace('me', 'you'));
  });

  test('are not worked out for an editor that has lost interest', async (t) => {
    const editor = await Editor.start(t);
    await editor.open('Dockerfile', old);
    const source = new CancellationTokenSource();
    const params = { textDocument: { uri: uriOf('Dockerfile') } };
    const cancelled = editor.connection.sendRequest('textDocument/diagnostic', params, source.token);
    source.cancel();
    await assert.rejects(cancelled, (error: ResponseError) => error.code === -32800);
  });

  test('are none for documents that are not ours', async (t) => {
    const editor = await Editor.start(t);
    await editor.open('pipeline.yml', 'services:\n  web:\n    image: nginx\n', 'yaml');
    await editor.open('.dockerignore', 'node_modules\n', 'ignore');
    assert.deepEqual(await editor.diagnostics('pipeline.yml'), []);
    assert.deepEqual(await editor.diagnostics('.dockerignore'), []);
    assert.deepEqual(await editor.diagnostics('never-opened'), []);
  });

  test('go by the language the user chose, then by the name', async (t) => {
    const editor = await Editor.start(t);
    await editor.open('image.txt', old, 'dockerfile');
    await editor.open('untitled:Untitled-1', old, 'dockerfile');
    await editor.open('docker-compose.prod.yml', 'services:\n  web:\n    image: nginx\n', 'yaml');
    await editor.open('stack.yml', 'services:\n  web:\n    image: nginx\n', 'dockercompose');
    assert.equal(await editor.drawn('image.txt'), oldDrawn);
    assert.equal(await editor.drawn('untitled:Untitled-1'), oldDrawn);
    for (const path of ['docker-compose.prod.yml', 'stack.yml']) {
      assert.deepEqual(
        (await editor.diagnostics(path)).map(({ code }) => code),
        ['compose-image-untagged'],
      );
    }
  });
});

suite('diagnostics that are sent', () => {
  test('are sent for the last of several quick changes only', async (t) => {
    const editor = await Editor.start(t, { capabilities: pushing });
    assert.equal(editor.initialized.capabilities.diagnosticProvider, undefined);
    await editor.open('Dockerfile', 'FROM alpine:3.20\nUSER 1\n');
    await editor.type('Dockerfile', 'USER', 'M\nUSER');
    await editor.type('Dockerfile', 'M\n', 'MAINTAINER me\n');
    assert.equal(editor.draw('Dockerfile', await editor.published('Dockerfile', 3)), oldDrawn);
    assert.deepEqual(editor.publishedVersions, [3]);
  });

  test('are taken back when the document is closed', async (t) => {
    const editor = await Editor.start(t, { capabilities: pushing });
    await editor.open('Dockerfile', old);
    assert.equal((await editor.published('Dockerfile', 1)).length, 1);
    await editor.close('Dockerfile');
    assert.deepEqual(await editor.published('Dockerfile'), []);
  });

  test('are sent again when the settings change', async (t) => {
    const editor = await Editor.start(t, { capabilities: pushing });
    await editor.open('Dockerfile', old);
    assert.equal((await editor.published('Dockerfile', 1)).length, 1);
    await editor.set({ enable: false });
    await editor.until(() => editor.publishedVersions.length === 2);
    assert.deepEqual(await editor.published('Dockerfile', 1), []);
  });
});

suite('a server that is treated badly', () => {
  test('answers what it can and lives on', async (t) => {
    const editor = await Editor.start(t);
    await editor.open('Dockerfile', old);
    const nonsense = [
      {},
      { textDocument: null },
      { textDocument: { uri: 7 } },
      { textDocument: { uri: '%' }, position: -1 },
    ];
    for (const params of nonsense) {
      for (const request of ['hover', 'codeAction', 'diagnostic', 'completion']) {
        await editor.connection.sendRequest(`textDocument/${request}`, params).catch(() => 'an error is an answer');
      }
    }
    await editor.connection.sendRequest('codeAction/resolve', { title: 'x', data: 'y' });
    await assert.rejects(editor.connection.sendRequest('textDocument/unheardOf', {}));
    assert.equal(await editor.drawn('Dockerfile'), oldDrawn);
  });

  test('says in the log which request failed', async (t) => {
    const editor = await Editor.start(t);
    await editor.open('Dockerfile', old);
    const { textDocument } = { textDocument: { uri: uriOf('Dockerfile') } };
    assert.equal(await editor.connection.sendRequest('textDocument/hover', { textDocument }), null);
    assert.match(editor.logged.join('\n'), /^textDocument\/hover failed: TypeError/);
  });

  test('lints without what a client does not know', async (t) => {
    const editor = await Editor.start(t, { capabilities: {}, options: {} });
    await editor.open('Dockerfile', old);
    await editor.until(() => editor.publishedVersions.length > 0);
    const [diagnostic] = await editor.published('Dockerfile', 1);
    assert.deepEqual(Object.keys(diagnostic ?? {}), ['range', 'message', 'severity', 'source', 'code']);
    assert.deepEqual(editor.reads, []);
  });

  test('takes a file of thousands of lines', async (t) => {
    const editor = await Editor.start(t);
    const text = `FROM alpine:3.20\n${'RUN apk add --no-cache curl && echo "$HOME" | tee /x\n'.repeat(1000)}MAINTAINER me\nUSER 1\n`;
    await editor.open('Dockerfile', text);
    const found = (await editor.diagnostics('Dockerfile')).filter(({ code }) => code === 'maintainer-deprecated');
    assert.deepEqual(found[0]?.range.start, { line: 1001, character: 0 });
  });
});
