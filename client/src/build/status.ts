import { commands, Disposable, StatusBarAlignment, window, workspace } from 'vscode';
import { duration, stepText } from './step-text.ts';
import type { RunningBuild, RunningBuilds } from './running.ts';

/** One item for all running builds, and none without. */
export function buildStatus(running: RunningBuilds): Disposable {
  const item = window.createStatusBarItem('shipshape.build', StatusBarAlignment.Left, 0);
  item.name = 'Shipshape build';
  item.command = 'shipshape.showBuild';
  const show = (): void => {
    const builds = running.all;
    void commands.executeCommand('setContext', 'shipshape.isBuilding', builds.length > 0);
    if (builds.length === 0 || !workspace.getConfiguration('shipshape.statusBar').get<boolean>('build', true)) {
      item.hide();
      return;
    }
    item.text = `$(sync~spin) ${builds.length === 1 ? textOf(builds[0]) : `${builds.length} builds`}`;
    item.tooltip = [...builds.map(lineOf), '', 'Click to show the log'].join('\n');
    item.show();
  };
  return Disposable.from(item, running.onDidChange(show));
}

function textOf(build: RunningBuild | undefined): string {
  const place = build?.step?.place;
  return place ? `Build ${place.index}/${place.count}` : 'Build';
}

function lineOf({ name, step }: RunningBuild): string {
  const seconds = step?.seconds === undefined ? '' : ` (${duration(step.seconds)})`;
  return step ? `${name}: ${stepText(step)}${seconds}` : name;
}
