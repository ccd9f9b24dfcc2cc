import { isUserError, UserError } from '../ui/user-error.ts';
import type { Action } from './explanation.ts';

/** Trouble of which it is clear, where it is met, what it means and what to do: both are as they are to be shown. */
export class Refused extends UserError {
  readonly way: Action;

  constructor(message: string, way: Action) {
    super(message);
    this.way = way;
  }
}

/** As with `isUserError`, not by its class. */
export function isRefused(error: unknown): error is Refused {
  return isUserError(error) && 'way' in error;
}
