import type { Json } from '../../azure/json.ts';
import type { Change, Edit } from '../step.ts';
import { shown } from './scene.ts';

/** An edit with how it is told. */
export interface Difference {
  readonly edit: Edit;
  readonly change: Change;
}

/** Of a plain value; `usual` is what holds where Azure says nothing. */
export function difference(
  path: string,
  what: string,
  said: Json | undefined,
  to: string | number | boolean,
  usual?: string | number | boolean,
): readonly Difference[] {
  const isSaid = said !== undefined && said !== null;
  const now = isSaid ? said : usual;
  if (now === to) return [];
  return [
    {
      edit: { at: path, ...(isSaid ? { from: said } : {}), to },
      change: { what, ...(now === undefined ? {} : { from: shown(now) }), to: shown(to) },
    },
  ];
}
