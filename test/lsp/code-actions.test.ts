import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Editor, pulling, pushing, uriOf } from './editor.ts';

const two = 'FROM alpine:3.20\nMAINTAINER me\nADD a b\nMAINTAINER you\nUSER 1\n';
const twoFixed = `FROM alpine:3.20
LABEL org.opencontainers.image.authors="me"
COPY a b
LABEL org.opencontainers.image.authors="you"
USER 1
`;
const root = 'FROM node:22-alpine\nWORKDIR /app\nCMD ["node", "server.js"]\n';

suite('code actions', () => {
  test('for a problem come in the order of what its reader wants', async (t) => {
    const editor = await Editor.start(t);
    await editor.open('Dockerfile', two);
    const actions = await editor.codeActions('Dockerfile', 'MAINTAINER');
    assert.deepEqual(
      actions.map(({ title, isPreferred }) => `${isPreferred === true ? '* ' : '  '}${title}`),
      [
        '* Replace with LABEL',
        "  Fix all 'maintainer-deprecated' problems in this file",
        '  Fix all safe problems in this file',
        "  Ignore 'maintainer-deprecated' here",
        "  Turn off rule 'maintainer-deprecated'",
        "  Open the page of rule 'maintainer-deprecated'",
      ],
    );
    for (const { kind, diagnostics } of actions) {
      assert.equal(kind, 'quickfix');
      assert.deepEqual(
        diagnostics?.map(({ code }) => code),
        ['maintainer-deprecated'],
      );
    }
    assert.deepEqual(await editor.codeActions('Dockerfile', 'USER'), []);
  });

  test('fix one problem, with the smallest edit', async (t) => {
    const editor = await Editor.start(t);
    await editor.open('Dockerfile', two);
    const edit = await editor.choose('Dockerfile', 'MAINTAINER', 'Replace with LABEL');
    assert.equal(
      editor.after(edit)['Dockerfile'],
      two.replace('MAINTAINER me', 'LABEL org.opencontainers.image.authors="me"'),
    );
  });

  test('say when a fix wants a second look, and do not prefer it', async (t) => {
    const editor = await Editor.start(t);
    await editor.open('Dockerfile', root);
    const [fix] = await editor.codeActions('Dockerfile', 'FROM');
    assert.match(fix?.title ?? '', / \(review the result\)$/);
    assert.equal(fix?.isPreferred, undefined);
  });

  test('fix all of a rule, and all that is safe, when they are chosen', async (t) => {
    const editor = await Editor.start(t);
    await editor.open('Dockerfile', two);
    const ofRule = "Fix all 'maintainer-deprecated' problems in this file";
    const edit = await editor.choose('Dockerfile', 'MAINTAINER', ofRule);
    assert.equal(editor.after(edit)['Dockerfile'], twoFixed.replace('COPY', 'ADD'));
    const all = await editor.choose('Dockerfile', 'MAINTAINER', 'Fix all safe problems in this file');
    assert.equal(editor.after(all)['Dockerfile'], twoFixed);
    const changes = all.documentChanges?.flatMap((change) => ('edits' in change ? change.edits : [])) ?? [];
    assert.equal(changes.length, 3);
  });

  for (const only of ['source.fixAll.shipshape', 'source.fixAll', 'source']) {
    test(`on save, asked for as '${only}', fix what is safe`, async (t) => {
      const editor = await Editor.start(t);
      await editor.open('Dockerfile', `${two}FROM scratch\nFROM node\n`);
      const edit = await editor.choose('Dockerfile', 'FROM', 'Fix all safe problems in this file', [only]);
      assert.equal(editor.after(edit)['Dockerfile'], `${twoFixed}FROM scratch\nFROM node\n`);
      await editor.open('good.Dockerfile', 'FROM alpine:3.20\nUSER 1\n');
      assert.deepEqual(await editor.codeActions('good.Dockerfile', 'FROM', [only]), []);
    });
  }

  test('of other kinds are left to others', async (t) => {
    const editor = await Editor.start(t);
    await editor.open('Dockerfile', two);
    for (const only of ['refactor', 'source.organizeImports', 'source.fixAll.eslint', 'sourc']) {
      assert.deepEqual(await editor.codeActions('Dockerfile', 'MAINTAINER', [only]), [], only);
    }
  });

  test('ignore a problem where it is, once and again', async (t) => {
    const editor = await Editor.start(t);
    await editor.open('Dockerfile', two);
    const edit = await editor.choose('Dockerfile', 'MAINTAINER me', "Ignore 'maintainer-deprecated' here");
    const ignored = two.replace('MAINTAINER me', '# shipshape ignore=maintainer-deprecated\nMAINTAINER me');
    assert.equal(editor.after(edit)['Dockerfile'], ignored);
    await editor.type('Dockerfile', two, ignored);
    assert.equal(
      (await editor.diagnostics('Dockerfile')).filter(({ code }) => code === 'maintainer-deprecated').length,
      1,
    );
  });

  test('that write a file say which', async (t) => {
    const editor = await Editor.start(t, { files: { 'package.json': '{}' } });
    await editor.open('Dockerfile', 'FROM alpine:3.20\nCOPY . /app\nUSER 1\n');
    const [action] = await editor.codeActions('Dockerfile', '. /app');
    assert.ok(action?.edit);
    assert.match(editor.after(action.edit)['.dockerignore'] ?? '', /node_modules/);
    const creation = action.edit.documentChanges?.[0];
    assert.deepEqual(creation, { kind: 'create', uri: uriOf('.dockerignore') });
  });

  test('are not offered where the editor could not carry them out', async (t) => {
    const editor = await Editor.start(t, {
      files: { 'package.json': '{}' },
      capabilities: pushing,
      options: { files: true },
    });
    await editor.open('Dockerfile', 'FROM alpine:3.20\nCOPY . /app\nUSER 1\n');
    const titles = (await editor.codeActions('Dockerfile', '. /app')).map(({ title }) => title);
    assert.deepEqual(titles, ["Ignore 'missing-dockerignore' here"]);
  });

  test('come with their edits where they cannot be asked for later', async (t) => {
    const editor = await Editor.start(t, { capabilities: pushing });
    await editor.open('Dockerfile', two);
    const actions = await editor.codeActions('Dockerfile', 'MAINTAINER');
    const all = actions.find(({ title }) => title === 'Fix all safe problems in this file');
    assert.equal(editor.after(all?.edit ?? {})['Dockerfile'], twoFixed);
  });

  test('chosen too late change nothing', async (t) => {
    const editor = await Editor.start(t);
    await editor.open('Dockerfile', two);
    const actions = await editor.codeActions('Dockerfile', 'MAINTAINER');
    const all = actions.find(({ title }) => title === 'Fix all safe problems in this file');
    await editor.type('Dockerfile', 'USER 1', 'USER 2');
    const resolved = await editor.connection.sendRequest<typeof all>('codeAction/resolve', all);
    assert.equal(resolved?.edit, undefined);
  });
});

suite('turning a rule off', () => {
  const title = "Turn off rule 'maintainer-deprecated'";

  test('is written into the config file in force', async (t) => {
    const files = {
      '../.shipshape.yaml': '',
      '.shipshape.yaml': 'preset: strict # ours\nrules:\n  # keep\n  missing-user: off\n',
    };
    const editor = await Editor.start(t, { files });
    await editor.open('Dockerfile', two);
    const edit = await editor.choose('Dockerfile', 'MAINTAINER', title);
    assert.deepEqual(editor.after(edit), {
      '.shipshape.yaml': 'preset: strict # ours\nrules:\n  # keep\n  maintainer-deprecated: off\n  missing-user: off\n',
    });
  });

  test('is a command of the editor otherwise', async (t) => {
    const editor = await Editor.start(t);
    await editor.open('Dockerfile', two);
    const action = (await editor.codeActions('Dockerfile', 'MAINTAINER')).find((each) => each.title === title);
    assert.deepEqual(action?.command?.arguments, ['maintainer-deprecated', uriOf('Dockerfile')]);
    assert.equal(action.command.command, 'shipshape.turnOffRule');
    assert.deepEqual(action.edit, {});
  });

  test('is a new config file for an editor without that command', async (t) => {
    const editor = await Editor.start(t, { capabilities: pulling, options: { files: true } });
    await editor.open('Dockerfile', two);
    const edit = await editor.choose('Dockerfile', 'MAINTAINER', title);
    assert.deepEqual(editor.after(edit), { '.shipshape.yaml': 'rules:\n  maintainer-deprecated: off\n' });
  });
});
