import type { Finding } from '../engine/finding.ts';
import type { Fix, Severity } from '../text/problem.ts';
import type { Range } from '../text/range.ts';
import { fingerprintsOf } from './fingerprint.ts';
import { relativeUri, spansIn, type FileReport, type Report, type Span } from './report.ts';
import { ruleDetails, ruleUrl, type DescribedRule } from './rule-page.ts';

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note', hint: 'note' };

/** What GitHub ranks alerts of security rules by, on the scale of CVSS. */
const securitySeverities: Readonly<Record<Severity, string>> = {
  error: '8.0',
  warning: '6.0',
  info: '3.0',
  hint: '1.0',
};

/** SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), as GitHub code scanning reads it. */
export function sarifReport(report: Report, rules: readonly DescribedRule[]): string {
  const used = new Set(report.files.flatMap((file) => file.findings.map((finding) => finding.rule)));
  const described = rules.filter(({ rule }) => used.has(rule.id));
  const indexes = new Map(described.map(({ rule }, i) => [rule.id, i]));
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Shipshape',
            version: report.version,
            semanticVersion: report.version,
            informationUri: 'https://github.com/shipshape/shipshape',
            rules: described.map(ruleOf),
          },
        },
        invocations: [invocationOf(report)],
        originalUriBaseIds: { '%SRCROOT%': { uri: report.root } },
        columnKind: 'utf16CodeUnits',
        artifacts: report.files.map((file) => ({
          location: artifactLocation(report, file.uri),
          sourceLanguage: languageOf(file),
        })),
        results: report.files.flatMap((file) => resultsOf(report, file, indexes)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function ruleOf(described: DescribedRule): object {
  const { rule, language } = described;
  const details = ruleDetails(described);
  const isSecurity = rule.category === 'security';
  return {
    id: rule.id,
    name: rule.id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: rule.summary },
    fullDescription: { text: rule.why.trim() },
    help: { text: rule.why.trim(), markdown: details },
    helpUri: ruleUrl(rule.id),
    defaultConfiguration: { level: levels[rule.severity] },
    properties: {
      // GitHub takes no more.
      tags: [rule.category, language, ...(rule.aliases ?? [])].slice(0, 20),
      precision: 'high',
      'problem.severity': rule.severity === 'error' || rule.severity === 'warning' ? rule.severity : 'recommendation',
      ...(isSecurity && { 'security-severity': securitySeverities[rule.severity] }),
    },
  };
}

function invocationOf({ unreadable, ...report }: Report): object {
  return {
    executionSuccessful: unreadable.length === 0,
    toolExecutionNotifications: unreadable.map(({ uri, message }) => ({
      level: 'error',
      message: { text: message },
      locations: [{ physicalLocation: { artifactLocation: artifactLocation({ unreadable, ...report }, uri) } }],
    })),
  };
}

function resultsOf(report: Report, file: FileReport, ruleIndexes: ReadonlyMap<string, number>): readonly object[] {
  const spanOf = spansIn(file.text);
  const artifact = artifactLocation(report, file.uri);
  const fingerprints = fingerprintsOf(artifact.uri, file);
  const place = (range: Range): object => ({ artifactLocation: artifact, region: regionOf(spanOf(range)) });
  return file.findings.map((finding: Finding, i) => ({
    ruleId: finding.rule,
    ...(ruleIndexes.has(finding.rule) && { ruleIndex: ruleIndexes.get(finding.rule) }),
    level: levels[finding.severity],
    message: { text: finding.message },
    locations: [{ physicalLocation: place(finding.range) }],
    ...(finding.related && {
      relatedLocations: finding.related.map((related, id) => ({
        id,
        physicalLocation: place(related.range),
        message: { text: related.message },
      })),
    }),
    partialFingerprints: { 'markedLines/v1': fingerprints[i] },
    ...(finding.fix && hasOnlyEdits(finding.fix) && { fixes: [fixOf(finding.fix, artifact, spanOf)] }),
  }));
}

/** SARIF can say how a file is to change, not that a new one is to be written. */
function hasOnlyEdits(fix: Fix): boolean {
  return fix.edits.length > 0 && fix.newFiles === undefined;
}

function fixOf(fix: Fix, artifact: ArtifactLocation, spanOf: (range: Range) => Span): object {
  const replacements = fix.edits.map((edit) => ({
    deletedRegion: regionOf(spanOf(edit.range)),
    ...(edit.text !== '' && { insertedContent: { text: edit.text } }),
  }));
  return { description: { text: fix.title }, artifactChanges: [{ artifactLocation: artifact, replacements }] };
}

function regionOf({ start, end }: Span): object {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

interface ArtifactLocation {
  readonly uri: string;
  readonly uriBaseId?: string;
}

function artifactLocation(report: Report, uri: string): ArtifactLocation {
  const relative = relativeUri(report, uri);
  return relative === undefined ? { uri } : { uri: relative, uriBaseId: '%SRCROOT%' };
}

function languageOf(file: FileReport): string {
  return file.kind === 'dockerfile' ? 'dockerfile' : 'yaml';
}
