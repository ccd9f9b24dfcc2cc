import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCompose } from '../../../server/src/model/build-compose.ts';
import { noProject } from '../../../server/src/model/project.ts';
import rule from '../../../server/src/rules/compose/compose-hardcoded-secret.ts';
import { checkCompose } from '../check-compose.ts';

checkCompose(rule, [
  `
services:
  db:
    image: postgres:17.2
    environment:
      - POSTGRES_USER=app
      - "POSTGRES_PASSWORD=x7Gq9!mZ"
                           ^^^^^^^^ 'POSTGRES_PASSWORD' is a secret in plain text: read it from the environment
=> Read it from '\${POSTGRES_PASSWORD}'
services:
  db:
    image: postgres:17.2
    environment:
      - POSTGRES_USER=app
      - "POSTGRES_PASSWORD=\${POSTGRES_PASSWORD}"
`,
  `
services:
  db:
    image: postgres:17.2
    environment:
      POSTGRES_USER: app
      POSTGRES_PASSWORD: app
                         ^^^ 'POSTGRES_PASSWORD' is a secret in plain text: read it from the environment
      POSTGRES_HOST_AUTH_METHOD: trust
      EMPTY_PASSWORD: ""
      ADMIN_PASSWORD:
      API_KEY: \${API_KEY}
      TOKEN: \${TOKEN:-abc}
      JWT_SECRET_FILE: /run/secrets/jwt
      TOKEN_TTL: 3600
      PUBLIC_KEY: MIIBIjANBgkqh
      PROXY_AUTH_ADD: "false"
      OPENAI_API_KEY: your-key-here
=> Read it from '\${POSTGRES_PASSWORD}'
services:
  db:
    image: postgres:17.2
    environment:
      POSTGRES_USER: app
      POSTGRES_PASSWORD: \${POSTGRES_PASSWORD}
      POSTGRES_HOST_AUTH_METHOD: trust
      EMPTY_PASSWORD: ""
      ADMIN_PASSWORD:
      API_KEY: \${API_KEY}
      TOKEN: \${TOKEN:-abc}
      JWT_SECRET_FILE: /run/secrets/jwt
      TOKEN_TTL: 3600
      PUBLIC_KEY: MIIBIjANBgkqh
      PROXY_AUTH_ADD: "false"
      OPENAI_API_KEY: your-key-here
`,
  `
services:
  api:
    image: example/api:2.1
    environment: { DATABASE_URL: "postgres://app:s3cr3tValue@db/app" }
                                                 ^^^^^^^^^^^ 'DATABASE_URL' holds a password in plain text: read it from the environment
    build:
      context: .
      args:
        NPM_TOKEN: npm_9f8Sd7fkJ2
                   ^^^^^^^^^^^^^^ 'NPM_TOKEN' is a secret in plain text: read it from the environment
=> Read it from '\${DATABASE_PASSWORD}'; Read it from '\${NPM_TOKEN}'
services:
  api:
    image: example/api:2.1
    environment: { DATABASE_URL: "postgres://app:\${DATABASE_PASSWORD}@db/app" }
    build:
      context: .
      args:
        NPM_TOKEN: \${NPM_TOKEN}
`,
  `
services:
  api:
    image: example/api:2.1
    environment: [API_TOKEN=9f8Sd7fkJ2]
                            ^^^^^^^^^^ 'API_TOKEN' is a secret in plain text: read it from the environment
`,
]);

const example = `
services:
  api:
    image: example/api:2.1
    environment:
      SESSION_SECRET: 9f8Sd7fkJ2
`;
checkCompose(rule, [example], { files: { '.env.example': 'SESSION_SECRET="9f8Sd7fkJ2"\n' } });
checkCompose(rule, [example], { options: { allow: ['SESSION_SECRET'] } });

test('takes a password for development less seriously', () => {
  const severityOf = (environment: string): unknown => {
    const text = `services:\n  db:\n    image: postgres:17\n    environment: { POSTGRES_USER: app, ${environment} }\n`;
    const compose = buildCompose(text, { project: noProject });
    return [...rule.check(compose, { allow: [] })].map(({ severity }) => severity ?? rule.severity);
  };
  assert.deepEqual(severityOf('POSTGRES_PASSWORD: postgres'), ['info']);
  assert.deepEqual(severityOf('POSTGRES_PASSWORD: app'), ['info']);
  assert.deepEqual(severityOf('POSTGRES_PASSWORD: changeme'), ['info']);
  assert.deepEqual(severityOf('POSTGRES_PASSWORD: x7Gq9mZ'), ['warning']);
  assert.deepEqual(severityOf('POSTGRES_PASSWORD: 12'), []);
});
