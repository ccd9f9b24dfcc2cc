import type { DocumentKind } from '../engine/document.ts';
import type { Finding } from '../engine/finding.ts';
import { linesOf, positionAt, type Lines } from '../text/lines.ts';
import type { Severity } from '../text/problem.ts';
import type { Range } from '../text/range.ts';

/** What one run of the linter found: all that a format needs to know. */
export interface Report {
  /** Of Shipshape. */
  readonly version: string;
  /** The folder that the command ran in, as a URI that ends with `/`. */
  readonly root: string;
  readonly files: readonly FileReport[];
  readonly unreadable: readonly UnreadableFile[];
}

export interface FileReport {
  /** As given on the command line. */
  readonly path: string;
  readonly uri: string;
  readonly kind: DocumentKind | 'config';
  readonly text: string;
  readonly findings: readonly Finding[];
}

export interface UnreadableFile {
  readonly path: string;
  readonly uri: string;
  readonly message: string;
}

export type Summary = { readonly files: number; readonly problems: number; readonly fixable: number } & Readonly<
  Record<Severity, number>
>;

export function summaryOf(files: readonly FileReport[]): Summary {
  const findings = files.flatMap((file) => file.findings);
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  return {
    files: files.length,
    problems: findings.length,
    error: count('error'),
    warning: count('warning'),
    info: count('info'),
    hint: count('hint'),
    fixable: findings.filter((finding) => finding.fix !== undefined).length,
  };
}

/** One-based line and UTF-16 column, as people and most tools count. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Span {
  readonly start: Place;
  readonly end: Place;
}

/** Turns the offsets of a text into places. */
export function spansIn(text: string): (range: Range) => Span {
  const lines = linesOf(text);
  return (range) => ({ start: placeIn(lines, range.start), end: placeIn(lines, range.end) });
}

function placeIn(lines: Lines, offset: number): Place {
  const { line, column } = positionAt(lines, offset);
  return { line: line + 1, column: column + 1 };
}

/** The file's path as seen from the root, percent-encoded; `undefined` when it lies elsewhere. */
export function relativeUri(report: Report, uri: string): string | undefined {
  return uri.startsWith(report.root) ? uri.slice(report.root.length) : undefined;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
