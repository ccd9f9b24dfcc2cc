import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindOfFile } from '../../server/src/engine/document.ts';
import { lint } from '../../server/src/engine/lint.ts';
import { openDocument } from '../../server/src/engine/open.ts';
import { defaultSettings } from '../../server/src/engine/settings.ts';
import type { Files } from '../../server/src/model/project.ts';
import { shellParser } from '../shell-parser.ts';

const noFiles: Files = { read: () => Promise.resolve(undefined), list: () => Promise.resolve(undefined) };

const many = (write: (i: number) => string, count = 5000): string =>
  Array.from({ length: count }, (_, i) => write(i)).join('');
const long = (part: string): string => part.repeat((1 << 16) / part.length);

// Each of these once took from seconds to for ever.
const texts: Readonly<Record<'Dockerfile' | 'compose.yaml', Readonly<Record<string, string>>>> = {
  Dockerfile: {
    'a comment of #': `${long('#')}\nFROM a`,
    'pipes without commands': `FROM a\nRUN ${long('|')}`,
    'closing parentheses': `FROM a\nCMD ${long(')')}`,
    'open variables': `FROM ${long('${')}\nUSER ${long('${A:-')}`,
    'names to ignore': `# shipshape ignore=${long('a,')}a\nFROM a`,
    'comments that ignore': `FROM a\n${many(() => '# shipshape ignore=apt-lists-not-removed\nRUN apt-get update\n')}`,
    'an escape on each line': `FROM a\n${many(() => '\\\n')}`,
    'blank lines': `FROM a\nRUN ${many(() => '\\\n\n')}`,
    'stages of one name': many(() => 'FROM a AS b\n'),
    'stages upon stages': many((i) => `FROM s${i} AS s${i + 1}\n`),
    'stages by variables': `ARG X\n${many((i) => `FROM a-$X AS a-${i}\n`, 2000)}`,
    'lists to remove': `FROM a\n${many(() => 'RUN apt-get update\n')}`,
    'commands that replace one another': `FROM a\n${many(() => 'CMD a\n')}`,
    'variables of variables': `FROM a\n${many((i) => `ENV A${i + 1}=$A${i}\n`)}USER $A5000`,
    'unreadable keywords': `FROM a\n${many(() => '\u00a0[\n')}`,
  },
  'compose.yaml': {
    'open variables': `services:\n  a:\n    image: ${long('${')}\n    ports:\n      - ${long('${A:-')}`,
    'a default in a default': `services:\n  a:\n    image: ${'${A:-'.repeat(20_000)}${'}'.repeat(20_000)}`,
    'unknown keys': `services:\n${many((i) => `x${i}: a\n`)}`,
    'a tower of merges': `x0: &x0 {a: 1}\n${many((i) => `x${i + 1}: &x${i + 1}\n  <<: [*x${i}, *x${i}]\n`)}services:\n  a:\n    <<: *x5000`,
    'an alias of an alias': `x0: &x0 [a]\n${many((i) => `x${i + 1}: &x${i + 1} [*x${i}, *x${i}]\n`, 200)}services:\n  a:\n    command: *x200`,
    'brackets without an end': `services: ${long('[')}`,
    'brackets without a start': `services: ${long(']')}`,
    'published ports': `services:\n${many((i) => `  s${i}:\n    image: a\n    ports: ["${i}:80", "1-65535:80"]\n`, 2000)}`,
    'comments that ignore': `services:\n${many((i) => `  s${i}: {image: a} # shipshape ignore=compose-image-untagged\n`)}`,
  },
};

for (const [name, cases] of Object.entries(texts)) {
  for (const [what, text] of Object.entries(cases)) {
    test(`${name}: ${what}`, async () => {
      const kind = kindOfFile(name) ?? 'dockerfile';
      const document = await openDocument({ uri: `file:///${name}`, text, kind, files: noFiles, shell: shellParser });
      const failures: unknown[] = [];
      const settings = { ...defaultSettings, preset: 'all' } as const;
      const findings = lint(document, settings, { onRuleError: (_, error) => failures.push(error) });
      assert.deepEqual(failures, []);
      const outside = findings.filter(
        ({ range }) => !(0 <= range.start && range.start <= range.end && range.end <= text.length),
      );
      assert.deepEqual(outside, []);
    });
  }
}
