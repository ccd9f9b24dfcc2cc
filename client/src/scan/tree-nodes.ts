import { shownCreatedBy } from '../image/created-by.ts';
import { countText, isFixable, kindText, plural, worstOf } from './counts.ts';
import { severities, type Finding, type Severity } from './finding.ts';
import { nearestFix } from './manifest/version.ts';
import { fixForAll } from './place/marks.ts';
import type { Placed } from './place/surroundings.ts';

/** What the tree of findings is made of, as data. */
export type Grouping = 'severity' | 'package' | 'layer';

export interface Group {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly severity: Severity;
  readonly items: readonly Item[];
  /** Set for what our own rules report and Trivy's finding therefore does not. */
  readonly isCovered?: true;
}

export interface Item {
  readonly placed: Placed;
  readonly label: string;
  readonly description: string;
  readonly coveredBy?: string;
}

export interface GroupOptions {
  readonly by: Grouping;
  readonly onlyFixable: boolean;
  readonly covered: ReadonlyMap<Finding, string>;
}

/** All findings in groups, the worst group first; those that are covered come last, so that none is gone without a word. */
export function groupsOf(placed: readonly Placed[], { by, onlyFixable, covered }: GroupOptions): readonly Group[] {
  const shown = placed.filter(({ finding }) => !onlyFixable || isFixable(finding));
  const own = shown.filter(({ finding }) => !covered.has(finding));
  const groups = new Map<string, Placed[]>();
  for (const each of own) {
    const key = keyOf(each, by);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const named = [...groups].map(([key, members]) => groupOf(key, members, by)).toSorted(byWorst);
  const rest = shown.filter(({ finding }) => covered.has(finding));
  if (rest.length === 0) return named;
  return [
    ...named,
    {
      id: 'covered',
      label: 'Reported by Shipshape already',
      description: plural(rest.length, 'finding'),
      severity: worstOf(rest.map(({ finding }) => finding)),
      items: rest.map((each) => {
        const rule = covered.get(each.finding) ?? '';
        return { placed: each, label: each.finding.id, description: `rule ${rule}`, coveredBy: rule };
      }),
      isCovered: true,
    },
  ];
}

function groupOf(key: string, members: readonly Placed[], by: Grouping): Group {
  const sorted = members.toSorted(
    (a, b) => severities.indexOf(a.finding.severity) - severities.indexOf(b.finding.severity),
  );
  const findings = sorted.map(({ finding }) => finding);
  const severity = worstOf(findings);
  const fix = by === 'package' ? fixOf(findings) : undefined;
  return {
    id: key,
    label: by === 'severity' ? severityNames[severity] : key,
    description:
      by === 'severity'
        ? String(findings.length)
        : [countText(findings), fix && `${fix} fixes all`].filter(Boolean).join(', '),
    severity,
    items: sorted.map((each) => itemOf(each, by)),
  };
}

function itemOf(placed: Placed, by: Grouping): Item {
  const { finding } = placed;
  switch (finding.kind) {
    case 'vulnerability': {
      const fix = nearestFix(finding.installedVersion, finding.fixedVersions) ?? finding.fixedVersions[0];
      const towards = fix === undefined ? 'no fix yet' : `→ ${fix}`;
      if (by === 'package') return { placed, label: finding.id, description: `${towards}  ${titleOf(finding)}`.trim() };
      const label = `${finding.packageName} ${finding.installedVersion}`;
      return { placed, label, description: `${towards}  ${finding.id}` };
    }
    case 'misconfiguration':
      return { placed, label: finding.title || finding.id, description: `${finding.id} ${atLine(placed)}`.trim() };
    case 'secret':
      return { placed, label: finding.title || finding.id, description: atLine(placed) };
    case 'license':
      return { placed, label: finding.packageName, description: finding.id };
  }
}

function keyOf({ finding, place }: Placed, by: Grouping): string {
  switch (by) {
    case 'severity':
      return finding.severity;
    case 'package':
      return finding.kind === 'vulnerability' || finding.kind === 'license'
        ? finding.packageName
        : kindText([finding, finding]).replace(/^\d+ /, 'All ');
    case 'layer': {
      const layer = finding.layer?.createdBy;
      return place?.label ?? (layer === undefined ? finding.target : shownCreatedBy(layer));
    }
  }
}

function atLine({ finding, place }: Placed): string {
  const lines = 'lines' in finding ? finding.lines : undefined;
  const path = place?.kind === 'line' ? place.label : finding.target;
  return lines === undefined ? path : `${path}:${lines.first}`;
}

function titleOf(finding: Finding): string {
  const { title } = finding;
  const start = finding.kind === 'vulnerability' ? `${finding.packageName}: ` : '';
  return start !== '' && title.startsWith(start) ? title.slice(start.length) : title;
}

function fixOf(findings: readonly Finding[]): string | undefined {
  const vulnerabilities = findings.flatMap((finding) => (finding.kind === 'vulnerability' ? [finding] : []));
  return vulnerabilities.length < 2 ? undefined : fixForAll(vulnerabilities);
}

function byWorst(a: Group, b: Group): number {
  const difference = severities.indexOf(a.severity) - severities.indexOf(b.severity);
  return difference !== 0 ? difference : b.items.length - a.items.length || a.label.localeCompare(b.label, 'en');
}

const severityNames: Readonly<Record<Severity, string>> = {
  CRITICAL: 'Critical',
  HIGH: 'High',
  MEDIUM: 'Medium',
  LOW: 'Low',
  UNKNOWN: 'Unknown',
};
