// `npm run new-rule -- [compose/]ID`: starts a rule from a template, for Dockerfiles unless the folder says Compose.
import { existsSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

interface Template {
  readonly helper: string;
  readonly bad: string;
  readonly good: string;
  readonly check: string;
}

const root = join(import.meta.dirname, '..');
const match = /^(?:(dockerfile|compose)\/)?([a-z][a-z0-9]*(?:-[a-z0-9]+)+)$/.exec(process.argv[2] ?? '');
if (match?.[2] === undefined) {
  console.error("Usage: npm run new-rule -- [compose/]ID, where ID is words in lower case with '-' between them");
  process.exit(2);
}
const language = match[1] === 'compose' ? 'compose' : 'dockerfile';
const file = join(root, 'server/src/rules', language, `${match[2]}.ts`);
if (existsSync(file)) {
  console.error(`${relative(root, file)} is there already`);
  process.exit(1);
}
writeFileSync(file, sourceOf(match[2], templates()[language]));
console.log(`${relative(root, file)}: fill it in, then 'npm run generate' and 'npm test -- ${match[2]}'`);

function sourceOf(id: string, { helper, bad, good, check }: Template): string {
  return `import { ${helper} } from '../rule.ts';

export default ${helper}({
  id: '${id}',
  summary: 'One sentence that says what to do.',
  why: 'What goes wrong without the rule, and for whom.',
  category: 'correctness',
  severity: 'warning',
  bad: \`
${bad}
\`,
  good: \`
${good}
\`,

${check}
});
`;
}

function templates(): Readonly<Record<'dockerfile' | 'compose', Template>> {
  return {
    dockerfile: {
      helper: 'dockerfileRule',
      bad: "FROM alpine:3.20\n^^^^ What is wrong with 'FROM': what to do",
      good: 'FROM alpine:3.20',
      check: `  *check({ instructions }) {
    for (const { keyword, keywordRange } of instructions) {
      if (keyword !== 'FROM') continue;
      yield { range: keywordRange, message: "What is wrong with 'FROM': what to do" };
    }
  },`,
    },
    compose: {
      helper: 'composeRule',
      bad: "services:\n  web:\n    privileged: true\n                ^^^^ What is wrong with 'web': what to do",
      good: 'services:\n  web:\n    image: example/web:1.0',
      check: `  *check({ services }) {
    for (const service of services) {
      const value = service.entries.get('privileged')?.value;
      if (value === undefined) continue;
      yield { range: value.range, message: \`What is wrong with '\${service.name}': what to do\` };
    }
  },`,
    },
  };
}
