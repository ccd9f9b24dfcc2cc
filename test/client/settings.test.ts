import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { documentSelector } from '../../client/src/document-selector.ts';
import { withRuleOff } from '../../client/src/rule-settings.ts';

suite('turning a rule off in the settings', () => {
  test('keeps the others, and the options of the rule itself', () => {
    assert.deepEqual(withRuleOff(undefined, 'a'), { a: 'off' });
    assert.deepEqual(withRuleOff({ a: 'error', b: 'hint' }, 'a'), { a: 'off', b: 'hint' });
    assert.deepEqual(withRuleOff({ a: { severity: 'error', allow: ['x'] } }, 'a'), {
      a: { severity: 'off', allow: ['x'] },
    });
  });
});

suite('the documents of the server', () => {
  test('are those of the workspace, of the disk and of nobody yet, but not those of the past', () => {
    const schemes = new Set(documentSelector(['vscode-vfs', 'file']).map(({ scheme }) => scheme));
    assert.deepEqual([...schemes], ['file', 'untitled', 'vscode-vfs']);
  });
});
