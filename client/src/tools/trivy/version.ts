import type { Ended } from '../command.ts';
import { isAtLeast } from '../container/version.ts';
import type { DatabaseAge, Databases } from './trivy.ts';

/** The first that knows all that we ask for. */
const minimumVersion = '0.50.0';

/** Published by intruders in March 2026: https://github.com/aquasecurity/trivy/security/advisories/GHSA-69fq-xp46-6x23 */
const maliciousVersions: readonly string[] = ['0.69.4', '0.69.5', '0.69.6'];

export const versionArguments: readonly string[] = ['version', '--format', 'json'];

export type TrivyAnswer =
  | { readonly kind: 'ready'; readonly version: string; readonly databases: Databases }
  /** Trivy, but none to be used. */
  | { readonly kind: 'unusable'; readonly message: string }
  /** Some other program, or a broken one. */
  | { readonly kind: 'strange'; readonly reason: string };

export function readTrivyVersion({ code, stdout, stderr }: Ended): TrivyAnswer {
  const answer = objectIn(stdout);
  // Very old ones write text whatever they are asked.
  const version = textOf(answer['Version']) ?? /^Version: (\S+)/m.exec(stdout)?.[1];
  if (version === undefined) {
    const reason = (stderr.trim() || stdout.trim()).split('\n').at(-1)?.trim() ?? '';
    return { kind: 'strange', reason: reason === '' ? `it ended with ${code ?? 'a signal'}` : reason };
  }
  const plain = version.replace(/^v/, '');
  if (maliciousVersions.includes(plain.split('-')[0] ?? '')) {
    const message = `Trivy ${plain} was published by intruders and is harmful: remove it, and change your secrets`;
    return { kind: 'unusable', message };
  }
  // One that was built from source calls itself `dev`.
  if (/^\d/.test(plain) && !isAtLeast(plain, minimumVersion.split('.').map(Number))) {
    return { kind: 'unusable', message: `Trivy ${plain} is too old: update it to ${minimumVersion} or newer` };
  }
  const ready = /^\d/.test(plain) ? plain : '999.0.0';
  return { kind: 'ready', version: ready, databases: databasesOf(answer) };
}

function databasesOf(answer: Fields): Databases {
  const vulnerabilities = ageOf(answer['VulnerabilityDB']);
  const java = ageOf(answer['JavaDB']);
  const checks = timeOf(objectOf(answer['CheckBundle'] ?? answer['PolicyBundle'])['DownloadedAt']);
  return {
    ...(vulnerabilities && { vulnerabilities }),
    ...(java && { java }),
    ...(checks !== undefined && { checks }),
  };
}

function ageOf(value: unknown): DatabaseAge | undefined {
  const fields = objectOf(value);
  const updatedAt = timeOf(fields['UpdatedAt']);
  if (updatedAt === undefined) return undefined;
  const nextUpdate = timeOf(fields['NextUpdate']);
  const downloadedAt = timeOf(fields['DownloadedAt']);
  return {
    updatedAt,
    ...(nextUpdate !== undefined && { nextUpdate }),
    ...(downloadedAt !== undefined && { downloadedAt }),
  };
}

/** Go writes the year 1 for no time. */
function timeOf(value: unknown): string | undefined {
  const text = textOf(value);
  return text === undefined || text.startsWith('0001-') || Number.isNaN(Date.parse(text)) ? undefined : text;
}

type Fields = Readonly<Record<string, unknown>>;

function objectIn(text: string): Fields {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}

function objectOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
