import { at, isObject, type Json, type JsonObject } from '../../../../client/src/azure/json.ts';
import { AzureError } from '../../../../client/src/azure/azure-error.ts';
import type { Arm, ArmRequest } from '../../../../client/src/azure/arm.ts';
import { publicCloud } from '../../../../client/src/azure/cloud.ts';
import type { Plan } from '../../../../client/src/deploy/plan.ts';
import type { Step } from '../../../../client/src/deploy/step.ts';
import type { Clock, DeployEvent, Journal, JournalRecord, World } from '../../../../client/src/deploy/world.ts';
import { containerGroup, group, targetOf } from '../targets.ts';

export { group };

export const target = targetOf(containerGroup);

export function planOf(steps: readonly Step[], more: Partial<Plan> = {}): Plan {
  return {
    version: 1,
    id: 'plan-1',
    target,
    image: 'shopreg.azurecr.io/shop:1',
    steps,
    warnings: [],
    blockers: [],
    ...more,
  };
}

export function journalRecord(more: Partial<JournalRecord> = {}): JournalRecord {
  return { plan: planOf([]), startedAt: '2026-01-01T00:00:00.000Z', steps: {}, ...more };
}

export interface MemoryJournal extends Journal {
  readonly records: (JournalRecord | undefined)[];
}

export function memoryJournal(first?: JournalRecord): MemoryJournal {
  const records: (JournalRecord | undefined)[] = [first];
  return {
    records,
    read: () => Promise.resolve(records.at(-1)),
    write: (record) => {
      records.push(record);
      return Promise.resolve();
    },
  };
}

/** Time passes only by waiting; with each wait somebody may set the system's own by so much. */
export function testClock(now = Date.parse('2026-01-01T00:00:00Z'), set = 0): Clock & { readonly waited: number[] } {
  const waited: number[] = [];
  let time = 0;
  return {
    waited,
    now: () => now + time + waited.length * set,
    elapsed: () => time,
    wait: async (milliseconds) => {
      waited.push(milliseconds);
      time += milliseconds;
      await Promise.resolve();
    },
  };
}

export interface MemoryArm extends Arm {
  readonly resources: Map<string, JsonObject>;
  /** `PUT /subscriptions/…` of all that changes something. */
  readonly changes: ArmRequest[];
  /** Answers instead of the store: gives an answer, throws, or `undefined` to go on. */
  answer: (request: ArmRequest) => Json | undefined | Promise<Json | undefined>;
}

/** As little of Resource Manager as the steps need: a store of resources. */
export function memoryArm(resources: Readonly<Record<string, JsonObject>> = {}): MemoryArm {
  const store = new Map<string, JsonObject>(
    Object.entries(resources).map(([id, resource]) => [id.toLowerCase(), { id, ...resource }]),
  );
  const changes: ArmRequest[] = [];
  const send = async (request: ArmRequest): Promise<Json | undefined> => {
    if (request.method !== 'GET' && !isReading(request)) changes.push(request);
    const answered = await arm.answer(request);
    if (answered !== undefined) return answered;
    const id = request.path.toLowerCase();
    const there = store.get(id);
    switch (request.method) {
      case 'PUT':
        store.set(id, { id: request.path, ...(request.body ?? {}) });
        return store.get(id);
      case 'PATCH':
        if (there === undefined) throw notFound(request.path);
        store.set(id, merged(there, request.body ?? {}) as JsonObject);
        return store.get(id);
      case 'DELETE':
        store.delete(id);
        return undefined;
      case 'POST':
        if (id.endsWith('/config/appsettings/list')) {
          return store.get(id.slice(0, -'/list'.length)) ?? { properties: {} };
        }
        return undefined;
      default:
        if (there === undefined) throw notFound(request.path);
        return there;
    }
  };
  const arm: MemoryArm = {
    cloud: publicCloud,
    resources: store,
    changes,
    answer: () => undefined,
    send,
    get: async (path, apiVersion) => (await send({ method: 'GET', path, apiVersion })) as JsonObject,
    find: async (path, apiVersion) => {
      try {
        return (await send({ method: 'GET', path, apiVersion })) as JsonObject;
      } catch (error) {
        if (error instanceof AzureError && error.status === 404) return undefined;
        throw error;
      }
    },
    list: async (path, apiVersion) => {
      const answered = await arm.answer({ method: 'GET', path, apiVersion });
      if (answered !== undefined) return at(answered, 'value') as readonly JsonObject[];
      const below = `${path.toLowerCase()}/`;
      const scope = path.slice(0, path.toLowerCase().lastIndexOf('/providers/'));
      return [...store.entries()]
        .filter(([id]) => id.startsWith(below) && !id.slice(below.length).includes('/'))
        .map(([, one]) =>
          path.endsWith('roleAssignments') ? (merged(one, { properties: { scope } }) as JsonObject) : one,
        );
    },
    token: () => Promise.resolve('token'),
    ask: () => Promise.resolve(undefined),
    stream: () => {
      throw new Error('not here');
    },
  };
  return arm;
}

export function refusal(status: number, code: string, message = code, details: readonly string[] = []): AzureError {
  return new AzureError({ status, code, message, request: 'PUT', details });
}

function notFound(path: string): AzureError {
  return refusal(404, 'ResourceNotFound', `'${path}' was not found`);
}

function isReading({ method, path }: ArmRequest): boolean {
  return method === 'POST' && /\/(list\w*|sharedKeys)$/i.test(path);
}

function merged(value: Json, change: Json): Json {
  if (!isObject(value) || !isObject(change)) return change;
  const all = new Map(Object.entries(value));
  for (const [key, item] of Object.entries(change)) {
    if (item === null) all.delete(key);
    else all.set(key, merged(all.get(key) ?? {}, item));
  }
  return Object.fromEntries(all);
}

export function worldOf(parts: Partial<World> & { readonly arm: Arm }): World {
  return {
    images: { deliver: () => Promise.resolve('sha256:1'), digest: () => Promise.resolve(undefined) },
    secret: (name) => Promise.resolve(`value-of-${name}`),
    clock: testClock(),
    journal: memoryJournal(),
    ask: () => Promise.resolve(200),
    ...parts,
  };
}

/** In a short form for comparing: `begin registry`, `wait registry: …`. */
export function eventTexts(events: readonly DeployEvent[]): string[] {
  return events.map((event) => {
    if (event.kind === 'done') return `done ${event.step}${event.already ? ' already' : ''}`;
    if (event.kind === 'begin') return `begin ${event.step}`;
    return `${event.kind} ${event.step}: ${event.kind === 'log' ? event.text : event.message}`;
  });
}

export function callsOf(arm: MemoryArm): string[] {
  return arm.changes.map(({ method, path }) => `${method} ${path.replace(group, '')}`);
}
