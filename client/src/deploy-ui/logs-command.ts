import { commands, StatusBarAlignment, window, type OutputChannel, type StatusBarItem } from 'vscode';
import { explain } from '../azure/explain.ts';
import { createEventLines } from '../deploy/after/event-line.ts';
import { streamLogs, type StreamedLogs } from '../deploy/after/stream-logs.ts';
import { idsOf } from '../deploy/plan/ids.ts';
import type { Target } from '../deploy/choices.ts';
import type { AppPlace } from '../deploy/step.ts';
import { clock } from '../deploy/clock.ts';
import { choicesOf } from './choices-file.ts';
import { chooseFolder, chooseTarget } from './choose-target.ts';
import type { Deploying } from './deploying.ts';
import type { Node } from './deployments-tree.ts';
import { pick } from './pick.ts';
import { tellError } from './ui.ts';

/** One channel for each app, and an entry in the status bar that ends the stream; streaming again begins anew in the same channel. */
export class LogChannels {
  readonly #channels = new Map<string, OutputChannel>();
  readonly #open = new Map<string, AbortController>();

  async stream(deploying: Deploying, given: unknown): Promise<void> {
    const found = await appFor(given);
    if (found === undefined) return;
    const { target, app, name, revision } = found;
    const arm = await deploying.session.arm(target.tenant);
    this.#open.get(name)?.abort();
    const channel = this.#channels.get(name) ?? window.createOutputChannel(`Logs of ${name}`);
    this.#channels.set(name, channel);
    channel.clear();
    channel.show(true);
    const controller = new AbortController();
    this.#open.set(name, controller);
    this.#tell();
    const status = statusOf(name);
    const { signal } = controller;
    const onState = (message: string): void => {
      if (!signal.aborted) channel.appendLine(`[${message}]`);
    };
    const ofApp = streamLogs({
      ...{ arm, app, revision, clock, signal, onState },
      onText: (text) => channel.append(text),
    });
    const ofPlatform =
      app.kind === 'containerApp' ? streamEvents({ arm, app, clock, signal, onState }, channel) : ended;
    // It goes on while other commands run.
    void ofApp
      .catch((error: unknown) => tellError(deploying, { id: 'shipshape.streamLogs', given }, error))
      .then(async () => {
        status.dispose();
        controller.abort();
        await ofPlatform;
        if (this.#open.get(name) === controller) {
          this.#open.delete(name);
          this.#tell();
          channel.appendLine('[Ended]');
        }
      });
  }

  /** That of the app which is named; else the only one, or the one that is picked. */
  async stop(given: unknown): Promise<void> {
    const names = [...this.#open.keys()];
    const [first] = names;
    if (first === undefined) return;
    const name =
      typeof given === 'string'
        ? given
        : names.length === 1
          ? first
          : await pick({ title: 'Stop streaming logs', placeholder: 'Of which app?' }, () =>
              Promise.resolve(names.map((label) => ({ label, value: label }))),
            );
    this.#open.get(name)?.abort();
  }

  dispose(): void {
    for (const controller of this.#open.values()) controller.abort();
    for (const channel of this.#channels.values()) channel.dispose();
  }

  /** The action that ends it is offered only while there is something to end. */
  #tell(): void {
    void commands.executeCommand('setContext', 'shipshape.isStreamingLogs', this.#open.size > 0);
  }
}

const ended = Promise.resolve();

/** What the platform does, among what the app says: why it was started or ended. */
async function streamEvents(logs: Omit<StreamedLogs, 'onText'>, channel: OutputChannel): Promise<void> {
  const lines = createEventLines();
  const onText = (text: string): void => {
    for (const line of lines(text)) channel.appendLine(line);
  };
  try {
    await streamLogs({ ...logs, events: true, onState: () => undefined, onText });
  } catch (error) {
    logs.onState(`No events: ${explain(error).message}`);
  }
}

function statusOf(name: string): StatusBarItem {
  const item = window.createStatusBarItem(StatusBarAlignment.Left);
  item.name = 'Shipshape logs';
  item.text = `$(sync~spin) Logs of ${name}`;
  item.tooltip = 'Stop streaming';
  item.command = { title: 'Stop streaming', command: 'shipshape.stopLogs', arguments: [name] };
  item.show();
  return item;
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
  if (target === undefined) return undefined;
  const app = placeOf(target);
  return {
    target,
    app,
    name: app.kind === 'appService' && app.slot !== undefined ? `${target.app.name}, ${app.slot}` : target.app.name,
  };
}

function placeOf(target: Target, slot?: string, isProduction = false): AppPlace {
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
