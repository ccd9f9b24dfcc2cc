import rule from '../../../server/src/rules/dockerfile/last-user-root.ts';
import { checkDockerfile } from '../check-dockerfile.ts';

checkDockerfile(rule, [
  `
FROM node:22-slim
USER root
     ^^^^ The image runs as 'root': switch to another user at the end
RUN apt-get update
CMD ["node", "server.js"]
=> Run as 'node'
FROM node:22-slim
USER root
RUN apt-get update
USER node
CMD ["node", "server.js"]
`,
  `
FROM debian:12
RUN useradd web
USER web
user 0:0
     ^^^ The image runs as '0:0': switch to another user at the end
CMD ["app"]
=> Run as 'web'
FROM debian:12
RUN useradd web
USER web
user web
CMD ["app"]
`,
  `
FROM debian:12
USER root
     ^^^^ The image runs as 'root': switch to another user at the end
ENTRYPOINT ["app"]
=> Create the user 'app' and run as it
FROM debian:12
USER root
RUN groupadd --system --gid 10001 app \\
    && useradd --system --uid 10001 --gid app --no-create-home --shell /usr/sbin/nologin app
USER app
ENTRYPOINT ["app"]
`,
  `
FROM debian:12 AS base
USER root
     ^^^^ The image runs as 'root': switch to another user at the end
FROM base
CMD ["app"]
=> Create the user 'app' and run as it
FROM debian:12 AS base
USER root
FROM base
RUN groupadd --system --gid 10001 app \\
    && useradd --system --uid 10001 --gid app --no-create-home --shell /usr/sbin/nologin app
USER app
CMD ["app"]
`,
  `
ARG WHO=root
FROM debian:12
ARG WHO
USER \${WHO:-app}
USER "$WHO"\r
     ^^^^^^ The image runs as '$WHO': switch to another user at the end
=> Create the user 'app' and run as it
ARG WHO=root
FROM debian:12
ARG WHO
USER \${WHO:-app}
USER "$WHO"\r
RUN groupadd --system --gid 10001 app \\
    && useradd --system --uid 10001 --gid app --no-create-home --shell /usr/sbin/nologin app
USER app
`,
  `
FROM nginx:1.27
USER root
     ^^^^ The image runs as 'root': switch to another user at the end
`,
  `
USER root
     ^^^^ The image runs as 'root': switch to another user at the end
`,
  `
FROM debian:12
USER root
USER app
`,
  `
FROM debian:12 AS build
USER root
FROM debian:12
USER 1000:0
`,
  `
FROM debian:12
USER $UNKNOWN
`,
  `
FROM debian:12
USER app
ONBUILD USER root
`,
  `
FROM debian:12
USER root
ENTRYPOINT ["gosu", "app", "/app"]
`,
  `
FROM postgres:17
USER root
`,
  `
FROM debian:12
USER rooty
# USER root
`,
  `
FROM debian:12
USER
`,
]);

checkDockerfile(
  rule,
  [
    `
FROM alpine:3.20
COPY entry.sh /
USER root
ENTRYPOINT ["/entry.sh"]
`,
  ],
  { files: { 'entry.sh': 'exec su-exec app "$@"' } },
);
