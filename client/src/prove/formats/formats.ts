import type { ProofReport } from '../report.ts';
import { proofJson } from './json.ts';
import { proofJunit } from './junit.ts';
import { proofPretty, type Look } from './pretty.ts';

export const proofFormats = ['pretty', 'json', 'junit'] as const;
export type ProofFormat = (typeof proofFormats)[number];

export function formatProof(format: ProofFormat, report: ProofReport, look: Look): string {
  switch (format) {
    case 'pretty':
      return proofPretty(report, look);
    case 'json':
      return proofJson(report);
    case 'junit':
      return proofJunit(report);
  }
}
