import type { Range } from '../../text/range.ts';
import type { Place } from './place.ts';
import type { Dialect, Name, Suppression } from './suppression.ts';

/** What a comment switches off; `today` is `2026-01-31`. A comment can say several things (`trivy:ignore:A trivy:ignore:B`). */
export function suppressionsOf(place: Place, today: string): readonly Suppression[] {
  for (const read of readers) {
    const suppressions = read(place, today);
    if (suppressions.length > 0) return suppressions;
  }
  return [];
}

type Reader = (place: Place, today: string) => readonly Suppression[];

const readers: readonly Reader[] = [shipshape, hadolint, buildkit, trivy, checkov, kics, dockerfileUtils, dclint];

/**
 * `# shipshape ignore=a,b because ...` for what follows, `# shipshape ignore-file=a` for all; without names for every rule. Who forgets the
 * `=` means names all the same.
 */
function shipshape(place: Place): readonly Suppression[] {
  const pattern =
    /^#+\s*shipshape:?\s+ignore(-file)?(?![\w-])(?:(?:\s*=\s*|\s+)(?!because\b)(?<names>[a-z][\w:-]*(?:\s*,\s*[a-z][\w:-]*)*)|(?!\s*=))/di;
  const match = pattern.exec(place.source);
  return match === null ? [] : [suppression('shipshape', place, match, match[1] === undefined ? place.next : 'file')];
}

export const ownCommands: readonly string[] = ['ignore', 'ignore-file'];

/** A word that we do not know, where one was meant for us: `# shipshape ignor=a`, `# shipshape disable=a`. */
export function unknownCommand({ source, range }: Place): Name | undefined {
  const match = /^#+\s*shipshape:?\s+(?<word>[\w-]+)\s*=/d.exec(source);
  const [from, to] = match?.indices?.groups?.['word'] ?? [];
  if (match === null || from === undefined || to === undefined) return undefined;
  const text = match.groups?.['word'] ?? '';
  if (ownCommands.includes(text)) return undefined;
  return { text, range: { start: range.start + from, end: range.start + to } };
}

/** https://github.com/hadolint/hadolint#ignoring-rules */
function hadolint(place: Place): readonly Suppression[] {
  const match = /^#+\s*hadolint\s+(?:(global|stage)\s+)?ignore\s*=\s*(?<names>\w+(?:\s*,\s*\w+)*)/d.exec(place.source);
  if (match === null) return [];
  const scope = match[1] === 'global' ? 'file' : match[1] === 'stage' ? place.stage : place.next;
  return [suppression('hadolint', place, match, scope)];
}

/**
 * `# check=skip=Rule,Rule;error=true`. As a directive it is about the file; BuildKit also reads it above an instruction.
 * https://docs.docker.com/reference/dockerfile/#check
 */
function buildkit(place: Place): readonly Suppression[] {
  const match = /^#\s*check\s*=(?:.*;)?\s*skip\s*=\s*(?<names>\w+(?:\s*,\s*\w+)*)/d.exec(place.source);
  if (match === null) return [];
  const found = suppression('buildkit', place, match, place.isDirective ? 'file' : place.next);
  return [found.names.some(({ text }) => text.toLowerCase() === 'all') ? { ...found, names: [] } : found];
}

/** `# trivy:ignore:AVD-DS-0002`, several in a row, each perhaps with `:exp:2026-01-31`. */
function trivy(place: Place, today: string): readonly Suppression[] {
  const pattern = /(?:^#+\s*|\s)trivy:ignore:(?<names>[\w*-]+)(?:\[[^\]]*\])?(?<rest>(?::\w+:[\w-]+)*)/dg;
  if (!/^#+\s*trivy:ignore:/.test(place.source)) return [];
  return [...place.source.matchAll(pattern)]
    .filter((match) => {
      const end = /:exp:([\d-]+)/.exec(match.groups?.['rest'] ?? '')?.[1];
      return end === undefined || today <= end;
    })
    .map((match) => {
      const found = suppression('trivy', place, match, place.next);
      return found.names[0]?.text === '*' ? { ...found, names: [] } : found;
    });
}

/** In a Dockerfile `# checkov:skip=CKV_DOCKER_3:reason` is about the whole file, wherever it stands. */
function checkov(place: Place): readonly Suppression[] {
  const match = /^#+\s*(?:checkov|bridgecrew):skip=\s*(?<names>\w+(?:\s*,\s*\w+)*)/d.exec(place.source);
  return match === null ? [] : [suppression('checkov', place, match, 'file')];
}

/** https://docs.kics.io/latest/running-kics/#using_commands_on_scanned_files_as_comments */
function kics(place: Place): readonly Suppression[] {
  const match = /^#+\s*kics-scan(?:\s+(?<command>[\w-]+)(?:\s*=\s*(?<names>[\w-]+(?:\s*,\s*[\w-]+)*))?)?/d.exec(
    place.source,
  );
  if (match === null) return [];
  switch (match.groups?.['command']) {
    case 'ignore-line':
      return [suppression('kics', place, match, place.line)];
    case 'ignore-block':
      return [suppression('kics', place, match, place.block)];
    case 'ignore':
    case 'disable':
      return place.isAtTop ? [suppression('kics', place, match, 'file')] : [];
    case 'enable':
      return place.isAtTop ? [{ ...suppression('kics', place, match, 'file'), isInverted: true }] : [];
    default:
      return [];
  }
}

/** https://github.com/rcjsuen/dockerfile-utils */
function dockerfileUtils(place: Place): readonly Suppression[] {
  const match = /^#+\s*dockerfile-utils:\s*ignore(?:\s*[\s=:]\s*(?<names>[A-Z_]+(?:[\s,]+[A-Z_]+)*))?\s*$/d.exec(
    place.source,
  );
  return match === null ? [] : [suppression('dockerfile-utils', place, match, place.next)];
}

/** https://github.com/zavoloklom/docker-compose-linter/blob/main/docs/configuration-comments.md */
function dclint(place: Place): readonly Suppression[] {
  const match = /^#+\s*dclint\s+disable(?<where>-line|-file)?(?<names>(?:[\s,]+[\w/-]+)*)\s*$/d.exec(place.source);
  if (match === null) return [];
  if (match.groups?.['where'] === '-line') return [suppression('dclint', place, match, place.line)];
  if (!place.isAtTop) return [];
  const found = suppression('dclint', place, match, 'file');
  return [match.groups?.['where'] === '-file' ? { ...found, names: [] } : found];
}

function suppression(dialect: Dialect, place: Place, match: RegExpMatchArray, scope: Range | 'file'): Suppression {
  return { dialect, range: place.range, scope, names: namesIn(place, match) };
}

function namesIn(place: Place, match: RegExpMatchArray): readonly Name[] {
  const list = match.groups?.['names'];
  const [offset = 0] = match.indices?.groups?.['names'] ?? [];
  return [...(list ?? '').matchAll(/[^\s,]+/g)].map(({ 0: text, index }) => {
    const start = place.range.start + offset + index;
    return { text, range: { start, end: start + text.length } };
  });
}
