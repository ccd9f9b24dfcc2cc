import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { suite, test } from 'node:test';
import packageJson from '../../package.json' with { type: 'json' };
import { describedRules } from '../../server/src/report/described-rules.ts';
import { runCli } from './run-cli.ts';

const folder = tmpdir();

suite('explain', { concurrency: 2 }, () => {
  test('takes our id', async () => {
    const ran = await runCli(['explain', 'base-image-latest'], { folder });
    assert.equal(ran.code, 0);
    assert.match(ran.stdout, /^# base-image-latest\n/);
    assert.match(ran.stdout, /\nhttps:\/\/\S+\/base-image-latest\.md\n$/);
  });

  test("takes another linter's", async () => {
    for (const name of ['DL3007', 'dl3007', 'hadolint:DL3007', 'trivy:ds-0001']) {
      const { stdout } = await runCli(['explain', name], { folder });
      assert.match(stdout, /^# base-image-latest\n/, name);
    }
  });

  test('suggests the nearest for one that is not there', async () => {
    const ran = await runCli(['explain', 'base-image-latst'], { folder });
    assert.deepEqual([ran.code, ran.stdout], [2, '']);
    assert.equal(ran.stderr, "shipshape: There is no rule 'base-image-latst': did you mean 'base-image-latest'?\n");
    const far = await runCli(['explain', 'zzzzzzzzzzzzzzz'], { folder });
    assert.equal(far.stderr, "shipshape: There is no rule 'zzzzzzzzzzzzzzz': 'shipshape rules' lists them\n");
  });
});

suite('the rest', { concurrency: 2 }, () => {
  test('rules lists every rule', async () => {
    const [table, json] = await Promise.all([
      runCli(['rules'], { folder }),
      runCli(['rules', '--format', 'json'], { folder }),
    ]);
    const ids = describedRules.map(({ rule }) => rule.id);
    assert.deepEqual(
      table.stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ')[0]),
      ids,
    );
    assert.deepEqual(
      (JSON.parse(json.stdout) as { id: string }[]).map(({ id }) => id),
      ids,
    );
  });

  test('help and version', async () => {
    assert.match((await runCli(['--help'], { folder })).stdout, /^Shipshape lints .*\n\nUsage\n/);
    assert.equal((await runCli(['--version'], { folder })).stdout, `${packageJson.version}\n`);
  });

  test('wrong usage', async () => {
    const ran = await runCli(['lnt'], { folder });
    assert.deepEqual([ran.code, ran.stdout], [2, '']);
    assert.match(
      ran.stderr,
      /^shipshape: There is no command 'lnt': did you mean 'shipshape lint'\?\nRun 'shipshape --help'/,
    );
  });
});
