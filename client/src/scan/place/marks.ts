import { dockerfileOf } from '../../dockerfile-model.ts';
import { countsOf, countText, isFixable, kindText, worstOf } from '../counts.ts';
import { severities, type Finding, type Severity, type Vulnerability } from '../finding.ts';
import { isRaised } from '../manifest/raise.ts';
import { compareVersions, nearestFix } from '../manifest/version.ts';
import { newerTag } from './newer-tag.ts';
import type { Place, Placed, Surroundings } from './surroundings.ts';

/** How a severity is shown in the editor. */
export type Level = 'error' | 'warning' | 'information' | 'hint' | 'off';
export type Levels = Readonly<Record<Severity, Level>>;

/** What is underlined: one token, with everything of the same weight that was found there. */
export interface Mark {
  readonly place: Place;
  readonly level: Exclude<Level, 'off'>;
  readonly message: string;
  /** Worst first. */
  readonly findings: readonly Finding[];
}

/** One mark for each token and level, and a single one for a base image: calm, and nothing is said twice. */
export function marksOf(placed: readonly Placed[], levels: Levels, surroundings: Surroundings): readonly Mark[] {
  const groups = new Map<string, { readonly place: Place; readonly level: Level; readonly findings: Finding[] }>();
  for (const { finding, place } of placed) {
    if (!place || levels[finding.severity] === 'off' || isDone(finding, place)) continue;
    const isBase = place.kind === 'base';
    const level = levels[finding.severity];
    const { uri, range } = place;
    // Two misconfigurations of one line have each their own words; what packages suffer from is summed up.
    const own = finding.kind === 'vulnerability' ? finding.packageName : finding.id;
    const about = isBase || place.kind === 'instruction' ? '' : own;
    const key = JSON.stringify([uri, range.start, range.end, isBase ? '' : level, about]);
    const group = groups.get(key) ?? { place, level, findings: [] };
    group.findings.push(finding);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ place, level, findings }) => {
    const sorted = findings.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
    const shown = place.kind === 'base' ? levels[worstOf(sorted)] : level;
    if (shown === 'off') return [];
    return [{ place, level: shown, message: messageOf(place, sorted, surroundings), findings: sorted }];
  });
}

/** Whether the manifest asks for a fixed version by now. */
function isDone(finding: Finding, { entry }: Place): boolean {
  if (finding.kind !== 'vulnerability' || entry === undefined) return false;
  const target = nearestFix(finding.installedVersion, finding.fixedVersions);
  return target !== undefined && isRaised(entry, target);
}

function messageOf(place: Place, findings: readonly Finding[], surroundings: Surroundings): string {
  if (place.kind === 'base') return baseMessage(place, findings, surroundings);
  const [first] = findings;
  if (findings.length === 1 && first) return singleMessage(first);
  const packages = [...new Set(findings.flatMap((each) => (each.kind === 'vulnerability' ? [each] : [])))];
  const names = [...new Set(packages.map(({ packageName }) => packageName))];
  const counts = countsOf(findings);
  const found =
    counts.length === 1
      ? kindText(findings).replace(' ', ` ${worstOf(findings).toLowerCase()} `)
      : `${kindText(findings)} (${countText(findings)})`;
  const [only] = names;
  if (names.length === 1 && only !== undefined && packages.length === findings.length) {
    const fix = fixForAll(packages);
    const versions = [...new Set(packages.map(({ installedVersion }) => installedVersion))];
    return `'${only}' ${versions.length === 1 ? `${versions[0] ?? ''} ` : ''}has ${found}${fix === undefined ? '' : `: ${fix} fixes all`}`;
  }
  if (names.length === 0) return `This has ${found}`;
  return `This brings ${found} in ${someOf(names)}`;
}

function singleMessage(finding: Finding): string {
  const severity = finding.severity.toLowerCase();
  switch (finding.kind) {
    case 'vulnerability': {
      const fix = nearestFix(finding.installedVersion, finding.fixedVersions) ?? finding.fixedVersions[0];
      const end = fix === undefined ? 'no fix yet' : `fixed in ${fix}`;
      return `'${finding.packageName}' ${finding.installedVersion} has ${finding.id} (${severity}), ${end}: ${shortTitle(finding)}`;
    }
    case 'misconfiguration':
      return finding.message || finding.title;
    case 'secret':
      return `This looks like a secret (${finding.title || finding.category}): take it out and replace it where it is used`;
    case 'license':
      return `'${finding.packageName}' is under ${finding.id} (${severity})`;
  }
}

function shortTitle({ title, packageName }: Vulnerability): string {
  const plain = title.startsWith(`${packageName}: `) ? title.slice(packageName.length + 2) : title;
  return plain.length > 90 ? `${plain.slice(0, 89)}…` : plain;
}

function baseMessage(place: Place, findings: readonly Finding[], { dockerfile }: Surroundings): string {
  const image = place.label.replace(/^FROM /, '');
  const summary = `'${image}' brings ${kindText(findings)}: ${countText(findings)}`;
  const fixable = findings.filter(isFixable).length;
  if (fixable === 0) return `${summary}; none has a fix yet`;
  const tag = dockerfile && newerTagAt(dockerfile.text, place);
  const all = fixable === findings.length ? (fixable === 1 ? 'it' : 'all') : fixable;
  const go = fixable === 1 ? 'goes' : 'go';
  return tag === undefined
    ? `${summary}; ${all} ${go} away with updated packages: build with a fresh pull`
    : `${summary}; ${all} ${go} away with updated packages, as a newer '${tag}' has them`;
}

/** The newer tag for the image of the FROM that is underlined, with its name: `node:20-slim`. */
export function newerTagAt(text: string, { range }: Pick<Place, 'range'>): string | undefined {
  const stage = dockerfileOf(text).stages.find(({ image }) => image.range.start === range.start);
  if (!stage?.image.tagRange || !stage.isResolved) return undefined;
  const tag = newerTag(stage.image);
  return tag === undefined ? undefined : `${stage.image.text.slice(0, -(stage.image.tag ?? '').length)}${tag}`;
}

/** The one version that fixes all of these, if there is one. */
export function fixForAll(findings: readonly Vulnerability[]): string | undefined {
  const fixes = findings.map(({ installedVersion, fixedVersions }) => nearestFix(installedVersion, fixedVersions));
  if (fixes.length === 0 || fixes.includes(undefined)) return undefined;
  return fixes
    .flatMap((fix) => fix ?? [])
    .toSorted(compareVersions)
    .at(-1);
}

function someOf(names: readonly string[]): string {
  const shown = names
    .slice(0, 3)
    .map((name) => `'${name}'`)
    .join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
