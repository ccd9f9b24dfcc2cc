import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { completeConfig, completeSuppression, type Completion } from '../../server/src/features/complete-config.ts';
import { applyEdits } from '../../server/src/text/problem.ts';

const words = {
  keys: { preset: 'P', rules: 'R' },
  presets: { strict: 'S' },
  severities: { off: 'O', error: 'E' },
  rules: { 'missing-user': 'M' },
};

type Complete = typeof completeConfig;

/** Each completion at the `|`, as the line it makes. */
function lines(complete: Complete, marked: string): readonly string[] {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  return complete(text, offset, words).map(({ range, text: replacement }: Completion) => {
    const after = applyEdits(text, [{ range, text: replacement }]);
    return after.slice(after.lastIndexOf('\n', offset - 1) + 1).split('\n')[0] ?? '';
  });
}

suite('completion of .shipshape.yaml', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['|', ['preset: ', 'rules: ']],
    ['pr|', ['preset: ', 'rules: ']],
    ['preset: |', ['preset: strict']],
    ['preset: st|', ['preset: strict']],
    ['rules:\n  |', ['  missing-user: ']],
    ['rules:\n  other: off\n\n  # note\n  mis|', ['  missing-user: ']],
    ['rules:\n  missing-user: |', ['  missing-user: off', '  missing-user: error']],
    ['rules:\n  missing-user:\n    severity: |', ['    severity: off', '    severity: error']],
    ['rules:\n  missing-user:\n    |', []],
    ['rules:\n  x: off\n|', ['preset: ', 'rules: ']],
    ['ignore: |', []],
    ['# |', []],
  ];
  for (const [marked, expected] of cases) test(marked, () => assert.deepEqual(lines(completeConfig, marked), expected));
});

suite('completion of ignore comments', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['# shipshape ignore=|', ['# shipshape ignore=missing-user']],
    ['FROM a\n# shipshape ignore-file=x,mi|\n', ['# shipshape ignore-file=x,missing-user']],
    ['ARG shipshape=|', []],
    ['# hadolint ignore=|', []],
  ];
  for (const [marked, expected] of cases)
    test(marked, () => assert.deepEqual(lines(completeSuppression, marked), expected));
});
