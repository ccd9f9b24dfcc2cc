import { composeRule } from '../rule.ts';

export default composeRule({
  id: 'compose-invalid-yaml',
  summary: 'Write YAML that can be read.',
  why: `
Compose refuses a file with a YAML error altogether and names only the first one.
All of them are shown here; keys that are there twice too, of which some programs silently take the last.
`,
  category: 'correctness',
  severity: 'error',
  aliases: ['dclint:invalid-yaml'],
  bad: `
services:
  web:
    image: nginx:1.27
    image: nginx:1.28
    ^^^^^ 'image' is here twice: remove or rename one of them
`,
  good: `
x-defaults: &defaults
  restart: unless-stopped
services:
  web:
    <<: *defaults
    image: nginx:1.28
    ports: !override
      - "8080:80"
`,

  *check({ tree }) {
    for (const { range, message, first } of tree.errors) {
      yield { range, message, ...(first && { related: [{ range: first, message: 'first here' }] }) };
    }
  },
});
