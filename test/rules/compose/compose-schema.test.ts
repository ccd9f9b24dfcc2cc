import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCompose } from '../../../server/src/model/build-compose.ts';
import { noProject } from '../../../server/src/model/project.ts';
import rule from '../../../server/src/rules/compose/compose-schema.ts';
import { checkCompose } from '../check-compose.ts';

checkCompose(rule, [
  `
services:
  web:
    image: nginx:1.27
    ports: 8080:80
           ^^^^^^^ 'ports' must be a list
    environment: yes
                 ^^^ 'environment' must be a mapping or a list
    volumes:
      data: /data
      ^^^^^^^^^^^ 'volumes' must be a list
`,
  `
services:
  web:
    image: nginx:1.27
    user: 1000
          ^^^^ 'user' must be text: put it in quotes
    hostname: true
              ^^^^ 'hostname' must be text: put it in quotes
    ports:
      -  "80:http"
         ^^^^^^^^^ '80:http' is not a port mapping: write it like '8080:80'
      - target: 80
        publish: 8080
        ^^^^^^^ 'publish' is not a 'ports' key: did you mean 'published'?
      - 70000:80
        ^^^^^^^^ '70000:80' is not a port mapping: write it like '8080:80'
      - "127.0.0.1:8080:80/tcp"
      - "[::1]:8081:80"
      - "\${PORT:-8080}:80"
    healthcheck:
      test: curl -f http://localhost
      interval: 30
                ^^ 'interval' must be a duration such as '30s'
      timeout: 5sec
               ^^^^ '5sec' is not a duration: write it like '30s' or '1m30s'
      start_period: 1m30s
      retries: "\${RETRIES}"
    deploy:
      replicas: 1.5
                ^^^ 'replicas' must be a whole number
    cap_add:
      - NET_ADMIN
      - NET_ADMIN
        ^^^^^^^^^ 'NET_ADMIN' is in 'cap_add' twice: remove one
=> Put in quotes; Rename to 'published'; Change to '30s'; Remove 'NET_ADMIN'
services:
  web:
    image: nginx:1.27
    user: "1000"
    hostname: "true"
    ports:
      -  "80:http"
      - target: 80
        published: 8080
      - 70000:80
      - "127.0.0.1:8080:80/tcp"
      - "[::1]:8081:80"
      - "\${PORT:-8080}:80"
    healthcheck:
      test: curl -f http://localhost
      interval: 30s
      timeout: 5sec
      start_period: 1m30s
      retries: "\${RETRIES}"
    deploy:
      replicas: 1.5
    cap_add:
      - NET_ADMIN
`,
  `
version: "2"
services:
  web:
    image: nginx:1.27
    net: host
    ^^^ 'net' is no longer a service key: it is 'network_mode' now
    log_driver: syslog
    ^^^^^^^^^^ 'log_driver' is no longer a service key: use 'logging.driver'
    dockerfile: x
    ^^^^^^^^^^ 'dockerfile' is not a service key: it belongs under 'build'
    depends: [db]
    ^^^^^^^ 'depends' is not a service key: remove it or begin it with 'x-'
    healthcheck:
    ^^^^^^^^^^^ 'healthcheck' is empty: it must be a mapping
    frobnicate: 1
    ^^^^^^^^^^ 'frobnicate' is not a service key: remove it or begin it with 'x-'
    depends_on:
      db:
        condition: service_heathy
                   ^^^^^^^^^^^^^^ 'service_heathy' is not a 'condition': did you mean 'service_healthy'?
  "my db":
  ^^^^^^^ 'my db' is not a valid name: use letters, digits, '.', '_' and '-'
    image: postgres:17
networks:
  front:
    ipam:
      config:
        - subnet: 172.28.0.0
                  ^^^^^^^^^^ '172.28.0.0' is not a subnet: write it like '172.28.0.0/16'
=> Rename to 'network_mode'; Change to 'service_healthy'
version: "2"
services:
  web:
    image: nginx:1.27
    network_mode: host
    log_driver: syslog
    dockerfile: x
    depends: [db]
    healthcheck:
    frobnicate: 1
    depends_on:
      db:
        condition: service_healthy
  "my db":
    image: postgres:17
networks:
  front:
    ipam:
      config:
        - subnet: 172.28.0.0
`,
  `
x-base: &base
  imge: nginx:1.27
  ^^^^ 'imge' is not a service key: did you mean 'image'?
services:
  one:
    <<: *base
  two:
    <<: [*base]
    ports: !reset
    volumes: !override []
    x-mine: 1
=> Rename to 'image'
x-base: &base
  image: nginx:1.27
services:
  one:
    <<: *base
  two:
    <<: [*base]
    ports: !reset
    volumes: !override []
    x-mine: 1
`,
  `
servces:
^^^^^^^ 'servces' is not a top-level key: did you mean 'services'?
  web:
    image: nginx:1.27
=> Rename to 'services'
services:
  web:
    image: nginx:1.27
`,
  `
web:
^^^ Compose no longer reads files without 'services:': put the services under it
  image: nginx:1.27
  # a comment

  ports: ["80:80"]
db:
  image: postgres:17
=> Put them under 'services'
services:
  web:
    image: nginx:1.27
    # a comment

    ports: ["80:80"]
  db:
    image: postgres:17
`,
  `
key: value
list: [1, 2]
`,
  `
- a
^^^ A Compose file must be a mapping: begin it with 'services:'
- b
`,
  `
services:
  web:
    build:
      contxt: .
      ^^^^^^ 'contxt' is not a 'build' key: did you mean 'context'?
      args: [A=1, A=1]
                  ^^^ 'A=1' is in 'args' twice: remove one
    develop:
    secrets:
      - {target: x}
    volumes:
      - target: /data
        ^^^^^^ 'volumes' lacks 'type': add it
---
services:
  api:
    iamge: x:1
    ^^^^^ 'iamge' is not a service key: did you mean 'image'?
=> Rename to 'context'; Remove 'A=1'; Rename to 'image'
services:
  web:
    build:
      context: .
      args: [A=1]
    develop:
    secrets:
      - {target: x}
    volumes:
      - target: /data
---
services:
  api:
    image: x:1
`,
]);

test('every message is short, and on one line of the file', () => {
  const long = 'a-very-long-name-indeed-'.repeat(4);
  const text = `services:\n  ${long}:\n    ${long}: |\n      a\n      b\n    ports:\n      a:\n        b: 1\n`;
  for (const { message, range } of rule.check(buildCompose(text, { project: noProject }), {})) {
    assert.ok(message.length < 100, message);
    assert.ok(!text.slice(range.start, range.end).includes('\n'), message);
  }
});

test('a tower of anchors costs no more than its size', () => {
  const floors = Array.from(
    { length: 60 },
    (_, i) => `x-${i + 1}: &f${i + 1} { a: [*f${i}, *f${i}], <<: [*f${i}, *f${i}] }`,
  );
  const text = ['x-0: &f0 { imge: 1 }', ...floors, 'services:', '  web: *f60', ''].join('\n');
  const compose = buildCompose(text, { project: noProject });
  assert.deepEqual(
    [...rule.check(compose, {})].map(({ message }) => message),
    ["'a' is not a service key: remove it or begin it with 'x-'", "'imge' is not a service key: did you mean 'image'?"],
  );
});
