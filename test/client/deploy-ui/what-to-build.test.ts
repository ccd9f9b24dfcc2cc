import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { WorkspaceFolder } from 'vscode';
import type { Parts } from '../../../client/src/programs.ts';
import { fakeEditor, PickedList, type Offered } from './fake-editor.ts';

class Uri {
  readonly scheme = 'file';
  readonly fsPath: string;

  constructor(path: string) {
    this.fsPath = path;
  }

  get path(): string {
    return this.fsPath;
  }

  static file(path: string): Uri {
    return new Uri(path);
  }
}

/** One folder on disk; of each list the first answer is taken. */
const editor = { folder: '', offered: [] as string[] };
const folder = (): WorkspaceFolder =>
  ({ uri: Uri.file(editor.folder), name: basename(editor.folder), index: 0 }) as unknown as WorkspaceFolder;

function first(items: readonly Offered[]): readonly Offered[] {
  editor.offered.push(...items.map(({ label }) => label));
  return items.slice(0, 1);
}

fakeEditor({
  Uri,
  FileType: { Directory: 2 },
  QuickPickItemKind: { Separator: -1 },
  window: {
    createQuickPick: () => new PickedList(first),
    showQuickPick: (items: readonly Offered[]) => Promise.resolve(first(items)[0]),
  },
  workspace: {
    getWorkspaceFolder: ({ fsPath }: Uri) => (fsPath.startsWith(editor.folder) ? folder() : undefined),
    asRelativePath: ({ fsPath }: Uri) => relative(editor.folder, fsPath),
    findFiles: () =>
      Promise.resolve(
        readdirSync(editor.folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && /dockerfile/i.test(entry.name))
          .map((entry) => Uri.file(join(entry.parentPath, entry.name))),
      ),
    fs: {
      readFile: ({ fsPath }: Uri) => Promise.resolve(readFileSync(fsPath)),
      readDirectory: ({ fsPath }: Uri) =>
        Promise.resolve(
          readdirSync(fsPath, { withFileTypes: true }).map((entry) => [entry.name, entry.isDirectory() ? 2 : 1]),
        ),
    },
  },
});

// Not before `vscode` is there.
const { whatToBuild } = await import('../../../client/src/deploy-ui/what-to-build.ts');
const noGit = { run: () => Promise.resolve({ code: 128, stdout: '', stderr: '' }) } as unknown as Parts;

async function built(
  context: TestContext,
  files: Readonly<Record<string, string>>,
  given?: string,
): Promise<{ readonly dockerfile: string; readonly context: string }> {
  const made = mkdtempSync(join(tmpdir(), 'shipshape-'));
  context.after(() => rmSync(made, { recursive: true }));
  editor.folder = join(made, 'shop');
  editor.offered.length = 0;
  for (const [name, text] of Object.entries({ 'README.md': '', ...files })) {
    mkdirSync(dirname(join(editor.folder, name)), { recursive: true });
    writeFileSync(join(editor.folder, name), text);
  }
  const pointed = given === undefined ? undefined : Uri.file(join(editor.folder, given));
  return await whatToBuild(noGit, folder(), pointed, 'Deploy to Azure');
}

test('the only Dockerfile is taken, in its folder', async (context) => {
  assert.deepEqual(await built(context, { Dockerfile: 'FROM busybox\n' }), { dockerfile: 'Dockerfile', context: '.' });
  assert.deepEqual(editor.offered, []);
});

test('of several it is asked which, and what is ignored there is none', async (context) => {
  const files = { 'web/Dockerfile': 'FROM a\n', 'api.dockerfile': 'FROM b\n', 'Dockerfile.dockerignore': 'x\n' };
  assert.deepEqual(await built(context, files), { dockerfile: 'api.dockerfile', context: '.' });
  assert.deepEqual(editor.offered, ['api.dockerfile', 'web/Dockerfile']);
});

test('the folder is what Compose says, else the one that has what is copied', async (context) => {
  const compose =
    'services:\n  web:\n    build:\n      context: .\n      dockerfile: docker/Dockerfile\n      target: dev\n';
  const text = 'FROM busybox AS dev\nFROM busybox\nCOPY src /src\n';
  const said = await built(context, { 'docker/Dockerfile': text, 'compose.yaml': compose, 'src/a': '' });
  assert.deepEqual(said, { dockerfile: 'docker/Dockerfile', context: '.' });
  const found = await built(context, { 'docker/Dockerfile': text, 'src/a': '' }, 'docker/Dockerfile');
  assert.deepEqual(found, { dockerfile: 'docker/Dockerfile', context: '.' });
  assert.deepEqual(editor.offered, []);
});

test('what is not in the folder is not deployed from it', async (context) => {
  await assert.rejects(built(context, {}, '../elsewhere/Dockerfile'), {
    message: "'Dockerfile' is not in 'shop': open its folder",
  });
  await assert.rejects(built(context, {}), { message: 'There is no Dockerfile in this folder: write one first' });
});
