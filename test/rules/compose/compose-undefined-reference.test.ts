import rule from '../../../server/src/rules/compose/compose-undefined-reference.ts';
import { checkCompose } from '../check-compose.ts';

checkCompose(rule, [
  `
services:
  web:
    image: nginx:1.27
    networks:
      front:
      ^^^^^ 'front' is not declared under 'networks': declare it
      default:
volumes: {}
=> Declare 'front' under 'networks'
services:
  web:
    image: nginx:1.27
    networks:
      front:
      default:
volumes: {}

networks:
  front:
`,
  `
services:
  web:
    image: nginx:1.27
    volumes:
      - type: volume
        source: cache
                ^^^^^ 'cache' is not declared under 'volumes': declare it
        target: /cache
volumes: # none yet
=> Declare 'cache' under 'volumes'
services:
  web:
    image: nginx:1.27
    volumes:
      - type: volume
        source: cache
        target: /cache
volumes: # none yet
  cache:
`,
  `
services:
  web:
    image: nginx:1.27
    secrets:
      - source: token
                ^^^^^ 'token' is not declared under 'secrets': declare it
secrets:
    other:
        file: ./other.txt # here
configs: {}
=> Declare 'token' under 'secrets'
services:
  web:
    image: nginx:1.27
    secrets:
      - source: token
secrets:
    other:
        file: ./other.txt # here
    token:
        file: ./token.txt
configs: {}
`,
  `
services:
  web:
    image: nginx:1.27
    volumes:
      - "db_data:/data"
         ^^^^^^^ 'db_data' is not declared under 'volumes': did you mean 'db-data'?
volumes:
  db-data:
=> Change to 'db-data'
services:
  web:
    image: nginx:1.27
    volumes:
      - "db-data:/data"
volumes:
  db-data:
`,
  `
services:
  web:
    image: nginx:1.27
    volumes: ["\${NAME}:/a", "\${DIR}/x:/b", "./c:/c", "~/d:/d", "C:\\\\x:/e", "/f", "known:/g:ro"]
    networks: ["\${NET}"]
    configs: [app]
volumes: { known: {} }
configs:
  app: { file: ./app.conf }
`,
  `
include: [other.yaml]
services:
  web:
    image: nginx:1.27
    networks: [front]
`,
  `
services:
  web:
    image: nginx:1.27
    networks: [back]
               ^^^^ 'back' is not declared under 'networks': declare it
networks: { front: {} }
=> Declare 'back' under 'networks'
services:
  web:
    image: nginx:1.27
    networks: [back]
networks: { front: {}, back: {} }
`,
]);

// The name may be declared in the file that this one is read after.
const override = `
services:
  web:
    networks: [front]
`;
checkCompose(rule, [override], { fileName: 'compose.override.yaml' });
checkCompose(rule, [override], { fileName: 'compose.dev.yaml', files: { 'compose.yaml': '' } });
