import type { Compose, SectionName } from '../../model/compose.ts';
import { declare } from '../../model/compose-edit.ts';
import { type Reference, referencesOf } from '../../model/compose-references.ts';
import { nearest } from '../../text/nearest.ts';
import type { Fix } from '../../text/problem.ts';
import { shorten } from '../../text/shorten.ts';
import { composeRule } from '../rule.ts';

export default composeRule({
  id: 'compose-undefined-reference',
  summary: 'Declare the networks, volumes, secrets and configs that services use.',
  why: `
Compose refuses a file in which a service uses a network, named volume, secret or config that is not declared at the top level.
Files that are read together with others (\`compose.override.yaml\`, \`include\`, \`extends\`) are left alone.
`,
  category: 'correctness',
  severity: 'error',
  bad: `
services:
  db:
    image: postgres:17.2
    volumes:
      - db-data:/var/lib/postgresql/data
        ^^^^^^^ 'db-data' is not declared under 'volumes': declare it
=> Declare 'db-data' under 'volumes'
services:
  db:
    image: postgres:17.2
    volumes:
      - db-data:/var/lib/postgresql/data

volumes:
  db-data:
`,
  good: `
services:
  db:
    image: postgres:17.2
    networks: [default]
    volumes:
      - db-data:/var/lib/postgresql/data
      - ./init:/docker-entrypoint-initdb.d:ro
      - /var/run/cache
volumes:
  db-data:
`,

  *check(compose) {
    if (compose.isPartial) return;
    const { services, sections, text } = compose;
    const seen = new Set<number>();
    for (const service of services) {
      for (const reference of referencesOf(service, text)) {
        const { section, name, range } = reference;
        if (sections[section].declared.has(name) || seen.has(range.start)) continue;
        seen.add(range.start);
        const meant = nearest(name, sections[section].declared.keys());
        const fix = meant === undefined ? declaration(compose, section, name) : rename(reference, meant);
        const advice = meant === undefined ? 'declare it' : `did you mean '${meant}'?`;
        yield {
          range,
          message: `'${shorten(name, 24)}' is not declared under '${section}': ${advice}`,
          ...(fix && { fix }),
        };
      }
    }
  },
});

/** Networks and volumes need no more than their name; where the content of a secret or config is, only the author knows. */
function declaration(compose: Compose, section: SectionName, name: string): Fix | undefined {
  const needsFile = section === 'secrets' || section === 'configs';
  const edit = declare(compose, section, name, needsFile ? [`file: ./${name}.txt`] : []);
  return edit && { title: `Declare '${name}' under '${section}'`, safe: !needsFile, edits: [edit] };
}

function rename({ range }: Reference, name: string): Fix {
  return { title: `Change to '${name}'`, safe: false, edits: [{ range, text: name }] };
}
