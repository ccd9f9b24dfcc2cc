import { readdir } from 'node:fs/promises';
import { root } from './emit.ts';

export const languages = ['dockerfile', 'compose'] as const;

export interface RuleFile {
  readonly language: (typeof languages)[number];
  /** The file's name without its ending. */
  readonly name: string;
}

export async function listRuleFiles(): Promise<readonly RuleFile[]> {
  const files = languages.map(async (language) => {
    const names = await readdir(new URL(`server/src/rules/${language}/`, root));
    return names
      .filter((name) => name.endsWith('.ts'))
      .sort()
      .map((name) => ({ language, name: name.slice(0, -'.ts'.length) }));
  });
  return (await Promise.all(files)).flat();
}
