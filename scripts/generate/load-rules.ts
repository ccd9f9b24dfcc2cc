import { readdir } from 'node:fs/promises';
import type { Rule } from '../../server/src/rules/rule.ts';
import { root } from './emit.ts';

export const languages = ['dockerfile', 'compose'] as const;

export interface LoadedRule {
  readonly language: (typeof languages)[number];
  /** The file's name without its ending. */
  readonly name: string;
  readonly rule: Omit<Rule<never>, 'check'>;
}

/** Every rule file, straight from its folder, so that a stale index cannot be in the way. */
export async function loadRules(): Promise<readonly LoadedRule[]> {
  const loaded: LoadedRule[] = [];
  for (const language of languages) {
    const folder = new URL(`server/src/rules/${language}/`, root);
    const files = await readdir(folder).catch(() => []);
    for (const file of files.filter((name) => name.endsWith('.ts')).sort()) {
      const module = (await import(new URL(file, folder).href)) as { readonly default: LoadedRule['rule'] };
      loaded.push({ language, name: file.slice(0, -'.ts'.length), rule: module.default });
    }
  }
  return loaded;
}
