import { isMap, isScalar, isSeq, parseDocument, stringify, type YAMLMap } from 'yaml';
import type { Finding } from './finding.ts';
import { lineStart, newlineOf } from '../../../server/src/text/lines.ts';

/** Why something is left out of reports, and until when. */
export interface IgnoreRequest {
  readonly finding: Finding;
  readonly reason: string;
  /** `2026-12-31`: from that day on it is reported again. */
  readonly until?: string;
}

/** Trivy tells the two apart by the file's extension. */
export type IgnoreFormat = 'yaml' | 'plain';

export function ignoreFormatOf(path: string): IgnoreFormat {
  return /\.ya?ml$/i.test(path) ? 'yaml' : 'plain';
}

/**
 * The ignore file with one more entry; everything else in it stays as it is.
 * `undefined` when the file cannot be understood: then nothing may be written.
 */
export function withIgnored(text: string, format: IgnoreFormat, request: IgnoreRequest): string | undefined {
  return format === 'yaml' ? inYaml(text, request) : inPlain(text, request);
}

/** https://trivy.dev/docs/latest/configuration/filtering/#trivyignoreyaml */
function inYaml(text: string, request: IgnoreRequest): string | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  const { contents } = document;
  const section = sections[request.finding.kind];
  const newline = newlineOf(text);
  const linesAt = (indent: string): string => entryText(request, indent, newline);
  if (contents === null || (isMap(contents) && !contents.flow && !contents.has(section))) {
    // At the end of the file, where comments that stand there are no one else's.
    const before = text === '' || /\n$/.test(text) ? text : `${text}${newline}`;
    return `${before}${section}:${newline}${linesAt('  ')}`;
  }
  if (!isMap(contents)) return undefined;
  const list: unknown = contents.get(section, true);
  if (isSeq(list) && !list.flow && list.items.length > 0) {
    const same = list.items.find((item) => isMap(item) && isSameEntry(item, request.finding));
    const place = placeIn(text, isMap(same) ? same : list.items.at(-1));
    if (place === undefined) return undefined;
    const { start, end, indent } = place;
    if (same === undefined)
      return `${text.slice(0, end)}${ended(text, end, newline)}${linesAt(indent)}${text.slice(end)}`;
    return `${text.slice(0, start)}${linesAt(indent)}${text.slice(end)}`;
  }
  if (list !== null && !isSeq(list) && !(isScalar(list) && list.value === null)) return undefined;
  // `vulnerabilities:` with nothing or a list in brackets after it: no more than these lines can be kept as they are.
  const entries: unknown = isSeq(list) ? list.toJSON() : [];
  document.set(
    section,
    document.createNode([...(Array.isArray(entries) ? (entries as unknown[]) : []), entryOf(request)]),
  );
  return document.toString({ lineWidth: 0 });
}

function entryOf({ finding, reason, until }: IgnoreRequest): Readonly<Record<string, unknown>> {
  const path = pathOf(finding);
  const purl = finding.kind === 'vulnerability' ? finding.packageUrl : undefined;
  return {
    id: finding.id,
    ...(path !== undefined && { paths: [path] }),
    ...(purl !== undefined && { purls: [purl] }),
    ...(reason !== '' && { statement: reason }),
    ...(until !== undefined && { expired_at: until }),
  };
}

function entryText(request: IgnoreRequest, indent: string, newline: string): string {
  const lines = stringify([entryOf(request)], { lineWidth: 0 })
    .trimEnd()
    .split('\n');
  return `${lines.map((line) => `${indent}${line}`).join(newline)}${newline}`;
}

/** The whole lines of an item of a list, and what stands before its dash. */
function placeIn(
  text: string,
  item: unknown,
): { readonly start: number; readonly end: number; readonly indent: string } | undefined {
  if (!isMap(item) || !item.range) return undefined;
  const dash = text.lastIndexOf('-', item.range[0]);
  const start = lineStart(text, dash);
  const indent = text.slice(start, dash);
  if (dash < 0 || indent.trim() !== '') return undefined;
  const newline = text.indexOf('\n', Math.max(item.range[1] - 1, item.range[0]));
  return { start, end: newline < 0 ? text.length : newline + 1, indent };
}

function ended(text: string, end: number, newline: string): string {
  return end > 0 && text[end - 1] !== '\n' ? newline : '';
}

/** Where a misconfiguration or a secret is; a vulnerability is told by its package instead. Special characters would be patterns. */
function pathOf(finding: Finding): string | undefined {
  if (finding.kind !== 'misconfiguration' && finding.kind !== 'secret') return undefined;
  return finding.target.replace(/^\//, '').replace(/[*?[\]{}\\]/g, '\\$&');
}

function isSameEntry(item: YAMLMap, finding: Finding): boolean {
  const entry = item.toJSON() as { readonly id?: unknown; readonly paths?: unknown; readonly purls?: unknown };
  const path = pathOf(finding);
  const purl = finding.kind === 'vulnerability' ? finding.packageUrl : undefined;
  return (
    entry.id === finding.id &&
    JSON.stringify(entry.paths) === JSON.stringify(path === undefined ? undefined : [path]) &&
    JSON.stringify(entry.purls) === JSON.stringify(purl === undefined ? undefined : [purl])
  );
}

/** https://trivy.dev/docs/latest/configuration/filtering/#trivyignore */
function inPlain(text: string, { finding, reason, until }: IgnoreRequest): string | undefined {
  // An id with a blank or a break in it would be read as something else.
  if (!/^[^\s#]\S*$/.test(finding.id)) return undefined;
  const newline = newlineOf(text);
  const lines = text.split(/\r?\n/);
  const kept = lines.filter((line) => line.trim().split(/\s+/)[0] !== finding.id);
  while (kept.at(-1) === '') kept.pop();
  const why = reason.replace(/\s+/g, ' ').trim();
  const added = [...(why === '' ? [] : [`# ${why}`]), until === undefined ? finding.id : `${finding.id} exp:${until}`];
  return [...kept, ...added, ''].join(newline);
}

const sections = {
  vulnerability: 'vulnerabilities',
  misconfiguration: 'misconfigurations',
  secret: 'secrets',
  license: 'licenses',
} as const satisfies Record<Finding['kind'], string>;

/** What a `trivy.yaml` names as its ignore file, if it does and the name is one inside the project. */
export function configuredIgnoreFile(config: string): string | undefined {
  const value: unknown = parseDocument(config).toJS();
  if (typeof value !== 'object' || value === null || !('ignorefile' in value)) return undefined;
  const { ignorefile: name } = value;
  if (typeof name !== 'string' || name === '' || name.startsWith('/') || name.split(/[\\/]/).includes('..'))
    return undefined;
  return name;
}

/** Whether Trivy, given an entry for `request`, would leave this finding out too. */
export function isIgnoredBy(finding: Finding, { finding: ignored }: IgnoreRequest, format: IgnoreFormat): boolean {
  if (finding.id !== ignored.id) return false;
  // The plain file knows ids only.
  if (format === 'plain') return true;
  if (finding.kind !== ignored.kind || pathOf(finding) !== pathOf(ignored)) return false;
  if (finding.kind !== 'vulnerability' || ignored.kind !== 'vulnerability') return true;
  return ignored.packageUrl === undefined || finding.packageUrl === ignored.packageUrl;
}
