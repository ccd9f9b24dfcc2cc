import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { JsonObject } from '../../../client/src/azure/json.ts';
import type { Target } from '../../../client/src/deploy/choices.ts';
import { readState, type TargetState } from '../../../client/src/deploy/after/state.ts';
import { addTarget } from '../../../client/src/deploy/write-choices.ts';
import type { Plan } from '../../../client/src/deploy/plan.ts';
import type { Deploying } from '../../../client/src/deploy-ui/deploying.ts';
import type { VersionNode } from '../../../client/src/deploy-ui/deployments-tree.ts';
import { createRun } from '../../../client/src/process/run.ts';
import { UserError } from '../../../client/src/ui/user-error.ts';
import { folderOf } from '../../docker/docker.ts';
import { memoryArm } from '../deploy/engine/support.ts';
import { appId, containerApp, targetOf } from '../deploy/plan/support.ts';
import { fakeEditor, PickedList, workspaceOnDisk, type Offered } from './fake-editor.ts';

/** What the user does at each question: chooses the entry that says so, or types it; and what was offered. */
const answers: string[] = [];
const offered: (readonly string[])[] = [];

const nothing = (): object => ({});
const vscode: Readonly<Record<string, unknown>> = {
  CancellationTokenSource: class {
    readonly token = {};
    dispose(): void {}
  },
  InputBoxValidationSeverity: { Error: 3 },
  QuickPickItemKind: { Separator: -1 },
  ProgressLocation: {},
  TreeItemCollapsibleState: {},
  Uri: { joinPath: (folder: { fsPath: string }, path: string) => ({ fsPath: join(folder.fsPath, path) }) },
  workspace: workspaceOnDisk,
  window: {
    withProgress: (_: object, task: (progress: object, token: object) => unknown) =>
      task({ report: nothing }, { onCancellationRequested: nothing }),
    showInputBox: async ({
      validateInput,
    }: {
      validateInput: (text: string) => Promise<{ message: string } | undefined>;
    }) => {
      const text = answers.shift() ?? '';
      offered.push([(await validateInput(text))?.message ?? 'fine']);
      return text;
    },
    createQuickPick: () => new PickedList(chosen),
  },
};

function chosen(items: readonly Offered[]): readonly Offered[] {
  offered.push(items.map(({ label, detail }) => (detail === undefined ? label : `${label}: ${detail}`)));
  const wanted = answers.shift();
  return items.filter(({ label }) => wanted !== undefined && label.includes(wanted));
}

fakeEditor(vscode);
const { labelRevision, setActive, splitTraffic } = await import('../../../client/src/deploy-ui/traffic-command.ts');

const several = targetOf({ ...containerApp, revisions: 'multiple' });
const traffic = [
  { revisionName: 'shop--v1', weight: 100, label: 'blue' },
  { revisionName: 'shop--v2', weight: 0, label: 'green' },
];
const revision = (name: string, active: boolean): readonly [string, JsonObject] => [
  `${appId}/revisions/${name}`,
  { name, properties: { active, trafficWeight: name === 'shop--v1' ? 100 : 0 } },
];
const resources: Readonly<Record<string, JsonObject>> = {
  [appId]: {
    name: 'shop',
    properties: {
      latestRevisionName: 'shop--v3',
      configuration: { activeRevisionsMode: 'Multiple', ingress: { fqdn: 'shop.example.io', traffic } },
    },
  },
  ...Object.fromEntries([revision('shop--v1', true), revision('shop--v2', true), revision('shop--v3', false)]),
};

test('a revision gets a new label, one of another revision, or loses its own', async (context) => {
  assert.deepEqual(await labelled(context, 'shop--v2', 'Move'), {
    title: "Put the label 'blue' on 'shop--v2'",
    offered: [
      [
        '$(add) A new one …',
        "$(tag) Move 'blue' here: https://shop---blue.example.io",
        "$(close) Take 'green' off: https://shop---green.example.io",
      ],
    ],
    to: [
      { revisionName: 'shop--v1', weight: 100 },
      { revisionName: 'shop--v2', weight: 0, label: 'blue' },
    ],
  });
  const taken = await labelled(context, 'shop--v2', 'Take');
  assert.equal(taken.title, "Remove the label 'green'");
  assert.deepEqual(taken.to, [traffic[0]]);
  const fresh = await labelled(context, 'shop--v3', 'A new one', 'next');
  assert.deepEqual(fresh.offered.at(-1), ['fine']);
  assert.deepEqual(fresh.to, [...traffic, { revisionName: 'shop--v3', weight: 0, label: 'next' }]);
  assert.match(
    (await labelled(context, 'shop--v3', 'A new one', 'No')).offered.at(-1)?.[0] ?? '',
    /'No' is not a label/,
  );
});

test('splitting traffic offers to label, start and stop, but not to stop what has the requests', async (context) => {
  const { deploying, plans, folder } = planner(context);
  const run = async (...chosen: readonly string[]): Promise<readonly string[]> => {
    answers.splice(0, Infinity, ...chosen);
    offered.length = 0;
    await splitTraffic(deploying, { folder, target: 'production' });
    return offered[0] ?? [];
  };
  const all = await run('Start v3');
  assert.deepEqual(
    all.filter((label) => /Start|Stop/.test(label)),
    ['$(debug-stop) Stop v2', '$(play) Start v3'],
  );
  assert.equal(plans.at(-1)?.title, "Activate 'shop--v3'");
  await run('Stop v2');
  assert.equal(plans.at(-1)?.title, "Deactivate 'shop--v2'");
  await run('Label a revision', 'v3', "Move 'blue'");
  assert.equal(plans.at(-1)?.title, "Put the label 'blue' on 'shop--v3'");
  await setActive(deploying, (await nodeOf(context, 'shop--v2')).node, false);
  assert.equal(plans.at(-1)?.title, "Deactivate 'shop--v2'");
});

async function labelled(
  context: TestContext,
  name: string,
  ...chosen: readonly string[]
): Promise<{ readonly title: string | undefined; readonly offered: typeof offered; readonly to: unknown }> {
  const { deploying, plans } = planner(context);
  answers.splice(0, Infinity, ...chosen);
  offered.length = 0;
  await labelRevision(deploying, (await nodeOf(context, name)).node);
  const step = plans[0]?.steps.find(({ id }) => id === 'traffic');
  return { title: plans[0]?.title, offered: [...offered], to: step?.do === 'update' && step.edits[0]?.to };
}

/** As the view shows it. */
async function nodeOf(context: TestContext, name: string): Promise<{ readonly node: VersionNode }> {
  const state: TargetState | undefined = await readState(memoryArm(resources), several);
  const version = state?.versions.find((one) => one.name === name);
  assert.ok(state && version);
  const { folder } = planner(context);
  return { node: { kind: 'version', folder, of: several, target: several.name, version, state, record: undefined } };
}

/** Plans end up here, and are not confirmed. */
function planner(context: TestContext): {
  readonly deploying: Deploying;
  readonly plans: Plan[];
  readonly folder: VersionNode['folder'];
} {
  const plans: Plan[] = [];
  const fsPath = folderOf(context, {
    Dockerfile: 'FROM scratch\nEXPOSE 8080\n',
    '.shipshape/deploy.yaml': addTarget('', several),
  });
  const nobody = (): Promise<never> => Promise.reject(new UserError('There is no Docker here'));
  const deploying = {
    parts: { tool: nobody },
    run: createRun(),
    session: { arm: (_: Target['tenant']) => Promise.resolve(memoryArm(resources)) },
    plans: { confirm: (plan: Plan) => Promise.resolve(plans.push(plan) === 0) },
  } as unknown as Deploying;
  return { deploying, plans, folder: { uri: { fsPath } } as unknown as VersionNode['folder'] };
}
