import { commands, env, languages, Range, Uri, window, workspace, type LogOutputChannel } from 'vscode';
import { explain, type Action } from '../azure/explain.ts';
import { resourcePage } from '../azure/portal.ts';
import { isSignInError } from '../azure/sign-in-error.ts';
import type { Parts } from '../programs.ts';
import { createRun } from '../process/run.ts';
import { Cancelled, type Run } from '../tools/command.ts';
import { isUserError } from '../ui/user-error.ts';
import { failureSource } from '../build/failure/shown-failures.ts';
import { ImageBuildFailed } from '../registry/build-failed.ts';
import { Session } from './session.ts';

/** What the commands of this bundle share. */
export interface Ui {
  readonly parts: Parts;
  /** Our own, so that what it throws is of this bundle's classes. */
  readonly run: Run;
  readonly session: Session;
  readonly output: LogOutputChannel;
}

export function createUi(parts: Parts): Ui {
  return { parts, run: createRun(parts.keeper), session: new Session(parts), output: parts.output };
}

interface Way {
  readonly title: string;
  readonly run: () => unknown;
}

/** The command that failed, and what it was given: to be done again. */
export interface Asked {
  readonly id: string;
  readonly given?: unknown;
}

/** One sentence and one way on, and those that whoever asks adds; nothing at all where the user has said stop. */
export async function tellError(ui: Ui, asked: Asked, error: unknown, more: readonly Way[] = []): Promise<void> {
  if (error instanceof Cancelled || isAbort(error)) return;
  const { message, ways, log } = wayOut(ui, asked, error);
  ui.output.error(`${asked.id}: ${message}${log === undefined ? '' : `\n${log}`}`);
  const all = [...ways, ...more];
  const answer = await window.showErrorMessage(message, ...all.map(({ title }) => title));
  await all.find(({ title }) => title === answer)?.run();
}

function wayOut(
  ui: Ui,
  asked: Asked,
  error: unknown,
): { readonly message: string; readonly log?: string; readonly ways: readonly Way[] } {
  if (isUserError(error) && error.action !== undefined) return { message: error.message, ways: [error.action] };
  if (error instanceof ImageBuildFailed)
    return { message: error.message, ways: [{ title: 'Show in Dockerfile', run: () => showFailure(error) }] };
  const { message, action, log } = explain(error);
  const run = runOf(ui, asked, action);
  const ways = run === undefined ? [] : [{ title: action.title, run }, ...otherWays(error, action)];
  return { message, ways, ...(log !== undefined && { log }) };
}

/** Who is signed in elsewhere need not sign in here. */
function otherWays(error: unknown, { kind }: Action): readonly Way[] {
  if (!isSignInError(error) || kind === 'openSettings') return [];
  const run = (): unknown => commands.executeCommand('workbench.action.openSettings', 'shipshape.azure.signIn');
  return [{ title: 'Other ways', run }];
}

/** What an explanation offers; `undefined` where only somebody else or time can do it, and the sentence says so. */
function runOf({ session, output }: Ui, { id, given }: Asked, action: Action): Way['run'] | undefined {
  const command =
    (id: string, ...parameters: readonly unknown[]): Way['run'] =>
    () =>
      commands.executeCommand(id, ...parameters);
  switch (action.kind) {
    case 'signIn':
      return () => session.signInAgain(action.tenant);
    case 'openPortal':
      return async () => {
        const cloud = await session.cloud();
        const page = action.resource === undefined ? cloud.portal : resourcePage(cloud, action.resource);
        return env.openExternal(Uri.parse(action.url ?? page));
      };
    case 'openPage':
      return () => env.openExternal(Uri.parse(action.url));
    case 'openSettings':
      return command('workbench.action.openSettings', action.setting);
    case 'rename':
    case 'chooseRegion':
    case 'chooseSku':
    case 'chooseSubscription':
    case 'editChoices':
      return openChoices;
    case 'buildLocally':
      return id === 'shipshape.cloudBuild' ? command('shipshape.pushImage') : openChoices;
    case 'refresh':
    case 'rebuild':
    case 'register':
    case 'retry':
    case 'wait':
      // What was asked for, and never more than that.
      return command(id, given);
    case 'showLog':
      return () => output.show();
    case 'ask':
      return () => env.clipboard.writeText(`${action.right}\n${action.scope}`);
  }
}

/** Where the failure was put; it may have been edited away since. */
async function showFailure({ request }: ImageBuildFailed): Promise<void> {
  const uri = Uri.file(request.dockerfile);
  const found = languages.getDiagnostics(uri).find(({ source }) => source === failureSource);
  await window.showTextDocument(uri, { ...(found && { selection: new Range(found.range.start, found.range.start) }) });
}

async function openChoices(): Promise<void> {
  const [file] = await workspace.findFiles('.shipshape/deploy.{yaml,yml}', undefined, 1);
  if (file) await window.showTextDocument(file);
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
