import { containerToolNames } from '../tools/container/tool.ts';
import type { Databases } from '../tools/trivy/trivy.ts';
import type { ScanSubject } from './finding.ts';
import type { ScanFacts } from './plan.ts';

/** What a scan will do, a line for each thing. */
export function describeScan(facts: ScanFacts, now: Date): readonly string[] {
  const { subject, trivy, config, ignoreFile, unusedIgnoreFile, isOffline } = facts;
  const by = trivy.kind === 'installed' ? '' : ` in a container of ${containerToolNames[trivy.tool.kind]}`;
  return [
    `Looks for ${lookedFor(subject)} with Trivy ${trivy.version}${by}`,
    ...(needsDatabase(subject) ? [describeDatabase(trivy.databases, isOffline, now)] : []),
    ...(config ? [`Uses '${nameOf(config.path)}'`] : []),
    ...(ignoreFile === undefined ? [] : [`Leaves out what '${nameOf(ignoreFile)}' says`]),
    ...(unusedIgnoreFile === undefined
      ? []
      : [`Does not use '${nameOf(unusedIgnoreFile)}', as Trivy takes one ignore file: move its lines to the other`]),
  ];
}

/** How old what Trivy knows is. */
export function describeDatabase({ vulnerabilities }: Databases, isOffline: boolean, now: Date): string {
  if (!vulnerabilities) {
    return isOffline
      ? 'There is no vulnerability database yet, and offline none is downloaded'
      : 'Downloads the vulnerability database first';
  }
  const age = ageOf(vulnerabilities.updatedAt, now);
  if (!isDue(vulnerabilities.nextUpdate, now)) return `The vulnerability database is ${age} old`;
  const next = isOffline ? 'and offline no newer one is downloaded' : 'so a newer one is downloaded first';
  return `The vulnerability database is ${age} old, ${next}`;
}

/** Whether Trivy, left to itself, would look for a newer database. */
function isDue(nextUpdate: string | undefined, now: Date): boolean {
  return nextUpdate === undefined || Date.parse(nextUpdate) <= now.getTime();
}

function lookedFor(subject: ScanSubject): string {
  switch (subject.kind) {
    case 'image':
      return `vulnerabilities and secrets in '${subject.image}'`;
    case 'workspace':
      return `vulnerabilities, misconfigurations and secrets in '${nameOf(subject.folder)}'`;
    case 'dockerfile':
      return `misconfigurations in '${nameOf(subject.file)}'`;
    case 'secrets':
      return `secrets in '${nameOf(subject.folder)}'`;
  }
}

function needsDatabase({ kind }: ScanSubject): boolean {
  return kind === 'image' || kind === 'workspace';
}

function ageOf(time: string, now: Date): string {
  const hours = Math.max(0, Math.floor((now.getTime() - Date.parse(time)) / 3_600_000));
  if (hours < 1) return 'less than an hour';
  if (hours < 48) return hours === 1 ? '1 hour' : `${hours} hours`;
  return `${Math.floor(hours / 24)} days`;
}

function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
