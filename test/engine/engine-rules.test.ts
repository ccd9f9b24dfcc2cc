import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readConfigFile } from '../../server/src/engine/config-file.ts';
import { engineRules } from '../../server/src/engine/engine-rules.ts';
import type { Finding } from '../../server/src/engine/finding.ts';
import { invalidConfiguration } from '../../server/src/engine/invalid-configuration.ts';
import { lint } from '../../server/src/engine/lint.ts';
import { openDocument } from '../../server/src/engine/open.ts';
import { defaultSettings } from '../../server/src/engine/settings.ts';
import { draw, sourceOf } from '../../server/src/text/draw.ts';
import { shellParser } from '../shell-parser.ts';
import { noFiles } from './lint-text.ts';

/** What all rules together, and the config reader, say of an example. */
async function findingsOf(rule: string, text: string): Promise<readonly Finding[]> {
  if (rule === invalidConfiguration.id) return readConfigFile(text).findings;
  const uri = 'file:///work/Dockerfile';
  const document = await openDocument({ uri, text, kind: 'dockerfile', files: noFiles, shell: shellParser });
  return lint(document, defaultSettings).filter((finding) => finding.rule === rule);
}

for (const rule of engineRules) {
  suite(rule.id, () => {
    for (const name of ['bad', 'good'] as const) {
      const drawn = rule[name].replace(/^\n/, '');
      test(drawn, async () => {
        const findings = await findingsOf(rule.id, sourceOf(drawn));
        assert.equal(findings.length > 0, name === 'bad');
        assert.equal(draw(sourceOf(drawn), findings), drawn);
      });
    }
  });
}
