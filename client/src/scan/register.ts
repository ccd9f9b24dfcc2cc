import type { Parts } from '../programs.ts';

export function registerScan(_parts: Parts): void {
  // Being built.
}
