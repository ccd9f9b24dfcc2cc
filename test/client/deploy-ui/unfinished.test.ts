import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { alone } from '../../../client/src/deploy/alone.ts';
import { idsOf } from '../../../client/src/deploy/plan/ids.ts';
import { fileJournal, journalName } from '../../../client/src/deploy/journal.ts';
import { readSource } from '../../../client/src/deploy/read-source.ts';
import type { Step } from '../../../client/src/deploy/step.ts';
import { findUnfinished } from '../../../client/src/deploy/unfinished.ts';
import type { JournalRecord, Outcome } from '../../../client/src/deploy/world.ts';
import type { Deploying } from '../../../client/src/deploy-ui/deploying.ts';
import { createRun } from '../../../client/src/process/run.ts';
import { UserError } from '../../../client/src/ui/user-error.ts';
import { folderOf } from '../../docker/docker.ts';
import { memoryArm, planOf, refusal, type MemoryArm } from '../deploy/engine/support.ts';
import { containerGroup, image, targetOf } from '../deploy/targets.ts';
import { fakeEditor } from './fake-editor.ts';

/** The folders that are open, what was said, and what is answered. */
const workspace: { workspaceFolders: readonly { readonly uri: { readonly fsPath: string } }[] } = {
  workspaceFolders: [],
};
const said: string[] = [];
const answers: string[] = [];
const told = (message: string, ...more: readonly unknown[]): Promise<string | undefined> => {
  const detail = more.find((each): each is { detail: string } => typeof each === 'object' && each !== null);
  said.push(detail === undefined ? message : `${message}\n${detail.detail}`);
  return Promise.resolve(more.find((each): each is string => answers.some((one) => one === each)));
};
const nothing = (): object => ({});
fakeEditor({
  CancellationTokenSource: class {
    readonly token = {};
    dispose(): void {}
  },
  ProgressLocation: {},
  QuickPickItemKind: { Separator: -1 },
  Uri: {
    joinPath: ({ fsPath }: { fsPath: string }, path: string) => ({ fsPath: join(fsPath, path) }),
  },
  workspace,
  commands: { executeCommand: nothing },
  window: {
    showInformationMessage: told,
    showWarningMessage: told,
    showErrorMessage: told,
    withProgress: (_: object, task: (progress: object, token: object) => unknown) =>
      task({ report: nothing }, { onCancellationRequested: nothing }),
  },
});
const { resumeDeployment } = await import('../../../client/src/deploy-ui/resume-command.ts');
const { cleanUpAfter } = await import('../../../client/src/deploy-ui/clean-up-command.ts');

interface Window {
  readonly deploying: Deploying;
  readonly arm: MemoryArm;
  readonly journals: string;
  readonly shown: string[];
  readonly outcomes: Outcome[];
}

// Where windows tell each other what they are at.
const shared = mkdtempSync(join(tmpdir(), 'shipshape-test-'));
process.env['TMPDIR'] = shared;
after(() => rmSync(shared, { recursive: true }));

function windowOf(context: TestContext): Window {
  const storage = folderOf(context, {});
  const arm = memoryArm();
  const shown: string[] = [];
  const outcomes: Outcome[] = [];
  const log = nothing;
  const deploying = {
    run: createRun(),
    parts: {
      context: { storageUri: { fsPath: storage }, secrets: {} },
      tool: () => Promise.reject(new UserError('no Docker')),
      keeper: { runIfWeDie: () => nothing, endGroupIfWeDie: () => nothing },
    },
    session: { arm: () => Promise.resolve(arm) },
    output: { info: log, warn: log, error: log, append: log },
    plans: {
      show: ({ id }: { id: string }) => shown.push(id),
      progress: nothing,
      finished: (_: object, outcome: Outcome) => outcomes.push(outcome),
      notBegun: nothing,
    },
    records: { add: () => Promise.resolve() },
    changed: nothing,
  } as unknown as Deploying;
  said.length = 0;
  answers.length = 0;
  return { deploying, arm, journals: join(storage, 'deployments'), shown, outcomes };
}

function opened(...folders: readonly string[]): void {
  workspace.workspaceFolders = folders.map((fsPath) => ({ uri: { fsPath } }));
}

const target = targetOf(containerGroup);

async function begun(journals: string, record: JournalRecord): Promise<string> {
  const file = join(journals, `${journalName(record.plan.target)}.json`);
  await fileJournal(file).write(record);
  return file;
}

test('resumes in the folder in which it was begun, though others are open before it', async (context) => {
  const [first, second] = ['one', 'two'].map((text) =>
    folderOf(context, { Dockerfile: 'FROM scratch\nCOPY a /\n', a: text }),
  );
  assert.ok(first !== undefined && second !== undefined);
  const signal = new AbortController().signal;
  const tool = (): Promise<never> => Promise.reject(new UserError('no Docker'));
  const { contents } = await readSource({ folder: second, image, run: createRun(), tool, signal });
  const build: Step = {
    id: 'image',
    title: 'Build it',
    effect: 'run',
    do: 'image',
    from: 'cloud',
    registry: idsOf(target).registry,
    loginServer: 'shopreg.azurecr.io',
    repository: 'shop',
    tag: '1',
    dockerfile: 'Dockerfile',
    context: '.',
    platform: 'linux/amd64',
    contents,
  };
  const { deploying, arm, journals, shown, outcomes } = windowOf(context);
  const { registry } = idsOf(target);
  arm.resources.set(registry.toLowerCase(), { id: registry, properties: { loginServer: 'shopreg.azurecr.io' } });
  arm.answer = ({ method }) => {
    if (method === 'POST') throw refusal(403, 'AuthorizationFailed', 'Not you');
    return undefined;
  };
  const plan = planOf([build]);
  const record: JournalRecord = { plan, startedAt: '2026-01-01T00:00:00.000Z', steps: {} };
  const reason = (): string => {
    const outcome = outcomes.at(-1);
    return outcome?.kind === 'failed' ? String(outcome.error) : (outcome?.kind ?? 'none');
  };

  opened(first, second);
  await begun(journals, { ...record, folder: first });
  await resumeDeployment(deploying, undefined);
  assert.match(reason(), /Files of the app have changed since/, 'the other folder has another app');

  const file = await begun(journals, { ...record, folder: second });
  await resumeDeployment(deploying, file);
  assert.match(reason(), /Not you/, 'it is the app that was planned, and is built');
  assert.deepEqual(shown, [plan.id, plan.id]);
  const [still] = await findUnfinished(journals);
  assert.equal(still?.record.folder, second);

  opened(first);
  await assert.rejects(resumeDeployment(deploying, file), {
    message: `'production' is deployed from a folder that is not open: open '${second}'`,
  });
});

test('neither resumes nor cleans up what is being deployed', async (context) => {
  const folder = folderOf(context, {});
  const { deploying, arm, journals, shown } = windowOf(context);
  const id = idsOf(target).registry;
  const plan = planOf([{ id: 'registry', title: 'Registry', effect: 'create', do: 'nothing' }]);
  arm.resources.set(id.toLowerCase(), { id });
  const steps = { registry: { state: 'done', at: '', created: id } } as const;
  const file = await begun(journals, { plan, startedAt: '2026-01-01T00:00:00.000Z', steps, folder });
  opened(folder);
  const busy = "'production' is being deployed already: wait until that ends, or stop it";
  await alone(target, { from: 'the editor', doing: 'deployed' }, async () => {
    await assert.rejects(resumeDeployment(deploying, file), { message: busy });
    await assert.rejects(cleanUpAfter(deploying, file), { message: busy });
  });
  assert.deepEqual([shown, said], [[], []]);

  // Afterwards what it made is shown, taken away when that is wanted, and forgotten; for that no folder needs to be open.
  opened();
  await assert.rejects(cleanUpAfter(deploying, file), /Cancelled/);
  assert.equal(arm.resources.size, 1);
  answers.push('Delete');
  await cleanUpAfter(deploying, plan.id);
  assert.deepEqual(said, [
    ...Array<string>(2).fill("Delete what the deployment of 'production' has made?\n– registry 'shopreg'"),
    "What the deployment of 'production' had made is gone",
  ]);
  assert.equal(arm.resources.size, 0);
  assert.deepEqual(await findUnfinished(journals), []);
  await assert.rejects(resumeDeployment(deploying, file), { message: 'There is no deployment that was interrupted' });
});
