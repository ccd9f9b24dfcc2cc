import { join } from 'node:path';
import { commands, workspace, type ExtensionContext, type LogOutputChannel } from 'vscode';
import { registerBuild } from './build/register.ts';
import { BuildRecords } from './build/build-records.ts';
import { registerCompose } from './compose/register.ts';
import { findTool } from './container/find-tool.ts';
import { registerImage } from './image/register.ts';
import { registerDeploy } from './deploy-ui/lazy.ts';
import { createKeeper } from './process/keep.ts';
import { createRun, type Keeper } from './process/run.ts';
import { registerProve } from './prove/register.ts';
import { registerScan } from './scan/register.ts';
import type { Run } from './tools/command.ts';
import type { ContainerTool, ContainerToolKind } from './tools/container/tool.ts';
import { registerCommand, type RegisterCommand } from './ui/register-command.ts';
import { UserError } from './ui/user-error.ts';

/** What everything that runs programs is made from. */
export interface Parts {
  readonly context: ExtensionContext;
  readonly output: LogOutputChannel;
  /** Registers a command of ours that needs programs; in a restricted workspace it says so instead. */
  readonly register: RegisterCommand;
  readonly run: Run;
  readonly keeper: Keeper;
  /** The container tool to use; throws a `UserError` when there is none. */
  readonly tool: (signal?: AbortSignal) => Promise<ContainerTool>;
  readonly builds: BuildRecords;
}

/** Everything that needs programs on the machine: not in the browser, and nothing before the workspace is trusted. */
export function registerPrograms(context: ExtensionContext, output: LogOutputChannel): void {
  const keeper = createKeeper(join(context.extensionPath, 'dist', 'keeper.mjs'));
  const run = createRun(keeper);
  const builds = new BuildRecords(context.workspaceState);
  const register = registerCommand(context, output);
  const tool = rememberedTool(context, run);
  const parts: Parts = {
    context,
    output,
    run,
    keeper,
    builds,
    tool,
    register: (id, action) =>
      register(id, (...parameters) => {
        assertTrusted();
        return action(...parameters);
      }),
  };
  context.subscriptions.push(builds);
  for (const part of [registerBuild, registerImage, registerCompose, registerProve, registerScan, registerDeploy])
    part(parts);
}

export function assertTrusted(): void {
  if (workspace.isTrusted) return;
  const action = { title: 'Manage trust', run: () => commands.executeCommand('workbench.trust.manage') };
  throw new UserError('This runs programs, which a restricted workspace may not: trust it first', action);
}

/** Asked for once, and again when it no longer answers or the settings have changed. */
function rememberedTool(context: ExtensionContext, run: Run): Parts['tool'] {
  let known: Promise<ContainerTool> | undefined;
  const changed = workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('shipshape.containerTool')) known = undefined;
  });
  context.subscriptions.push(changed);
  return async (signal) => {
    assertTrusted();
    if (known) return known;
    const settings = workspace.getConfiguration('shipshape.containerTool');
    const path = settings.get('path', '').trim();
    const kind = settings.get<ContainerToolKind | 'auto'>('kind', 'auto');
    const found = findTool(run, { kind, ...(path !== '' && { path }) }, signal);
    known = found;
    try {
      return await found;
    } catch (error) {
      known = undefined;
      throw error;
    }
  };
}
