import type { Parts } from '../programs.ts';

export function registerBuild(_parts: Parts): void {
  // Being built.
}
