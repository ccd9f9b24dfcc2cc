import { lineStart } from '../text/lines.ts';
import type { Range } from '../text/range.ts';

export interface Completion {
  readonly label: string;
  readonly detail: string;
  /** Replaces this range. */
  readonly range: Range;
  readonly text: string;
}

/** What can be written: words and what they mean. */
export interface Vocabulary {
  readonly keys: Readonly<Record<string, string>>;
  readonly presets: Readonly<Record<string, string>>;
  readonly severities: Readonly<Record<string, string>>;
  /** Ids and summaries. */
  readonly rules: Readonly<Record<string, string>>;
}

/**
 * Completion of `.shipshape.yaml` for editors without a YAML language server. It goes by the lines above the cursor, as a file
 * that is being typed into is seldom valid.
 */
export function completeConfig(text: string, offset: number, words: Vocabulary): readonly Completion[] {
  const start = lineStart(text, offset);
  const before = text.slice(start, offset);
  const key = /^(\s*)([\w-]*)$/.exec(before);
  if (key !== null) {
    const word = wordAt(text, offset);
    const parents = parentsOf(text, start, key[1]?.length ?? 0);
    if (parents.length === 0) return offer(words.keys, word, ': ');
    if (parents.length === 1 && parents[0] === 'rules') return offer(words.rules, word, ': ');
    return [];
  }
  const value = /^(\s*)(?:["']?)([\w-]+)(?:["']?):\s+(["']?)[\w-]*$/.exec(before);
  if (value === null) return [];
  const [, indentation = '', name = ''] = value;
  const parents = parentsOf(text, start, indentation.length);
  return offer(valuesOf([...parents, name], words), wordAt(text, offset), '');
}

/** Completion of rule ids in the comments that suppress them: `# shipshape ignore=...`. */
export function completeSuppression(text: string, offset: number, words: Vocabulary): readonly Completion[] {
  const before = text.slice(lineStart(text, offset), offset);
  if (!/#\s*shipshape\s+ignore(?:-file)?=[\w,-]*$/.test(before)) return [];
  return offer(words.rules, wordAt(text, offset), '');
}

function valuesOf(path: readonly string[], words: Vocabulary): Readonly<Record<string, string>> {
  if (path.length === 1 && path[0] === 'preset') return words.presets;
  if (path[0] !== 'rules') return {};
  return path.length === 2 || (path.length === 3 && path[2] === 'severity') ? words.severities : {};
}

/** The keys that a line of this indentation lies under, outermost first. */
export function parentsOf(text: string, start: number, indentation: number): readonly string[] {
  const parents: string[] = [];
  let inner = indentation;
  for (const line of text.slice(0, start).split(/\r?\n/).reverse()) {
    const key = /^( *)["']?([\w-]+)["']?:/.exec(line);
    const width = key?.[1]?.length ?? inner;
    if (width >= inner) continue;
    parents.unshift(key?.[2] ?? '');
    inner = width;
  }
  return parents;
}

export function offer(words: Readonly<Record<string, string>>, range: Range, suffix: string): readonly Completion[] {
  return Object.entries(words).map(([label, detail]) => ({ label, detail, range, text: `${label}${suffix}` }));
}

export function wordAt(text: string, offset: number): Range {
  let start = offset;
  let end = offset;
  while (/[\w-]/.test(text.charAt(start - 1))) start--;
  while (/[\w-]/.test(text.charAt(end))) end++;
  return { start, end };
}
