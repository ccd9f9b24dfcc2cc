import { openDocument } from '../../server/src/engine/open.ts';
import { kindOfFile, type Document } from '../../server/src/engine/document.ts';
import type { Finding } from '../../server/src/engine/finding.ts';
import { lint, type LintOptions, type RuleSets } from '../../server/src/engine/lint.ts';
import { defaultSettings, type Settings } from '../../server/src/engine/settings.ts';
import type { Files } from '../../server/src/model/project.ts';
import { composeRule, dockerfileRule } from '../../server/src/rules/rule.ts';
import { emptyScript } from '../../server/src/syntax/shell/script.ts';
import { draw, sourceOf } from '../../server/src/text/draw.ts';

/** Says 'bad' of each word `bad`, and fixes it; known to every peer. */
const badWord = dockerfileRule({
  id: 'bad-word',
  summary: 'Write no bad words.',
  why: '',
  category: 'style',
  severity: 'warning',
  aliases: [
    'hadolint:DL9001',
    'buildkit:BadWord',
    'trivy:DS-0002',
    'checkov:CKV_DOCKER_3',
    'kics:Missing User Instruction',
    'dockerfile-utils:BAD_WORD',
  ],
  options: { word: { type: 'string', default: 'bad', description: 'What is bad.' } },
  bad: '',
  good: '',
  *check({ instructions }, { word }) {
    for (const { text, range } of instructions.flatMap(({ words }) => words)) {
      if (text !== word) continue;
      yield {
        range,
        message: `'${word}' is bad`,
        fix: { title: 'Be good', safe: true, edits: [{ range, text: 'good' }] },
      };
    }
  },
});

/** Says 'many' of each instruction with more than two words; in no preset but `all`, and in no peer. */
const manyWords = dockerfileRule({
  id: 'many-words',
  summary: 'Be brief.',
  why: '',
  category: 'style',
  severity: 'warning',
  preset: 'all',
  tag: 'unnecessary',
  bad: '',
  good: '',
  *check({ instructions }) {
    for (const { words, keywordRange } of instructions) {
      if (words.length > 2) yield { range: keywordRange, message: 'Too many words', severity: 'hint' };
    }
  },
});

/** Says 'bad' of each value `bad` in a Compose file. */
const badValue = composeRule({
  id: 'bad-value',
  summary: 'Have no bad values.',
  why: '',
  category: 'style',
  severity: 'error',
  aliases: ['dclint:no-bad', 'kics:Privileged Containers Enabled'],
  bad: '',
  good: '',
  *check({ text }) {
    for (const { index } of text.matchAll(/(?<![-\w])bad(?![-\w])/g)) {
      yield { range: { start: index, end: index + 3 }, message: "'bad' is bad" };
    }
  },
});

export const fakeRules: RuleSets = { dockerfile: [badWord, manyWords], compose: [badValue] };

export const shell = { parse: () => emptyScript, parseExec: () => emptyScript };

export const noFiles: Files = { read: () => Promise.resolve(undefined), list: () => Promise.resolve(undefined) };

export function filesOf(files: Readonly<Record<string, string>>): Files {
  return {
    read: (uri) => Promise.resolve(files[uri]),
    list: (uri) => {
      const names = Object.keys(files).filter((file) => file.startsWith(`${uri}/`));
      const entries = names.map((name) => name.slice(uri.length + 1).split('/'));
      return Promise.resolve(entries.map(([name = '', ...rest]) => ({ name, isFolder: rest.length > 0 })));
    },
  };
}

/** Parses; the name decides on the language. */
export function open(text: string, fileName = 'Dockerfile', files = noFiles): Promise<Document> {
  const uri = `file:///work/${fileName}`;
  return openDocument({ uri, text, kind: kindOfFile(fileName) ?? 'dockerfile', files, shell });
}

export async function findingsIn(
  text: string,
  { fileName, settings, ...options }: { fileName?: string; settings?: Settings } & LintOptions = {},
): Promise<readonly Finding[]> {
  return lint(await open(text, fileName), settings ?? defaultSettings, { rules: fakeRules, ...options });
}

/** The source of a drawing with what is found in it, without the fixes. */
export async function redraw(
  drawn: string,
  options: { fileName?: string; settings?: Settings } & LintOptions = {},
): Promise<string> {
  const text = sourceOf(drawn);
  const findings = await findingsIn(text, options);
  return draw(
    text,
    findings.map(({ range, message }) => ({ range, message })),
  );
}
