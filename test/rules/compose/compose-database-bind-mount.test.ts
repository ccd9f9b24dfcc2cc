import rule from '../../../server/src/rules/compose/compose-database-bind-mount.ts';
import { checkCompose } from '../check-compose.ts';

checkCompose(rule, [
  `
services:
  db:
    image: mysql:8.4
    volumes:
      - type: bind
        source: ./data
                ^^^^^^ 'db' keeps its data in a host folder: use a named volume
        target: /var/lib/mysql/
  two:
    image: mysql:8.4
    volumes:
      - ./conf.d:/etc/mysql/conf.d
      - ./init:/docker-entrypoint-initdb.d
      - ./data:/var/lib/mysql:ro
      - data:/var/lib/mysql
volumes:
  data:
=> Use the named volume 'db-data'
services:
  db:
    image: mysql:8.4
    volumes:
      - type: volume
        source: db-data
        target: /var/lib/mysql/
  two:
    image: mysql:8.4
    volumes:
      - ./conf.d:/etc/mysql/conf.d
      - ./init:/docker-entrypoint-initdb.d
      - ./data:/var/lib/mysql:ro
      - data:/var/lib/mysql
volumes:
  data:
  db-data:
`,
  `
services:
  pg:
    image: "postgres:\${PG:-17}"
    volumes: ["/srv/pg:/var/lib/postgresql/data"]
               ^^^^^^^ 'pg' keeps its data in a host folder: use a named volume
=> Use the named volume 'pg-data'
services:
  pg:
    image: "postgres:\${PG:-17}"
    volumes: ["pg-data:/var/lib/postgresql/data"]

volumes:
  pg-data:
`,
  `
services:
  pg:
    image: docker.io/library/postgres
    volumes: ['\${DATA:-./data}:/var/lib/postgresql/data:Z']
               ^^^^^^^^^^^^^^^ 'pg' keeps its data in a host folder: use a named volume
=> Use the named volume 'pg-data'
services:
  pg:
    image: docker.io/library/postgres
    volumes: ['pg-data:/var/lib/postgresql/data:Z']

volumes:
  pg-data:
`,
  `
services:
  pg:
    image: example/postgres-tools:1
    volumes: ['./data:/var/lib/postgresql/data']
`,
]);
