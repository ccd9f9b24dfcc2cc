import rule from '../../../server/src/rules/dockerfile/base-image-latest.ts';
import { checkDockerfile } from '../check-dockerfile.ts';

checkDockerfile(rule, [
  `
from node:latest as build
          ^^^^^^ 'latest' moves: pin 'node' to a version
FROM --platform=linux/amd64 docker.io/library/alpine:latest\r
                                                     ^^^^^^ 'latest' moves: pin 'docker.io/library/alpine' to a version
FROM ghcr.io/team/tool:latest
                       ^^^^^^ 'latest' moves: pin 'ghcr.io/team/tool' to a version
FROM team/tool:latest
               ^^^^^^ 'latest' moves: pin 'team/tool' to a version
=> Pin to 'node:26.7'; Pin to 'docker.io/library/alpine:3.24'
from node:26.7 as build
FROM --platform=linux/amd64 docker.io/library/alpine:3.24\r
FROM ghcr.io/team/tool:latest
FROM team/tool:latest
`,
  `
ARG TAG=latest
FROM python:\${TAG}
     ^^^^^^^^^^^^^ 'latest' moves: pin 'python' to a version
FROM python:\${OTHER:-latest}
     ^^^^^^^^^^^^^^^^^^^^^^^ 'latest' moves: pin 'python' to a version
`,
  `
FROM debian:latest@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
FROM alpine:3.20 AS latest
FROM latest
FROM node:latest-alpine
FROM localhost:5000/latest:1
ARG TAG
FROM python:$TAG
COPY --from=nginx:latest /a /a
# FROM debian:latest
`,
  `
ARG TAG
FROM python:$TAG
`,
]);

checkDockerfile(
  rule,
  [
    `
FROM alpine:edge
            ^^^^ 'edge' moves: pin 'alpine' to a version
FROM alpine:latest
            ^^^^^^ 'latest' moves: pin 'alpine' to a version
=> Pin to 'alpine:3.24'
FROM alpine:edge
FROM alpine:3.24
`,
  ],
  { options: { tags: ['latest', 'edge'] } },
);
