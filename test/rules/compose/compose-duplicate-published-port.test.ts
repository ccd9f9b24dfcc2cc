import rule from '../../../server/src/rules/compose/compose-duplicate-published-port.ts';
import { checkCompose } from '../check-compose.ts';

checkCompose(rule, [
  `
services:
  a:
    image: a:1
    ports: ["8080:80", "8080:81"]
                       ^^^^^^^^^ Port 8080 is already published by 'a': choose another
  b:
    image: b:1
    ports:
      - "9000-9002:9000-9002"
      - "\${PORT}:80"
      - "53:53/udp"
  c:
    image: c:1
    ports:
      - published: "9001"
                   ^^^^^^ Port 9001 is already published by 'b': choose another
        target: 80
      - 7001
      - 127.0.0.1:8080:80
        ^^^^^^^^^^^^^^^^^ Port 8080 is already published by 'a': choose another
      - "\${PORT}:81"
        ^^^^^^^^^^^^ Port \${PORT} is already published by 'b': choose another
      - "53:53"
      - "\${OTHER:-9002}:80"
        ^^^^^^^^^^^^^^^^^^^ Port 9002 is already published by 'b': choose another
  d:
    image: d:1
    profiles: [debug]
    ports: ["5000:80", "[::1]:6000:80"]
  e:
    image: e:1
    profiles: [test]
    ports: ["5000:80", "127.0.0.1:6000:80"]
  f:
    image: f:1
    profiles: [debug]
    ports: ["5000:80"]
            ^^^^^^^^^ Port 5000 is already published by 'd': choose another
`,
  `
services:
  a: &a
    image: a:1
    ports: ["8080:80"]
  b:
  ^ Port 8080 is already published by 'a': choose another
    <<: *a
`,
]);
