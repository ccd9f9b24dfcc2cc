import { severities, type Finding, type Severity } from './finding.ts';

/** How many there are of each severity, the worst first, those without any left out. */
export function countsOf(
  findings: readonly { readonly severity: Severity }[],
): readonly (readonly [Severity, number])[] {
  return severities
    .map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length] as const)
    .filter(([, count]) => count > 0);
}

/** `2 critical, 5 high`. */
export function countText(findings: readonly { readonly severity: Severity }[]): string {
  return countsOf(findings)
    .map(([severity, count]) => `${count} ${severity.toLowerCase()}`)
    .join(', ');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `3 vulnerabilities`, or `3 findings` when they are of several kinds. */
export function kindText(findings: readonly Finding[]): string {
  const kinds = new Set(findings.map(({ kind }) => kind));
  const [only] = kinds;
  if (kinds.size !== 1 || only === undefined) return plural(findings.length, 'finding');
  const [one, many] = kindNames[only];
  return plural(findings.length, one, many);
}

/** The worst severity among them. */
export function worstOf(findings: readonly { readonly severity: Severity }[]): Severity {
  return countsOf(findings)[0]?.[0] ?? 'UNKNOWN';
}

export function isFixable(finding: Finding): boolean {
  return finding.kind === 'vulnerability' ? finding.fixedVersions.length > 0 : finding.kind !== 'license';
}

const kindNames = {
  vulnerability: ['vulnerability', 'vulnerabilities'],
  misconfiguration: ['misconfiguration', 'misconfigurations'],
  secret: ['secret', 'secrets'],
  license: ['licence', 'licences'],
} as const satisfies Record<Finding['kind'], readonly [string, string]>;
