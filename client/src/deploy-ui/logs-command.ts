import { ProgressLocation, window } from 'vscode';
import { streamLogs } from '../deploy/after/stream-logs.ts';
import { idsOf } from '../deploy/plan/ids.ts';
import type { Target } from '../deploy/choices.ts';
import type { AppPlace } from '../deploy/step.ts';
import { clock } from '../deploy/clock.ts';
import { choicesOf } from './choices-file.ts';
import { chooseFolder, chooseTarget } from './choose-target.ts';
import type { Deploying } from './deploying.ts';
import type { Node } from './deployments-tree.ts';
import { tellError } from './ui.ts';

/** One channel for each app; streaming again into one that streams goes on with it. */
export class LogChannels {
  readonly #open = new Map<string, { readonly stop: () => void }>();

  async stream(deploying: Deploying, given: unknown): Promise<void> {
    const found = await appFor(given);
    if (found === undefined) return;
    const { target, app, name, revision } = found;
    const arm = await deploying.session.arm(target.tenant);
    this.#open.get(name)?.stop();
    const channel = window.createOutputChannel(`Logs of ${name}`);
    channel.show(true);
    const controller = new AbortController();
    const stop = (): void => controller.abort();
    this.#open.set(name, { stop });
    const options = { location: ProgressLocation.Window, title: `Logs of ${name}`, cancellable: true };
    void window.withProgress(options, async (_progress, token) => {
      token.onCancellationRequested(stop);
      try {
        await streamLogs({
          arm,
          app,
          revision,
          clock,
          signal: controller.signal,
          onText: (text) => channel.append(text),
          onState: (message) => channel.appendLine(`[${message}]`),
        });
      } catch (error) {
        await tellError(deploying, 'shipshape.streamLogs', error);
      } finally {
        if (this.#open.get(name)?.stop === stop) this.#open.delete(name);
      }
    });
  }

  dispose(): void {
    for (const { stop } of this.#open.values()) stop();
  }
}

interface FoundApp {
  readonly target: Target;
  readonly app: AppPlace;
  readonly name: string;
  readonly revision?: string;
}

async function appFor(given: unknown): Promise<FoundApp | undefined> {
  const node = given as Partial<Extract<Node, { kind: 'version' }>> | undefined;
  if (node?.kind === 'version' && node.of && node.version) {
    const { kind, name } = node.version;
    const place = placeOf(node.of, kind === 'slot' ? name : undefined, kind === 'production');
    return {
      target: node.of,
      app: place,
      name: `${node.of.app.name}, ${name}`,
      ...(kind === 'revision' && { revision: name }),
    };
  }
  const folder = await chooseFolder(given);
  const choices = await choicesOf(folder);
  const name = await chooseTarget(choices, given, { mayAdd: false });
  const target = choices.targets.find((each) => each.name === name);
  return target && { target, app: placeOf(target), name: target.app.name };
}

export function placeOf(target: Target, slot?: string, isProduction = false): AppPlace {
  const ids = idsOf(target);
  switch (target.app.kind) {
    case 'appService': {
      const wanted = isProduction ? undefined : (slot ?? target.app.slot);
      return { kind: 'appService', site: ids.site ?? ids.app, ...(wanted !== undefined && { slot: wanted }) };
    }
    case 'containerApp':
      return { kind: 'containerApp', app: ids.app };
    case 'containerInstance':
      return { kind: 'containerInstance', group: ids.app };
  }
}
