// Writes everything that follows from the rules. `--check` writes nothing and fails if a file is stale.
import { emitterFor } from './generate/emit.ts';
import { loadRules } from './generate/load-rules.ts';
import { ruleIndex } from './generate/rule-index.ts';

const emitter = emitterFor(process.argv.includes('--check'));
const rules = await loadRules();

await emitter.emit('server/src/rules/index.ts', ruleIndex(rules));

if (emitter.stale.length > 0) {
  for (const path of emitter.stale) console.error(`${path} is stale: run 'npm run generate'`);
  process.exitCode = 1;
}
