import rule from '../../../server/src/rules/compose/compose-image-untagged.ts';
import { checkCompose } from '../check-compose.ts';

checkCompose(rule, [
  `
services:
  a:
    image: localhost:5000/nginx
           ^^^^^^^^^^^^^^^^^^^^ 'localhost:5000/nginx' has no tag: pin a version
  b:
    image: library/nginx:edge
           ^^^^^^^^^^^^^^^^^^ 'library/nginx:edge' floats: pin a version
  c:
    image: nginx@sha256:0d17b565c37bcbd895e9d92315a05c1c3c9a29f762b011a10c54a66cd53c9b31
  d:
    image: \${REGISTRY}/nginx
           ^^^^^^^^^^^^^^^^^ '\${REGISTRY}/nginx' has no tag: pin a version
  e:
    image: \${IMAGE}
  f:
    image: nginx:\${TAG}
  g:
    image: "nginx\${TAG:-}"
           ^^^^^^^^^^^^^^^ 'nginx' has no tag: pin a version
  h:
    image: \${IMAGE}:latest
           ^^^^^^^^^^^^^^^ '\${IMAGE}:latest' floats: pin a version
  i:
    build: .
    image: mine
  j:
    image: mine
  k:
    image:
`,
  `
x-base: &base
  image: nginx
         ^^^^^ 'nginx' has no tag: pin a version
services:
  a: *base
  b: *base
=> Pin to 'nginx:1.31'
x-base: &base
  image: nginx:1.31
services:
  a: *base
  b: *base
`,
  `
services:
  a:
    image: "docker.io/library/redis:latest" # the cache
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 'docker.io/library/redis:latest' floats: pin a version
=> Pin to 'docker.io/library/redis:8.10'
services:
  a:
    image: "docker.io/library/redis:8.10" # the cache
`,
]);

checkCompose(
  rule,
  [
    `
services:
  a:
    image: nginx:latest
  b:
    image: nginx:unstable
           ^^^^^^^^^^^^^^ 'nginx:unstable' floats: pin a version
`,
  ],
  { options: { floating: ['unstable'] } },
);
