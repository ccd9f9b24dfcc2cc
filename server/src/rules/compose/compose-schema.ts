import { describeSchemaProblem } from '../../model/compose-schema-words.ts';
import { schemaProblems } from '../../model/compose-schema-problems.ts';
import { composeRule } from '../rule.ts';

export default composeRule({
  id: 'compose-schema',
  summary: 'Use the keys and values that the Compose Specification knows.',
  why: `
Compose refuses a file with a key it does not know or a value of the wrong type, with a message that often names neither.
Keys that begin with \`x-\` are yours and may be anything, and a \`\${VARIABLE}\` may stand for any value.
`,
  category: 'correctness',
  severity: 'error',
  aliases: ['dclint:invalid-schema'],
  bad: `
services:
  web:
    image: nginx:1.27
    prots:
    ^^^^^ 'prots' is not a service key: did you mean 'ports'?
      - "8080:80"
=> Rename to 'ports'
services:
  web:
    image: nginx:1.27
    ports:
      - "8080:80"
`,
  good: `
x-note: anything
services:
  web:
    image: nginx:1.27
    cpus: \${CPUS:-0.5}
    ports:
      - "8080:80"
`,

  *check(compose) {
    for (const problem of schemaProblems(compose)) yield describeSchemaProblem(compose, problem);
  },
});
