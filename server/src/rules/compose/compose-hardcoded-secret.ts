import type { Compose, Service } from '../../model/compose.ts';
import { type Assignment, assignmentsOf } from '../../model/compose-environment.ts';
import { exampleFiles } from '../../model/compose-files.ts';
import { isLiteral } from '../../model/compose-interpolation.ts';
import { findSecret, isNameOfSecret, type SecretPlace } from '../../model/compose-secret.ts';
import { entriesOf } from '../../syntax/yaml/entries.ts';
import type { Fix } from '../../text/problem.ts';
import { shorten } from '../../text/shorten.ts';
import { composeRule } from '../rule.ts';

export default composeRule({
  id: 'compose-hardcoded-secret',
  summary: 'Read passwords, tokens and keys from the environment or from secrets.',
  why: `
A secret in a Compose file is in every clone and every commit of the repository from then on, also after it was taken out of the file.
Write \`\${NAME}\` and set it in the shell or in an \`.env\` file that Git ignores, or use Compose's \`secrets\`, which images take through \`NAME_FILE\`.
Values that are plainly for development only, such as \`postgres\`, are only mentioned.
`,
  category: 'security',
  severity: 'warning',
  options: {
    allow: { type: 'strings', default: [], description: 'Variables that hold no secret, by name.' },
  },
  bad: `
services:
  api:
    image: example/api:2.1
    environment:
      STRIPE_API_KEY: 4eC39HqLyjWDarjtT1zdp7dc
                      ^^^^^^^^^^^^^^^^^^^^^^^^ 'STRIPE_API_KEY' is a secret in plain text: read it from the environment
=> Read it from '\${STRIPE_API_KEY}'
services:
  api:
    image: example/api:2.1
    environment:
      STRIPE_API_KEY: \${STRIPE_API_KEY}
`,
  good: `
services:
  db:
    image: postgres:17.2
    environment:
      POSTGRES_USER: app
      POSTGRES_PASSWORD_FILE: /run/secrets/db-password
    secrets: [db-password]
  api:
    image: example/api:2.1
    environment:
      - STRIPE_API_KEY
      - SESSION_SECRET=\${SESSION_SECRET:?set it}
secrets:
  db-password:
    file: ./db-password.txt
`,

  *check(compose, { allow }) {
    const seen = new Set<number>();
    for (const service of compose.services) {
      const assignments = secretCarriers(service).flatMap((node) => assignmentsOf(node, compose.text));
      const names = namesAround(service, assignments);
      for (const assignment of assignments) {
        const { name, value, node } = assignment;
        if (!value || allow.includes(name) || !isLiteral(value)) continue;
        const place = findSecret(name, value, names);
        if (!place || seen.has(node.range.start) || isExample(compose, name, value)) continue;
        seen.add(node.range.start);
        const fix = readFromEnvironment(assignment, place);
        const { valueRange } = assignment;
        const range = valueRange
          ? { start: valueRange.start + place.start, end: valueRange.start + place.end }
          : node.range;
        const what = place.isInUrl ? 'holds a password' : 'is a secret';
        const message = `'${shorten(name)}' ${what} in plain text: read it from the environment`;
        yield { range, message, ...(place.isWeak && { severity: 'info' as const }), ...(fix && { fix }) };
      }
    }
  },
});

function secretCarriers({ entries }: Service) {
  return [entries.get('environment')?.value, entriesOf(entries.get('build')?.value).get('args')?.value];
}

/** What an example file shows to everybody is no secret. */
function isExample({ project }: Compose, name: string, value: string): boolean {
  return exampleFiles.some((file) =>
    (project.text(file) ?? '').split(/\r?\n/).some((line) => line.replace(/["']/g, '').trim() === `${name}=${value}`),
  );
}

/** A password that is the name of its user, database or service was not meant to keep anybody out. */
function namesAround({ name, entries }: Service, assignments: readonly Assignment[]): ReadonlySet<string> {
  const image = entries.get('image')?.value;
  const repository = image?.kind === 'scalar' ? (/([^/:@]+)(?::[^/]*)?(?:@.*)?$/.exec(image.text)?.[1] ?? '') : '';
  const named = assignments.filter(
    (other) => /USER|NAME|DB|DATABASE|LOGIN/i.test(other.name) && !isNameOfSecret(other.name),
  );
  return new Set([name, repository, ...named.map(({ value = '' }) => value)].map((text) => text.toLowerCase()));
}

function readFromEnvironment(
  { name, valueRange, node, isInFlow }: Assignment,
  { start, end, isInUrl }: SecretPlace,
): Fix | undefined {
  if (!valueRange) return undefined;
  const variable = (isInUrl ? `${name.replace(/_?(?:URL|URI|DSN)$/i, '')}_PASSWORD` : name)
    .replace(/\W+/g, '_')
    .replace(/^(?=\d)/, '_');
  const reference = `\${${variable}}`;
  const isWhole = valueRange.start === node.range.start && start === 0 && valueRange.start + end === node.range.end;
  // Braces would end the value in a plain text within brackets.
  if (isInFlow && node.style === 'plain' && !isWhole) return undefined;
  const text = isInFlow && node.style === 'plain' ? `"${reference}"` : reference;
  const range = { start: valueRange.start + start, end: valueRange.start + end };
  return { title: `Read it from '${reference}'`, safe: false, edits: [{ range, text }] };
}
