import { readFile } from 'node:fs/promises';
import { configKeys } from '../../server/src/engine/config-file.ts';
import { presets, severities } from '../../server/src/engine/settings.ts';
import { ruleUrl, type DescribedRule } from '../../server/src/report/rule-page.ts';
import { deploySchema } from './deploy-schema.ts';
import { root, type Emitter } from './emit.ts';

/** The settings of rules in package.json, and the schema of `.shipshape.yaml`, which knows the same. */
export async function emitSettings(emitter: Emitter, rules: readonly DescribedRule[]): Promise<void> {
  // The problems of a config file are not in force while it is read.
  const settable = rules.filter(({ language }) => language !== 'config');
  await emitter.emit('package.json', await manifestWith(ruleSchemas(settable, 'markdownDescription')));
  await emitter.emit('schemas/shipshape.schema.json', JSON.stringify(configSchema(settable)));
  await emitter.emit('schemas/deploy.schema.json', JSON.stringify(deploySchema()));
}

interface Manifest {
  readonly contributes: { readonly configuration: { readonly properties: Record<string, { properties?: object }> } };
}

async function manifestWith(schemas: object): Promise<string> {
  const manifest = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as Manifest;
  const setting = manifest.contributes.configuration.properties['shipshape.rules'];
  if (setting === undefined) throw new Error("package.json has lost its setting 'shipshape.rules'");
  setting.properties = schemas;
  return JSON.stringify(manifest, undefined, 2);
}

function configSchema(rules: readonly DescribedRule[]): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Shipshape',
    description: 'How Shipshape checks the Dockerfiles and Compose files in this folder and below.',
    type: 'object',
    additionalProperties: false,
    patternProperties: { '^x-': {} },
    properties: {
      preset: { description: configKeys.preset, enum: presets, default: 'recommended' },
      'fail-on': { description: configKeys['fail-on'], enum: [...severities, 'never'], default: 'error' },
      ignore: {
        description: configKeys.ignore,
        anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'string' }],
      },
      rules: {
        description: configKeys.rules,
        type: 'object',
        additionalProperties: false,
        properties: ruleSchemas(rules, 'description'),
      },
    },
  };
}

/** VS Code shows Markdown in settings; most other readers of a schema show the plain text. */
function ruleSchemas(rules: readonly DescribedRule[], description: 'description' | 'markdownDescription'): object {
  const sorted = rules.toSorted((a, b) => (a.rule.id < b.rule.id ? -1 : 1));
  return Object.fromEntries(sorted.map(({ rule }) => [rule.id, ruleSchema(rule, description)]));
}

function ruleSchema(rule: DescribedRule['rule'], description: 'description' | 'markdownDescription'): object {
  const text =
    description === 'markdownDescription'
      ? `${rule.summary} [More](${ruleUrl(rule.id)})`
      : rule.summary.replaceAll('`', "'");
  const level = { enum: ['off', ...severities.toReversed()] };
  const options = Object.entries(rule.options ?? {});
  if (options.length === 0) return { [description]: text, ...level };
  return {
    [description]: text,
    anyOf: [
      level,
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          severity: level,
          ...Object.fromEntries(options.map(([name, option]) => [name, optionSchema(option, description)])),
        },
      },
    ],
  };
}

type Option = NonNullable<DescribedRule['rule']['options']>[string];

function optionSchema(option: Option, description: string): object {
  const type = option.type === 'strings' ? { type: 'array', items: { type: 'string' } } : { type: option.type };
  return { [description]: option.description, ...type, default: option.default };
}
