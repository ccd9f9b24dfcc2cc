import type { ProofReport } from '../report.ts';

/** A contract: `docs/prove.md` says what is in it. */
export function proofJson(report: ProofReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
