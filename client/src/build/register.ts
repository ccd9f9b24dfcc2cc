import { tasks } from 'vscode';
import type { Parts } from '../programs.ts';
import { changeBuild } from './change.ts';
import { buildImage, type BuildUi } from './command.ts';
import { showBuildOutputCommand } from './failure/code-actions.ts';
import { registerBuildFailures } from './failure/diagnostics.ts';
import { registerStageLenses } from './lens.ts';
import { Remembered } from './remembered.ts';
import { RunningBuilds } from './running.ts';
import { buildStatus } from './status.ts';
import { buildTasks, taskType } from './task.ts';
import { BuildTerminals } from './terminals.ts';

export function registerBuild(parts: Parts): void {
  const running = new RunningBuilds();
  const remembered = new Remembered(parts.context.workspaceState);
  const ui: BuildUi = { parts, remembered, running, terminals: new BuildTerminals() };
  parts.register('shipshape.buildImage', (uri, options) => buildImage(ui, uri, options));
  parts.register('shipshape.changeBuild', (uri, options) => changeBuild(ui, uri, options));
  parts.register('shipshape.showBuild', () => running.all.at(-1)?.show());
  parts.register(showBuildOutputCommand, (uri) => ui.terminals.showLast(String(uri)));
  registerBuildFailures(parts);
  registerStageLenses(parts, remembered);
  parts.context.subscriptions.push(buildStatus(running), running, tasks.registerTaskProvider(taskType, buildTasks(ui)));
}
