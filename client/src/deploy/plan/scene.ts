import { at, isObject, type Json, type JsonObject, textAt } from '../../azure/json.ts';
import type { Target } from '../choices.ts';
import type { Facts } from '../facts.ts';
import { says as saysAll } from '../run/compare.ts';
import type { Step } from '../step.ts';
import type { ReadPlace, SecretPlace, Value } from '../value.ts';
import type { Health } from './health.ts';
import type { Ids } from './ids.ts';

/** What every part of a plan is made from. */
export interface Scene {
  readonly target: Target;
  readonly facts: Facts;
  readonly ids: Ids;
  readonly tag: string;
  /** 0 where it is not known; there is a blocker then. */
  readonly port: number;
  readonly health: Health | undefined;
}

/** What the parts of a plan give, in order. */
export type Piece = Step | Remark;
export type Remark = { readonly warning: string } | { readonly blocker: string };
export type Pieces = Generator<Piece, void>;

export const warn = (warning: string): Remark => ({ warning });
export const block = (blocker: string): Remark => ({ blocker });

/** What Azure has under this id. */
export function found(scene: Scene, id: string | undefined): JsonObject | undefined {
  return id === undefined ? undefined : scene.facts.resources.get(id.toLowerCase());
}

/** The resource group that something is put into, which decides where it is when it is there already. */
export function tagged(scene: Scene): { readonly tags?: Readonly<Record<string, string>> } {
  return Object.keys(scene.target.tags).length === 0 ? {} : { tags: scene.target.tags };
}

/** What a resource says now, if it is there, else where it will say so. */
export function readLater(
  scene: Scene,
  place: ReadPlace['$read'],
  known: JsonObject | undefined = found(scene, place.path),
): string | ReadPlace {
  const now = textAt(known, place.get);
  return now === undefined || now === '' || place.secret === true ? { $read: place } : now;
}

/** A text, and one with places only if it needs them. */
export function textOf(...parts: readonly (string | ReadPlace)[]): Value {
  return parts.every((part) => typeof part === 'string') ? parts.join('') : { $text: parts };
}

/** For people, as far as it is known. */
export function shown(value: Value | undefined): string {
  if (value === undefined) return '';
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return (value as readonly Value[]).map(shown).join(', ');
  if ('$read' in value) return `<${(value as ReadPlace).$read.label}>`;
  if ('$secret' in value) return `<secret ${(value as SecretPlace).$secret}>`;
  if ('$text' in value) return (value.$text as readonly Value[]).map(shown).join('');
  return JSON.stringify(value);
}

/** Whether a resource says all that is wanted of it, as the execution sees it; of what is not known yet nobody can tell. */
export function says(now: Json | undefined, wanted: Value | undefined, key = ''): boolean {
  if (wanted === undefined) return now === undefined || now === null;
  return !holdsPlace(wanted) && saysAll(now, wanted, key);
}

function holdsPlace(value: Value): boolean {
  if (Array.isArray(value)) return (value as readonly Value[]).some(holdsPlace);
  if (value === null || typeof value !== 'object') return false;
  return '$read' in value || '$secret' in value || '$text' in value || Object.values(value).some(holdsPlace);
}

export function listAt(value: Json | undefined, path: string): readonly JsonObject[] {
  const list = at(value, path);
  return Array.isArray(list) ? (list as readonly Json[]).filter(isObject) : [];
}

export function isSameText(left: string | undefined, right: string | undefined): boolean {
  return left?.toLowerCase() === right?.toLowerCase();
}
