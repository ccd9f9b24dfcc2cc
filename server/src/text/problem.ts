import type { Range } from './range.ts';

export type Severity = 'error' | 'warning' | 'info' | 'hint';

export interface Edit {
  readonly range: Range;
  readonly text: string;
}

/** A file that a fix writes beside the one it repairs; `path` is relative to that file's folder. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** A safe fix keeps what the file means and may run on save; any other is only offered. */
export interface Fix {
  readonly title: string;
  readonly safe: boolean;
  readonly edits: readonly Edit[];
  readonly newFiles?: readonly NewFile[];
}

/** A second place that explains the first. Without `path` it is in the same file. */
export interface Related {
  readonly range: Range;
  readonly message: string;
}

export interface Problem {
  readonly range: Range;
  readonly message: string;
  readonly fix?: Fix;
  readonly related?: readonly Related[];
  /** Set only where this one case is milder than the rule's own severity. */
  readonly severity?: Severity;
}

/** The text after edits that do not overlap, all of them made against the same text. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let done = '';
  let next = 0;
  for (const { range, text: replacement } of edits.toSorted(
    (a, b) => a.range.start - b.range.start || a.range.end - b.range.end,
  )) {
    done += text.slice(next, range.start) + replacement;
    next = range.end;
  }
  return done + text.slice(next);
}
