import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readConfigFile } from '../../server/src/engine/config-file.ts';
import { configTurningOff, turnOffInConfig } from '../../server/src/features/turn-off-rule.ts';
import { applyEdits } from '../../server/src/text/problem.ts';

function check(before: string, after: string): void {
  test(before, () => {
    const changed = applyEdits(before, turnOffInConfig(before, 'missing-user'));
    assert.equal(changed, after);
    const { settings, findings } = readConfigFile(changed);
    assert.equal(settings.rules?.get('missing-user')?.severity, 'off');
    assert.deepEqual(findings, []);
  });
}

suite('turning a rule off in a config file', () => {
  check('', 'rules:\n  missing-user: off\n');
  check('preset: strict', 'preset: strict\nrules:\n  missing-user: off\n');
  check('preset: strict\r\n', 'preset: strict\r\nrules:\r\n  missing-user: off\r\n');
  check('# only a comment\n', '# only a comment\nrules:\n  missing-user: off\n');
  check('rules:\n', 'rules:\n  missing-user: off\n');
  check('rules: {}\npreset: all\n', 'rules:\n  missing-user: off\npreset: all\n');
  check('rules: { pipefail-missing: off }\n', 'rules: { missing-user: off, pipefail-missing: off }\n');
  check('{ preset: all }', '{ rules: { missing-user: off }, preset: all }');
  check(
    'rules:\n    pipefail-missing: off # why\n',
    'rules:\n    missing-user: off\n    pipefail-missing: off # why\n',
  );
  check('rules:\n  missing-user: error # why\n', 'rules:\n  missing-user: off # why\n');
  check('rules:\n  missing-user:\n', 'rules:\n  missing-user: off\n');
  check('rules:\n  "missing-user": "warning"\n', 'rules:\n  "missing-user": off\n');
  check('rules:\n  missing-user:\n    severity: error\n', 'rules:\n  missing-user:\n    severity: off\n');
  check('rules:\n  missing-user: {}\n', 'rules:\n  missing-user: { severity: off }\n');

  test('a file that does nothing else', () => {
    assert.equal(readConfigFile(configTurningOff('missing-user')).settings.rules?.get('missing-user')?.severity, 'off');
  });
});
