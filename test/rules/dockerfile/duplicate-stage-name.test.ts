import rule from '../../../server/src/rules/dockerfile/duplicate-stage-name.ts';
import { checkDockerfile } from '../check-dockerfile.ts';

checkDockerfile(rule, [
  `
FROM golang:1.23 AS build
                    ^^^^^ Another stage is called 'build', too: give each a name of its own
RUN a
FROM --platform=$BUILDPLATFORM node:22 AS Build
                                          ^^^^^ Another stage is called 'Build', too: give each a name of its own
RUN b
FROM Build AS test
RUN --mount=type=bind,from=build,target=/x true
FROM alpine:3.20
COPY --from=build /a /a
COPY --from=BUILD /b /b
=> Rename to 'Build-2'
FROM golang:1.23 AS build
RUN a
FROM --platform=$BUILDPLATFORM node:22 AS Build-2
RUN b
FROM Build-2 AS test
RUN --mount=type=bind,from=Build-2,target=/x true
FROM alpine:3.20
COPY --from=Build-2 /a /a
COPY --from=Build-2 /b /b
`,
  `
FROM a:1 AS x
            ^ Another stage is called 'x', too: give each a name of its own
FROM b:1 AS x
            ^ Another stage is called 'x', too: give each a name of its own
FROM c:1 as x-2
FROM d:1 AS x
            ^ Another stage is called 'x', too: give each a name of its own
COPY --from=x /a /a
=> Rename to 'x-3'; Rename to 'x-4'
FROM a:1 AS x
FROM b:1 AS x-3
FROM c:1 as x-2
FROM d:1 AS x-4
COPY --from=x-3 /a /a
`,
  `
from a:1 as x\r
            ^ Another stage is called 'x', too: give each a name of its own
from b:1 as x\r
            ^ Another stage is called 'x', too: give each a name of its own
=> Rename to 'x-2'
from a:1 as x\r
from b:1 as x-2\r
`,
  `
FROM a:1 AS x
FROM a:1 AS y
FROM a:1
FROM a:1
FROM x
ONBUILD COPY --from=x /a /a
`,
  `
# x AS y
FROM --platform=linux/amd64 a:1 AS amd64
FROM --platform=linux/arm64 a:1 AS arm64
FROM \${TARGETARCH}
`,
]);
