import { basename, dirname, isAbsolute, join } from 'node:path';
import {
  CustomExecution,
  Task,
  TaskGroup,
  TaskRevealKind,
  TaskScope,
  Uri,
  workspace,
  type TaskDefinition,
  type TaskProvider,
  type WorkspaceFolder,
} from 'vscode';
import { assertTrusted } from '../programs.ts';
import { isFree, type BuildUi } from './command.ts';
import { findDockerfiles } from './file-to-build.ts';
import { prepareBuild } from './prepare.ts';
import { runBuild } from './run-build.ts';
import { readTask } from './task-definition.ts';
import { BuildTerminal } from './terminal.ts';

export const taskType = 'shipshape-build';

/** A task for each Dockerfile, and whatever `tasks.json` makes of it. */
export function buildTasks(ui: BuildUi): TaskProvider {
  return {
    provideTasks: async () =>
      (await findDockerfiles()).flatMap((uri) => {
        const folder = workspace.getWorkspaceFolder(uri);
        if (!folder || uri.scheme !== 'file') return [];
        const dockerfile = workspace.asRelativePath(uri, false);
        return [taskOf(ui, { type: taskType, dockerfile }, folder)];
      }),
    resolveTask: ({ definition, scope }) =>
      typeof definition['dockerfile'] === 'string'
        ? taskOf(ui, definition, typeof scope === 'object' ? scope : workspace.workspaceFolders?.[0])
        : undefined,
  };
}

function taskOf(ui: BuildUi, definition: TaskDefinition, folder: WorkspaceFolder | undefined): Task {
  const dockerfile = String(definition['dockerfile']);
  const place = dirname(dockerfile);
  const where = place === '.' ? '' : `${basename(place)}: `;
  const stage = typeof definition['target'] === 'string' ? `, stage ${definition['target']}` : '';
  // VS Code puts the values of variables like ${workspaceFolder} into the definition that the execution gets.
  const execution = new CustomExecution((resolved) => Promise.resolve(terminalFor(ui, resolved, folder)));
  const name = `${where}${basename(dockerfile)}${stage}`;
  const task = new Task(definition, folder ?? TaskScope.Workspace, name, 'Shipshape', execution);
  task.group = TaskGroup.Build;
  task.detail = 'Build the image';
  task.presentationOptions = { reveal: TaskRevealKind.Always, clear: true };
  return task;
}

function terminalFor(ui: BuildUi, definition: TaskDefinition, folder: WorkspaceFolder | undefined): BuildTerminal {
  const terminal = new BuildTerminal(() => {
    void run(ui, definition, folder, terminal).then(
      (code) => terminal.exit(code),
      (error: unknown) => {
        terminal.write(`\u001b[31m${error instanceof Error ? error.message : String(error)}\u001b[0m\r\n`);
        terminal.exit(1);
      },
    );
  });
  return terminal;
}

/** Gives the exit code. */
async function run(
  { parts, running, remembered }: BuildUi,
  definition: TaskDefinition,
  folder: WorkspaceFolder | undefined,
  terminal: BuildTerminal,
): Promise<number> {
  assertTrusted();
  const top = folder?.uri.fsPath ?? '';
  const { dockerfile, given } = readTask(definition, (path) => (isAbsolute(path) ? path : join(top, path)));
  const prepared = await prepareBuild(parts, remembered, Uri.file(dockerfile), given);
  if (!prepared || !(await isFree(running, prepared))) return 1;
  const { outcome } = await runBuild(parts, running, prepared, { terminal, show: () => undefined });
  return outcome.kind === 'built' ? 0 : 1;
}
