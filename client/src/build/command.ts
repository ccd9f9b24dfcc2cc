import { basename } from 'node:path';
import { commands, ProgressLocation, window, workspace, type Uri } from 'vscode';
import type { Parts } from '../programs.ts';
import type { Step } from './build.ts';
import type { BuildRecord } from './build-records.ts';
import type { GivenBuild } from './choose.ts';
import { fileToBuild } from './file-to-build.ts';
import { prepareBuild, saveBeforeBuild } from './prepare.ts';
import type { Remembered } from './remembered.ts';
import { runBuild, type EndedBuild, type PreparedBuild } from './run-build.ts';
import type { RunningBuilds } from './running.ts';
import { stepText } from './step-text.ts';
import { tell } from './tell.ts';
import type { BuildTerminals } from './terminals.ts';

export interface BuildUi {
  readonly parts: Parts;
  readonly remembered: Remembered;
  readonly running: RunningBuilds;
  readonly terminals: BuildTerminals;
}

/** What a lens or another command of ours already knows. */
interface Options {
  readonly target?: string;
  /** Whoever asks goes on with the image, so there is no need to say that it is built. */
  readonly quiet: boolean;
}

/** From the palette, a lens, a menu or another command; gives the record of the built image. */
export async function buildImage(ui: BuildUi, given: unknown, options: unknown): Promise<BuildRecord | undefined> {
  const file = await fileToBuild(given);
  if (!file) return undefined;
  const { uri, service } = file;
  const { target, quiet } = readOptions(options);
  if (file.kind === 'compose') {
    await commands.executeCommand(
      'shipshape.composeBuild',
      uri,
      service === undefined ? { all: true } : { services: [service] },
    );
    return undefined;
  }
  const wanted = { ...(target !== undefined && { target }), ...(service !== undefined && { service }) };
  return await buildDockerfile(ui, uri, wanted, quiet);
}

export async function buildDockerfile(
  ui: BuildUi,
  uri: Uri,
  given: GivenBuild,
  quiet = false,
): Promise<BuildRecord | undefined> {
  if (!(await saveBeforeBuild(uri))) return undefined;
  const prepared = await prepareBuild(ui.parts, ui.remembered, uri, given);
  if (!prepared || !(await isFree(ui.running, prepared))) return undefined;
  const name = workspace.asRelativePath(uri);
  const target = prepared.plan.request.target;
  const { pty, show } = ui.terminals.for(prepared.key, target === undefined ? name : `${name}: ${target}`);
  const whenToShow = workspace.getConfiguration('shipshape.build').get<string>('showTerminal', 'onFailure');
  if (whenToShow === 'always') show();
  const ended = await withNotification(prepared, (watch) =>
    runBuild(ui.parts, ui.running, prepared, { terminal: pty, show, ...watch }),
  );
  if (ended.outcome.kind === 'failed' && whenToShow === 'onFailure') show();
  void tell(prepared, ended, show, quiet);
  return ended.outcome.kind === 'built' ? ui.parts.builds.of(uri.toString())[0] : undefined;
}

/** Two builds of the same would take turns in one terminal and fight for one tag, so the user decides. */
export async function isFree(
  running: RunningBuilds,
  { key, uri }: Pick<PreparedBuild, 'key' | 'uri'>,
): Promise<boolean> {
  const other = running.of(key);
  if (!other) return true;
  const [show, again] = ['Show output', 'Cancel and build again'];
  const answer = await window.showInformationMessage(
    `'${basename(uri.fsPath)}' is being built already`,
    ...[show, again],
  );
  if (answer === show) other.show();
  if (answer !== again) return false;
  other.cancel();
  await other.ended.catch(() => undefined);
  return await isFree(running, { key, uri });
}

async function withNotification(
  { plan }: PreparedBuild,
  run: (watch: {
    readonly onStep: (step: Step) => void;
    readonly onCancel: (cancel: () => void) => void;
  }) => Promise<EndedBuild>,
): Promise<EndedBuild> {
  const title = `Building ${plan.request.tags[0] ?? 'image'}`;
  return await window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    (progress, token) =>
      run({
        onStep: (step) => progress.report({ message: stepText(step) }),
        onCancel: (cancel) => void token.onCancellationRequested(cancel),
      }),
  );
}

/** From a menu of the explorer the second argument is a list of files, from an editor's title something else again. */
function readOptions(options: unknown): Options {
  const { target, quiet } = (typeof options === 'object' && options !== null ? options : {}) as Record<string, unknown>;
  return { ...(typeof target === 'string' && { target }), quiet: quiet === true };
}
