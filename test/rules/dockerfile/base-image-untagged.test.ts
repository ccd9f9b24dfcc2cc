import rule from '../../../server/src/rules/dockerfile/base-image-untagged.ts';
import { checkDockerfile } from '../check-dockerfile.ts';

checkDockerfile(rule, [
  `
from alpine as one
     ^^^^^^ 'alpine' has no tag: pin it to a version
FROM --platform=$BUILDPLATFORM docker.io/library/node AS two
                               ^^^^^^^^^^^^^^^^^^^^^^ 'docker.io/library/node' has no tag: pin it to a version
FROM localhost:5000/team/tool
     ^^^^^^^^^^^^^^^^^^^^^^^^ 'localhost:5000/team/tool' has no tag: pin it to a version
FROM example.com/a/b\r
     ^^^^^^^^^^^^^^^ 'example.com/a/b' has no tag: pin it to a version
=> Pin to 'alpine:3.24'; Pin to 'docker.io/library/node:26.7'
from alpine:3.24 as one
FROM --platform=$BUILDPLATFORM docker.io/library/node:26.7 AS two
FROM localhost:5000/team/tool
FROM example.com/a/b\r
`,
  `
ARG NAME=debian
FROM \${NAME}
     ^^^^^^^ 'debian' has no tag: pin it to a version
FROM \${NAME:-x}
     ^^^^^^^^^^ 'debian' has no tag: pin it to a version
FROM \${OTHER:-debian}
     ^^^^^^^^^^^^^^^^ 'debian' has no tag: pin it to a version
`,
  `
ARG TAG=
FROM debian\${TAG}
     ^^^^^^^^^^^^ 'debian' has no tag: pin it to a version
`,
  `
# escape=\`
FROM --platform=linux/amd64 \`
    debian
    ^^^^^^ 'debian' has no tag: pin it to a version
=> Pin to 'debian:13.6'
# escape=\`
FROM --platform=linux/amd64 \`
    debian:13.6
`,
  `
\uFEFFFROM node
      ^^^^ 'node' has no tag: pin it to a version
=> Pin to 'node:26.7'
\uFEFFFROM node:26.7
`,
  `
FROM alpine:3.20 AS Base
FROM base
FROM scratch
FROM alpine@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
FROM localhost:5000/team/tool:1
ARG VERSION=1
FROM \${OTHER:-debian:9}
`,
  `
ARG BASE=debian:12
ARG UNKNOWN
FROM $BASE
FROM $UNKNOWN
FROM \${UNKNOWN}/tool
FROM alpine:3.20 AS base-amd64
FROM base-\${TARGETARCH}
RUN echo FROM debian
`,
  `
FROM
`,
]);

checkDockerfile(
  rule,
  [
    `
FROM team/base
FROM team/other
     ^^^^^^^^^^ 'team/other' has no tag: pin it to a version
`,
  ],
  { options: { allow: ['team/base'] } },
);
