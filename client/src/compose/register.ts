import type { Parts } from '../programs.ts';

export function registerCompose(_parts: Parts): void {
  // Being built.
}
