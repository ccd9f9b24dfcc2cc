import { UserError } from '../../ui/user-error.ts';
import type { Finding, ScanReport } from '../finding.ts';
import { ReportBuilder, type Renamed } from './report-builder.ts';
import { ReportSplitter, type SplitEnd } from './split.ts';

/** Reads a report as it arrives. A `UserError` when it is none; what could be read when it is damaged. */
export async function readReport(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  renamed: readonly Renamed[] = [],
): Promise<ScanReport> {
  const builder = new ReportBuilder(renamed);
  const splitter = new ReportSplitter(builder);
  for await (const chunk of chunks) splitter.push(chunk);
  const end = splitter.end();
  const reason = whyNoReport(end, builder);
  if (reason !== undefined) throw new UserError(reason);
  const report = builder.report();
  const incomplete = whyIncomplete(end, report.findings);
  return incomplete === undefined ? report : { ...report, incomplete };
}

function whyNoReport(end: SplitEnd, { keys, looksLikeReport }: ReportBuilder): string | undefined {
  if (end.kind === 'empty') return 'Trivy wrote an empty report: scan again';
  if (end.kind === 'not-an-object') return whyNoObject(end.start);
  for (const [key, format] of otherFormats) {
    if (keys.has(key)) return `This is ${format}, not Trivy's own report: write it with '--format json'`;
  }
  if (looksLikeReport) return undefined;
  if (end.kind !== 'whole') return `The report is damaged from its start: scan again`;
  return "This is not a report of Trivy: write one with '--format json'";
}

/** By a member that only they have. */
const otherFormats: readonly (readonly [string, string])[] = [
  ['runs', 'a SARIF report'],
  ['bomFormat', 'a CycloneDX bill of materials'],
  ['spdxVersion', 'an SPDX bill of materials'],
  ['detector', 'a dependency snapshot for GitHub'],
  ['predicateType', 'an attestation'],
  ['SummaryControls', 'a compliance report'],
  ['RelatedResources', 'a compliance report'],
  ['ClusterName', 'a report on a cluster'],
];

function whyNoObject(start: string): string {
  if (start.startsWith('[')) return 'This report is of a Trivy before 0.20: update Trivy, then scan again';
  // Two bytes that PowerShell puts before what it redirects.
  if (start.startsWith('\u{fffd}\u{fffd}')) return "The report is not UTF-8: let Trivy write it with '--output'";
  return "This is not a report of Trivy: write one with '--format json'";
}

function whyIncomplete(end: SplitEnd, findings: readonly Finding[]): string | undefined {
  const found = `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'} before that`;
  if (end.kind === 'cut') return `The report ends too early: ${found}`;
  if (end.kind === 'broken') return `The report is damaged at byte ${end.at}: ${found}`;
  return undefined;
}
