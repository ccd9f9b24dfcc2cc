// Writes the grammar and everything that follows from the rules. `--check` writes nothing and fails if a file is stale.
import { emitterFor } from './generate/emit.ts';
import { dockerfileGrammar } from './generate/grammar/grammar.ts';
import { listRuleFiles } from './generate/rule-files.ts';
import { ruleIndex } from './generate/rule-index.ts';

const emitter = emitterFor(process.argv.includes('--check'));

await emitter.emit('syntaxes/dockerfile.tmLanguage.json', JSON.stringify(dockerfileGrammar));
await emitter.emit('server/src/rules/index.ts', ruleIndex(await listRuleFiles()));
// What follows imports the index: with a stale one there is nothing more to say.
if (emitter.stale.length === 0) {
  const { fixKinds } = await import('./generate/fix-kinds.ts');
  await emitter.emit('server/src/report/fix-kinds.ts', await fixKinds());
  const { describedRules } = await import('../server/src/report/described-rules.ts');
  const { sameAsOurs } = await import('./generate/same-as-ours.ts');
  await emitter.emit('client/src/scan/same-as-ours.ts', sameAsOurs(describedRules));
  const { emitRulePages } = await import('./generate/rule-pages.ts');
  const { emitSettings } = await import('./generate/settings.ts');
  const { emitRuleTable } = await import('./generate/rule-table.ts');
  const { emitDeploySettings } = await import('./generate/deploy-page.ts');
  await emitRulePages(emitter, describedRules);
  await emitSettings(emitter, describedRules);
  await emitRuleTable(emitter, describedRules);
  await emitDeploySettings(emitter);
}

for (const path of emitter.stale) console.error(`${path} is stale: run 'npm run generate'`);
if (emitter.stale.length > 0) process.exitCode = 1;
