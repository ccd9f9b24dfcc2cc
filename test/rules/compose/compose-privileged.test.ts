import rule from '../../../server/src/rules/compose/compose-privileged.ts';
import { checkCompose } from '../check-compose.ts';

checkCompose(rule, [
  `
x-base: &base
  privileged: "true"
              ^^^^^^ 'a' has full access to the host: grant 'cap_add' or 'devices' instead
services:
  a:
    <<: *base
    image: a:1
  b:
    <<: *base
    image: b:1
  c:
    image: docker:27-dind
    privileged: true
                ^^^^ 'c' has full access to the host: grant 'cap_add' or 'devices' instead
  d:
    image: d:1
    privileged: \${PRIVILEGED:-false}
  e:
    image: e:1
    privileged: false
`,
]);
