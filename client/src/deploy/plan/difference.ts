import type { Json } from '../../azure/json.ts';
import type { Change, Edit } from '../step.ts';
import { shown } from './scene.ts';

/** An edit with how it is told. */
export interface Difference {
  readonly edit: Edit;
  readonly change: Change;
}

/** Of a plain value. */
export function difference(
  path: string,
  what: string,
  now: Json,
  to: string | number | boolean,
): readonly Difference[] {
  return now === to ? [] : [{ edit: { at: path, from: now, to }, change: { what, from: shown(now), to: shown(to) } }];
}
