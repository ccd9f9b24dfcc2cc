import { join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { parseDocument } from 'yaml';
import { loadShell } from '../server/src/command-line/shell-parser.ts';
import { lint } from '../server/src/engine/lint.ts';
import { openDocument } from '../server/src/engine/open.ts';
import { defaultSettings, type Settings } from '../server/src/engine/settings.ts';
import type { Files } from '../server/src/model/project.ts';
import type { Preset } from '../server/src/rules/rule.ts';
import type { ShellParser } from '../server/src/syntax/shell/script.ts';
import type { Source } from './corpus.ts';

/** Something done to a whole corpus, one file after the other. */
export type Pass = (sources: readonly Source[]) => Promise<void>;
export type PassName = 'bare' | Preset;

/** No files around the linted ones, and no disk: what is measured is reading and rules. */
const noFiles: Files = { read: () => Promise.resolve(undefined), list: () => Promise.resolve(undefined) };

export async function loadPasses(): Promise<Readonly<Record<PassName, Pass>> & { readonly shell: ShellParser }> {
  const shell = await loadShell(join(import.meta.dirname, '../server/src'));
  const settings = (preset: Preset): Settings => ({ ...defaultSettings, preset });
  const linting =
    (preset: Preset): Pass =>
    async (sources) => {
      for (const source of sources) await lintSource(source, shell, settings(preset));
    };
  return {
    bare: parseBare,
    recommended: linting('recommended'),
    strict: linting('strict'),
    all: linting('all'),
    shell,
  };
}

/** All there is between a file's text and its findings. */
async function lintSource(source: Source, shell: ShellParser, settings: Settings): Promise<number> {
  const { path, text, kind } = source;
  const document = await openDocument({ uri: `file://${path}`, text, kind, files: noFiles, shell });
  const onRuleError = (rule: string, error: unknown): never => {
    throw new Error(`rule '${rule}' failed on ${path}`, { cause: error });
  };
  return lint(document, settings, { onRuleError }).length;
}

/** What the libraries below us take for their part. */
function parseBare(sources: readonly Source[]): Promise<void> {
  for (const { text, kind } of sources) {
    if (kind === 'dockerfile') DockerfileParser.parse(text);
    else parseDocument(text, { logLevel: 'silent' });
  }
  return Promise.resolve();
}

/** The parser keeps thousands of scripts by their text; a second pass over a corpus must not find them there. */
export function forgetScripts(shell: ShellParser): void {
  for (let i = 0; i < 2001; i++) shell.parse(`: ${i}`, 0);
}
