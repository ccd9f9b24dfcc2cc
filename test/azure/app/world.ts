import { randomBytes } from 'node:crypto';
import { textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import type { Core } from '../core.ts';
import { idOf } from './ids.ts';
import { createRuntime, type Runtime } from './runtime.ts';
import { openStreams } from './streams.ts';

/** All container apps of one local Azure, as they run. */
export interface World {
  readonly core: Core;
  readonly runtimeOf: (id: string) => Runtime;
  /** A token for the streams of one app alone. */
  readonly tokenFor: (id: string) => string;
  readonly isToken: (token: string, id: string) => boolean;
  /** `https://127.0.0.1:PORT`: where logs and events are streamed from. */
  readonly streams: () => Promise<string>;
}

/** Azure waits five minutes before it scales to zero. */
const usualIdle = 300_000;

export function createWorld(core: Core): World {
  const runtimes = new Map<string, Runtime>();
  const tokens = new Map<string, string>();
  let streams: Promise<string> | undefined;

  core.store.onDelete((id) => {
    const found = runtimes.get(id.toLowerCase());
    runtimes.delete(id.toLowerCase());
    void found?.end();
  });
  core.atEnd(async () => {
    await Promise.all([...runtimes.values()].map((runtime) => runtime.end()));
  });

  const world: World = {
    core,
    runtimeOf: (id) => {
      const key = id.toLowerCase();
      const found = runtimes.get(key) ?? createRuntime(core, idOf(core.store.need(id)), core.times.idle ?? usualIdle);
      runtimes.set(key, found);
      return found;
    },
    tokenFor: (id) => {
      const token = randomBytes(48).toString('base64url');
      tokens.set(token, id.toLowerCase());
      return token;
    },
    isToken: (token, id) => tokens.get(token) === id.toLowerCase(),
    streams: async () => `https://${await (streams ??= openStreams(world))}`,
  };
  return world;
}

export function isBusy(app: JsonObject | undefined): boolean {
  const state = textAt(app, 'properties.provisioningState');
  return state === 'InProgress' || state === 'Deleting';
}
