import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { completeDeployFile } from '../../server/src/features/complete-deploy-file.ts';

suite('completion of .shipshape/deploy.yaml', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['|', ['targets']],
    ['targets:\n  shop:\n    registry:\n      |', ['name', 'resourceGroup', 'sku']],
    ['targets:\n  shop:\n    registry:\n      sku: |', ['Basic', 'Standard', 'Premium']],
    ['targets:\n  shop:\n    image:\n      build: c|', ['local', 'cloud']],
    ['targets:\n  shop:\n    containerApp:\n      external: |', ['true', 'false']],
    ['targets:\n  shop:\n    containerApp:\n      rules:\n        - kind: |', ['http', 'cpu', 'queue']],
    ['targets:\n  |', []],
    ['targets:\n  shop:\n    env:\n      A: |', []],
  ];
  for (const [marked, expected] of cases) {
    test(JSON.stringify(marked), () => {
      const offset = marked.indexOf('|');
      const labels = completeDeployFile(marked.replace('|', ''), offset).map(({ label }) => label);
      assert.deepEqual(labels, expected);
    });
  }
});
