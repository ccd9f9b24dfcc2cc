import { at, type Json } from '../azure/json.ts';
import { isAzureError } from '../azure/azure-error.ts';
import { wait } from '../azure/explanation.ts';
import { Refused } from '../azure/refused.ts';
import type { Scrubber } from './run/scrub.ts';
import type { ReadPlace, SecretPlace, TextPlace, Value, ValueObject } from './value.ts';
import type { World } from './world.ts';

/** Fills the places of a plan's requests while it is executed. */
export interface Filler {
  readonly fill: (value: Value) => Promise<Json>;
  /** All but the secrets, whose places stay: for comparing with what is there, without asking anybody for a secret. */
  readonly fillVisible: (value: Value) => Promise<Value>;
  readonly text: (value: Value) => Promise<string>;
}

export interface FillOptions {
  readonly world: World;
  readonly scrubber: Scrubber;
  readonly signal: AbortSignal;
  readonly onWait: (message: string) => void;
}

/** What is new can be missing for seconds, in the copy of Azure's data that answers us. */
const patience = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/** One for each step, within which nothing is read twice: all settings that a slot takes over come from one list. */
export function createFiller(options: FillOptions): Filler {
  const answers = new Map<string, Json | undefined>();
  const readOnce = (place: ReadPlace): Promise<Json> => read(place, options, answers);
  const filled = async (value: Value, secrets: boolean): Promise<Value> => {
    if (typeof value !== 'object' || value === null) return value;
    if (isList(value)) return await inOrder(value, (item) => filled(item, secrets));
    if (isSecretPlace(value)) return secrets ? await secretOf(value, options) : value;
    if (isReadPlace(value)) return secrets || value.$read.secret !== true ? await readOnce(value) : value;
    if (isTextPlace(value)) {
      if (!secrets && holdsSecret(value)) return value;
      const parts = await inOrder(value.$text, (part) =>
        typeof part === 'string' ? Promise.resolve(part) : readOnce(part),
      );
      return parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join('');
    }
    const entries = await inOrder(Object.entries(value), async ([key, item]) => [key, await filled(item, secrets)]);
    return Object.fromEntries(entries) as ValueObject;
  };
  const fill = async (value: Value): Promise<Json> => (await filled(value, true)) as Json;
  return {
    fill,
    fillVisible: (value) => filled(value, false),
    text: async (value) => {
      const found = await fill(value);
      return typeof found === 'string' ? found : JSON.stringify(found);
    },
  };
}

/** Whether something in it may be neither shown nor compared. */
export function holdsSecret(value: Value): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isList(value)) return value.some(holdsSecret);
  if (isSecretPlace(value)) return true;
  if (isReadPlace(value)) return value.$read.secret === true;
  if (isTextPlace(value)) return value.$text.some(holdsSecret);
  return Object.values(value).some(holdsSecret);
}

export function isPlace(value: Value): value is ReadPlace | SecretPlace | TextPlace {
  if (typeof value !== 'object' || value === null || isList(value)) return false;
  return isSecretPlace(value) || isReadPlace(value) || isTextPlace(value);
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isSecretPlace(value: object): value is SecretPlace {
  return '$secret' in value;
}

function isReadPlace(value: object): value is ReadPlace {
  return '$read' in value;
}

function isTextPlace(value: object): value is TextPlace {
  return '$text' in value;
}

async function secretOf(place: SecretPlace, { world, scrubber }: FillOptions): Promise<string> {
  const value = await world.secret(place.$secret);
  scrubber.hide(value);
  return value;
}

async function read(
  { $read: place }: ReadPlace,
  { world, scrubber, signal, onWait }: FillOptions,
  answers: Map<string, Json | undefined>,
): Promise<Json> {
  const { method, path, apiVersion } = place;
  const call = JSON.stringify([method, path, apiVersion]);
  const valueIn = (answer: Json | undefined): Json | undefined => {
    const found = at(answer, place.get);
    if (found === undefined || found === null || found === '') return undefined;
    if (place.secret === true) scrubber.hideAll(found);
    return found;
  };
  const before = valueIn(answers.get(call));
  if (before !== undefined) return before;
  for (const pause of [...patience, undefined]) {
    signal.throwIfAborted();
    const fresh = await answer();
    answers.set(call, fresh);
    const found = valueIn(fresh);
    if (found !== undefined) return found;
    if (pause === undefined) break;
    onWait(`Waiting for the ${place.label}`);
    await world.clock.wait(pause, signal);
  }
  throw new Refused(`Azure does not tell the ${place.label}: try again in a few minutes`, wait(120));

  async function answer(): Promise<Json | undefined> {
    try {
      return await world.arm.send({ method, path, apiVersion }, { signal, onWait });
    } catch (error) {
      if (isAzureError(error) && error.status === 404) return undefined;
      throw error;
    }
  }
}

/** One after the other: what is read may be asked of a person. */
async function inOrder<From, To>(items: readonly From[], change: (item: From) => Promise<To>): Promise<To[]> {
  const changed: To[] = [];
  for (const item of items) changed.push(await change(item));
  return changed;
}
