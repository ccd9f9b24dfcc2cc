import type { Parts } from '../programs.ts';

export function registerImage(_parts: Parts): void {
  // Being built.
}
