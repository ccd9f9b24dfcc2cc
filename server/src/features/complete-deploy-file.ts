import { deployFields, type DeployField, type DeployFields } from '../knowledge/deploy-fields.ts';
import { lineStart } from '../text/lines.ts';
import { offer, parentsOf, wordAt, type Completion } from './complete-config.ts';

/** Completion of `.shipshape/deploy.yaml`, by the lines above the cursor, as a file that is being typed into is seldom valid. */
export function completeDeployFile(text: string, offset: number): readonly Completion[] {
  const start = lineStart(text, offset);
  const before = text.slice(start, offset);
  const key = /^(\s*(?:-\s+)?)[\w-]*$/.exec(before);
  if (key !== null) {
    const field = fieldAt(parentsOf(text, start, key[1]?.length ?? 0));
    const fields = field?.kind === 'object' ? field.fields : {};
    return offer(aboutEach(fields), wordAt(text, offset), ': ');
  }
  const value = /^(\s*(?:-\s+)?)([\w-]+):\s+["']?[\w./-]*$/.exec(before);
  if (value === null) return [];
  const field = fieldAt([...parentsOf(text, start, value[1]?.length ?? 0), value[2] ?? '']);
  if (field?.kind === 'flag') return offer({ true: field.about, false: field.about }, wordAt(text, offset), '');
  return field?.kind === 'text' ? offer(field.values ?? {}, wordAt(text, offset), '') : [];
}

function fieldAt(path: readonly string[]): DeployField | undefined {
  let field: DeployField | undefined = { kind: 'object', fields: deployFields, about: '' };
  for (const key of path) {
    if (field?.kind === 'object') field = Object.hasOwn(field.fields, key) ? field.fields[key] : undefined;
    else if (field?.kind === 'map') field = field.of;
    else return undefined;
    if (field?.kind === 'list') field = field.of;
  }
  return field;
}

function aboutEach(fields: DeployFields): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields).map(([key, { about }]) => [key, about]));
}
