import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** The ignore files that hold in a folder, nearest first. */
export type IgnoreRules = readonly IgnoreLayer[];

interface IgnoreLayer {
  /** Patterns are relative to this folder. */
  readonly folder: string;
  readonly patterns: Ignore;
}

/**
 * What git ignores below a folder, from the root of its repository down. A folder that is itself ignored was asked for by name: then only
 * the ignore files inside it count.
 */
export function ignoreRulesAt(folder: string): IgnoreRules {
  const folders: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    folders.push(at);
    if (existsSync(join(at, '.git'))) break;
    if (dirname(at) === at) return withIgnoreFile([], folder); // no repository
  }
  let rules: IgnoreRules = [];
  for (const at of folders.toReversed()) {
    if (rules.length > 0 && isIgnored(rules, at, true)) rules = [];
    rules = withIgnoreFile(rules, at);
    if (at === folders.at(-1)) rules = withPatterns(rules, at, join(at, '.git/info/exclude'));
  }
  return rules;
}

/** The rules of a folder, given those of the one it is in. */
export function withIgnoreFile(rules: IgnoreRules, folder: string): IgnoreRules {
  return withPatterns(rules, folder, join(folder, '.gitignore'));
}

/** `path` is absolute; the folders above it are known not to be ignored. */
export function isIgnored(rules: IgnoreRules, path: string, isFolder: boolean): boolean {
  for (const { folder, patterns } of rules) {
    const name = relative(folder, path).split(sep).join('/');
    const { ignored, unignored } = patterns.test(isFolder ? `${name}/` : name);
    if (ignored) return true;
    if (unignored) return false;
  }
  return false;
}

function withPatterns(rules: IgnoreRules, folder: string, file: string): IgnoreRules {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return rules; // most folders have none
  }
  const ignorecase = process.platform === 'win32' || process.platform === 'darwin';
  return [{ folder, patterns: ignore({ ignorecase }).add(text.replace(/^\ufeff/, '')) }, ...rules];
}
