import { readFile } from 'node:fs/promises';
import { deployFields, type DeployField, type DeployFields } from '../../server/src/knowledge/deploy-fields.ts';
import { root, type Emitter } from './emit.ts';

const page = 'docs/deploy.md';

/** What `.shipshape/deploy.yaml` may say, in docs/deploy.md, between the two comments that say so. */
export async function emitDeploySettings(emitter: Emitter): Promise<void> {
  const text = await readFile(new URL(page, root), 'utf8');
  const between = /(<!-- settings:[^>]*-->\n)[^]*(<!-- \/settings -->)/;
  if (!between.test(text)) throw new Error(`${page} has lost its '<!-- settings: ... -->' and '<!-- /settings -->'`);
  await emitter.emit(
    page,
    text.replace(between, (_, begin: string, end: string) => `${begin}\n${table()}\n\n${end}`),
  );
}

function table(): string {
  const { targets } = deployFields;
  const target = targets?.kind === 'map' && targets.of.kind === 'object' ? targets.of.fields : {};
  const rows = [...rowsOf(target, '')].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')).join(' | '));
  return ['Setting | | Needed', '- | - | -', ...rows].map((row) => `| ${row} |`).join('\n');
}

function* rowsOf(fields: DeployFields, above: string): Generator<readonly [string, string, string]> {
  for (const [name, field] of Object.entries(fields)) {
    const path = above + name;
    yield [`\`${path}\``, describe(field), field.required === true ? 'yes' : ''];
    if (field.kind === 'object') yield* rowsOf(field.fields, `${path}.`);
    if (field.kind === 'list' && field.of.kind === 'object') yield* rowsOf(field.of.fields, `${path}[].`);
  }
}

function describe(field: DeployField): string {
  switch (field.kind) {
    case 'text':
      return field.values === undefined
        ? field.about
        : `${field.about} ${Object.entries(field.values)
            .map(([value, about]) => `\`${value}\`: ${about}`)
            .join(' ')}`;
    case 'number':
      return `${field.about} From ${field.least} to ${field.most}.`;
    case 'map':
      return `${field.about} Names to values.`;
    case 'flag':
    case 'object':
    case 'list':
      return field.about;
  }
}
