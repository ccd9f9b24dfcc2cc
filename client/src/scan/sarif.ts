import { linesOf, positionAt } from '../../../server/src/text/lines.ts';
import type { Finding, ScanReport, Severity } from './finding.ts';
import type { Place, Placed, SourceFile } from './place/surroundings.ts';
import { webLink } from './web-link.ts';

export interface SarifInput {
  readonly report: ScanReport;
  readonly placed: readonly Placed[];
  /** The texts that places are offsets into, by uri. */
  readonly files: readonly SourceFile[];
  /** The folder that addresses are relative to, with a slash at its end. */
  readonly root?: string;
}

/** What was found by Trivy, where we put it: SARIF 2.1.0, as GitHub code scanning reads it. */
export function sarifOf({ report, placed, files, root }: SarifInput): string {
  // Of several findings of one id the first tells what the rule is.
  const rules = [...new Map(placed.toReversed().map(({ finding }) => [finding.id, finding])).values()].reverse();
  const indexes = new Map(rules.map(({ id }, i) => [id, i]));
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Trivy',
            ...(report.trivyVersion !== undefined && { version: report.trivyVersion }),
            informationUri: 'https://trivy.dev',
            rules: rules.map(ruleOf),
          },
        },
        ...(root !== undefined && { originalUriBaseIds: { '%SRCROOT%': { uri: root } } }),
        columnKind: 'utf16CodeUnits',
        properties: {
          artifactName: report.artifactName,
          ...(report.imageId !== undefined && { imageId: report.imageId }),
        },
        results: placed.map(({ finding, place }) => ({
          ruleId: finding.id,
          ruleIndex: indexes.get(finding.id),
          level: levels[finding.severity],
          message: { text: messageOf(finding) },
          locations: [{ physicalLocation: locationOf(finding, place, files, root) }],
          partialFingerprints: { 'finding/v1': fingerprintOf(finding) },
        })),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

/** The same for the same thing in the next scan, whatever has moved. */
function fingerprintOf(finding: Finding): string {
  const what = finding.kind === 'vulnerability' || finding.kind === 'license' ? finding.packageName : '';
  return [finding.kind, finding.id, what, finding.target].map(encodeURIComponent).join('/');
}

function ruleOf(finding: Finding): object {
  const link = webLink(finding.link);
  const help = finding.kind === 'misconfiguration' ? finding.resolution : finding.description;
  return {
    id: finding.id,
    shortDescription: { text: finding.title || finding.id },
    fullDescription: { text: finding.description ?? (finding.title || finding.id) },
    help: { text: help ?? (finding.title || finding.id) },
    ...(link !== undefined && { helpUri: link }),
    defaultConfiguration: { level: levels[finding.severity] },
    properties: {
      tags: ['security', finding.kind, finding.severity],
      precision: 'very-high',
      'security-severity': scores[finding.severity],
    },
  };
}

function locationOf(
  finding: Finding,
  place: Place | undefined,
  files: readonly SourceFile[],
  root: string | undefined,
): object {
  const file = files.find(({ uri }) => uri === place?.uri);
  if (!place || !file) {
    // An image's own files are none of the repository's: GitHub wants a place all the same.
    const lines = 'lines' in finding ? finding.lines : undefined;
    return {
      artifactLocation: { uri: encodeURI(finding.target.replace(/^\/+/, '')) },
      region: { startLine: lines?.first ?? 1, endLine: lines?.last ?? 1 },
    };
  }
  const lines = linesOf(file.text);
  const start = positionAt(lines, place.range.start);
  const end = positionAt(lines, place.range.end);
  const isInRoot = root !== undefined && place.uri.startsWith(root);
  return {
    artifactLocation: isInRoot ? { uri: place.uri.slice(root.length), uriBaseId: '%SRCROOT%' } : { uri: place.uri },
    region: {
      startLine: start.line + 1,
      startColumn: start.column + 1,
      endLine: end.line + 1,
      endColumn: end.column + 1,
    },
  };
}

function messageOf(finding: Finding): string {
  switch (finding.kind) {
    case 'vulnerability': {
      const fix = finding.fixedVersions.length === 0 ? 'no fix yet' : `fixed in ${finding.fixedVersions.join(', ')}`;
      return `${finding.packageName} ${finding.installedVersion}: ${finding.id}, ${fix}. ${finding.title}`.trim();
    }
    case 'misconfiguration':
      return [finding.message || finding.title, finding.resolution].filter(Boolean).join('. ');
    case 'secret':
      return `${finding.title || finding.category} (${finding.match})`;
    case 'license':
      return `${finding.packageName} is under ${finding.id}`;
  }
}

const levels = {
  CRITICAL: 'error',
  HIGH: 'error',
  MEDIUM: 'warning',
  LOW: 'note',
  UNKNOWN: 'note',
} as const satisfies Record<Severity, string>;
/** What GitHub ranks alerts by, on the scale of CVSS. */
const scores: Readonly<Record<Severity, string>> = {
  CRITICAL: '9.5',
  HIGH: '8.0',
  MEDIUM: '5.5',
  LOW: '2.0',
  UNKNOWN: '0.0',
};
