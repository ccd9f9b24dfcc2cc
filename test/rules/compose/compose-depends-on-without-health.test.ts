import rule from '../../../server/src/rules/compose/compose-depends-on-without-health.ts';
import { checkCompose } from '../check-compose.ts';

checkCompose(rule, [
  `
services:
  web:
    image: example/web:2.1
    depends_on:
    # the database first
    - db # main
      ^^ 'web' may start before 'db' is ready: wait until it is healthy
    # then the rest
    - "other"
  other:
    image: example/other:1
  db:
    image: postgres:17.2 # pinned
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/db
    # the end
=> Wait until 'db' is healthy
services:
  web:
    image: example/web:2.1
    depends_on:
    # the database first
      db: # main
        condition: service_healthy
    # then the rest
      "other":
        condition: service_started
  other:
    image: example/other:1
  db:
    image: postgres:17.2 # pinned
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/db
    healthcheck:
      test: ["CMD-SHELL", 'pg_isready -U "$\${POSTGRES_USER:-postgres}" -d "$\${POSTGRES_DB:-$\${POSTGRES_USER:-postgres}}"']
      interval: 10s
      timeout: 5s
      retries: 5
      start_period: 30s
    # the end
`,
  `
services:
  web:
    image: example/web:2.1
    depends_on: [db, search]
                 ^^ 'web' may start before 'db' is ready: wait until it is healthy
                     ^^^^^^ 'web' may start before 'search' is ready: wait until it is healthy
  db:
    image: mariadb:10.11
  search:
    image: example/search:1
    healthcheck:
      test: ["CMD", "true"]
=> Wait until 'db' and 'search' are healthy
services:
  web:
    image: example/web:2.1
    depends_on:
      db:
        condition: service_healthy
      search:
        condition: service_healthy
  db:
    image: mariadb:10.11
    healthcheck:
      test: ["CMD-SHELL", 'mysqladmin ping -h 127.0.0.1 -u root -p"$$MYSQL_ROOT_PASSWORD" --silent']
      interval: 10s
      timeout: 5s
      retries: 5
      start_period: 30s
  search:
    image: example/search:1
    healthcheck:
      test: ["CMD", "true"]
`,
  `
services:
  web:
    image: example/web:2.1
    depends_on:
      db:
        condition: service_started
        restart: true
      proxy:
        condition: service_started
  proxy:
    image: nginx:1.27
    healthcheck:
      test: curl -f http://localhost
  db:
    image: mongo:4.4
    healthcheck:
      disable: true
  queue:
    image: example/queue:1
    depends_on: [cache]
                 ^^^^^ 'queue' may start before 'cache' is ready: wait until it is healthy
  cache: { image: "redis:7.4" }
`,
  `
services:
  migrate:
    image: example/web:2.1
    depends_on: [db]
  job:
    image: example/web:2.1
    restart: "no"
    depends_on: [db]
  waits:
    image: example/web:2.1
    entrypoint: sh -c "until nc -z db 5432; do sleep 1; done; exec ./start"
    depends_on: [db]
  db:
    image: postgres:17.2
`,
  `
services:
  web:
    image: example/web:2.1
    depends_on: [db]
    deploy:
      placement: {}
  db:
    image: postgres:17.2
`,
]);

const builtServices = `
services:
  web:
    build: ./web
    depends_on: [api]
  api:
    build:
      context: ./api
      dockerfile: deploy/Dockerfile
`;
checkCompose(rule, [builtServices], {
  files: { 'api/deploy/Dockerfile': 'FROM node:22 AS build\nHEALTHCHECK CMD true\nFROM node:22\nHEALTHCHECK NONE\n' },
});
checkCompose(
  rule,
  [
    `
services:
  web:
    build: ./web
    depends_on: [api]
                 ^^^ 'web' may start before 'api' is ready: wait until it is healthy
  api:
    build:
      context: ./api
      dockerfile: deploy/Dockerfile
=> Wait until 'api' is healthy
services:
  web:
    build: ./web
    depends_on:
      api:
        condition: service_healthy
  api:
    build:
      context: ./api
      dockerfile: deploy/Dockerfile
`,
  ],
  { files: { 'api/deploy/Dockerfile': 'FROM node:22\nHEALTHCHECK CMD curl -f http://localhost\n' } },
);
