import {
  severities,
  type Finding,
  type Layer,
  type License,
  type Lines,
  type Misconfiguration,
  type Secret,
  type Severity,
  type Vulnerability,
} from '../finding.ts';
import { lineOf, listOf, objectOf, textOf, textsOf, type Fields } from './values.ts';

export type Draft<T> = { -readonly [Key in keyof T]: T[Key] };

/** What findings have in common with others of the same report, so that equal text is kept once. */
export interface Shared {
  text(value: string): string;
  /** Long text, which is looked for only among that of the same id. */
  description(id: string, text: string): string;
  references(id: string, references: readonly string[]): readonly string[];
  layer(value: unknown): Layer | undefined;
}

/** One element of a list, or why it is none: the reason is counted. */
export type Read<T extends Finding> = { readonly finding: Draft<T> } | { readonly reason: 'no id' | 'not failed' };

/** The names that elements of each list have in some version of Trivy; others are counted. */
export const knownFields: Readonly<Record<string, ReadonlySet<string>>> = {
  Vulnerabilities: new Set(
    (
      'VulnerabilityID VendorIDs PkgID PkgName PkgPath PkgIdentifier PkgRef InstalledVersion FixedVersion Status Layer ' +
      'SeveritySource PrimaryURL DataSource Fingerprint Custom Title Description Severity CweIDs VendorSeverity CVSS ' +
      'References PublishedDate LastModifiedDate'
    ).split(' '),
  ),
  Misconfigurations: new Set(
    (
      'Type ID AVDID Aliases Title Description Message Namespace Query Resolution Severity PrimaryURL References Status ' +
      'Layer CauseMetadata Traces'
    ).split(' '),
  ),
  Secrets: new Set('RuleID Category Severity Title StartLine EndLine Code Match Layer Offset Deleted'.split(' ')),
  Licenses: new Set('Severity Category PkgName FilePath Name Text Confidence Link Layer'.split(' ')),
};

export function vulnerabilityOf(fields: Fields, shared: Shared): Read<Vulnerability> {
  const id = textOf(fields['VulnerabilityID']);
  if (id === undefined) return { reason: 'no id' };
  const finding: Draft<Vulnerability> = {
    kind: 'vulnerability',
    id: shared.text(id),
    severity: severityOf(fields['Severity']),
    title: textOf(fields['Title']) ?? id,
    target: '',
    references: shared.references(id, textsOf(fields['References'])),
    packageName: shared.text(textOf(fields['PkgName']) ?? ''),
    installedVersion: shared.text(textOf(fields['InstalledVersion']) ?? ''),
    fixedVersions: versionsOf(textOf(fields['FixedVersion'])),
    resultClass: '',
    resultType: '',
  };
  addCommon(finding, fields, shared);
  const packageUrl = textOf(objectOf(fields['PkgIdentifier'])?.['PURL']);
  if (packageUrl !== undefined) finding.packageUrl = packageUrl;
  const packagePath = textOf(fields['PkgPath']);
  if (packagePath !== undefined) finding.packagePath = shared.text(packagePath);
  const status = textOf(fields['Status']);
  if (status !== undefined) finding.status = shared.text(status);
  return { finding };
}

export function misconfigurationOf(fields: Fields, shared: Shared): Read<Misconfiguration> {
  const status = textOf(fields['Status']);
  if (status !== undefined && status !== 'FAIL') return { reason: 'not failed' };
  const identity = textOf(fields['ID']);
  const alternative = textOf(fields['AVDID']);
  const id = identity ?? alternative;
  if (id === undefined) return { reason: 'no id' };
  const spellings = [alternative, ...textsOf(fields['Aliases']), ...spellingsOf(id)];
  const finding: Draft<Misconfiguration> = {
    kind: 'misconfiguration',
    id: shared.text(id),
    severity: severityOf(fields['Severity']),
    title: shared.text(textOf(fields['Title']) ?? id),
    target: '',
    references: shared.references(id, textsOf(fields['References'])),
    message: textOf(fields['Message']) ?? '',
    aliases: [...new Set(spellings.filter((spelling) => spelling !== undefined))].filter((spelling) => spelling !== id),
  };
  addCommon(finding, fields, shared);
  const resolution = textOf(fields['Resolution']);
  if (resolution !== undefined) finding.resolution = shared.text(resolution);
  const cause = objectOf(fields['CauseMetadata']);
  const lines = linesOf(cause) ?? occurrenceOf(cause);
  if (lines) finding.lines = lines;
  return { finding };
}

export function secretOf(fields: Fields, shared: Shared): Read<Secret> {
  const id = textOf(fields['RuleID']);
  if (id === undefined) return { reason: 'no id' };
  const finding: Draft<Secret> = {
    kind: 'secret',
    id: shared.text(id),
    severity: severityOf(fields['Severity']),
    title: shared.text(textOf(fields['Title']) ?? id),
    target: '',
    references: [],
    category: shared.text(textOf(fields['Category']) ?? ''),
    match: textOf(fields['Match']) ?? '',
  };
  // The lines around it are left behind on purpose: Trivy masks them for this secret only.
  addCommon(finding, fields, shared);
  const lines = linesOf(fields);
  if (lines) finding.lines = lines;
  return { finding };
}

export function licenseOf(fields: Fields, shared: Shared): Read<License> {
  const id = textOf(fields['Name']);
  if (id === undefined) return { reason: 'no id' };
  const category = textOf(fields['Category']);
  const finding: Draft<License> = {
    kind: 'license',
    id: shared.text(id),
    severity: severityOf(fields['Severity']),
    title: shared.text(category === undefined ? id : `${id} (${category})`),
    target: '',
    references: [],
    packageName: shared.text(textOf(fields['PkgName']) ?? textOf(fields['FilePath']) ?? ''),
  };
  addCommon(finding, fields, shared);
  const link = textOf(fields['Link']);
  if (link !== undefined) finding.link = shared.text(link);
  return { finding };
}

export function linesOf(fields: Fields | undefined): Lines | undefined {
  const first = lineOf(fields?.['StartLine']);
  if (first === undefined) return undefined;
  return { first, last: Math.max(first, lineOf(fields?.['EndLine']) ?? first) };
}

function addCommon(finding: Draft<Finding>, fields: Fields, shared: Shared): void {
  const link = textOf(fields['PrimaryURL']);
  if (link !== undefined) finding.link = link;
  const description = textOf(fields['Description']);
  if (description !== undefined) finding.description = shared.description(finding.id, description);
  const layer = shared.layer(fields['Layer']);
  if (layer) finding.layer = layer;
}

/** Of what calls this place, such as the use of a module. */
function occurrenceOf(cause: Fields | undefined): Lines | undefined {
  for (const occurrence of listOf(cause?.['Occurrences'])) {
    const lines = linesOf(objectOf(objectOf(occurrence)?.['Location']));
    if (lines) return lines;
  }
  return undefined;
}

function severityOf(value: unknown): Severity {
  const name = typeof value === 'string' ? value.toUpperCase() : '';
  return severities.find((severity) => severity === name) ?? 'UNKNOWN';
}

function versionsOf(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  return text
    .split(',')
    .map((version) => version.trim())
    .filter((version) => version !== '');
}

/** `DS-0002`, `AVD-DS-0002` and `DS002` are one check. */
function spellingsOf(id: string): readonly string[] {
  const parts = /^(?:AVD-)?([A-Z]+)-?(\d+)$/.exec(id);
  const [, group, digits] = parts ?? [];
  if (group === undefined || digits === undefined) return [];
  const number = String(Number(digits));
  const long = `${group}-${number.padStart(4, '0')}`;
  return [long, `AVD-${long}`, `${group}${number.padStart(3, '0')}`];
}
