import type { Parts } from '../programs.ts';

export function registerProve(_parts: Parts): void {
  // Being built.
}
