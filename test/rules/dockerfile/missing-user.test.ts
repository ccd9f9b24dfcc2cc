import rule from '../../../server/src/rules/dockerfile/missing-user.ts';
import { checkDockerfile } from '../check-dockerfile.ts';

checkDockerfile(rule, [
  `
FROM debian:12
^^^^ The image runs as root: add a 'USER' before the program starts
RUN apt-get update
# What runs
# by default
EXPOSE 80
ENTRYPOINT ["app"]
CMD ["serve"]
=> Create the user 'app' and run as it
FROM debian:12
RUN apt-get update
RUN groupadd --system --gid 10001 app \\
    && useradd --system --uid 10001 --gid app --no-create-home --shell /usr/sbin/nologin app
USER app
# What runs
# by default
EXPOSE 80
ENTRYPOINT ["app"]
CMD ["serve"]
`,
  `
FROM alpine:3.20
^^^^ The image runs as root: add a 'USER' before the program starts
COPY app /app
HEALTHCHECK CMD /app --check
CMD ["/app"]
=> Create the user 'app' and run as it
FROM alpine:3.20
COPY app /app
RUN addgroup -S -g 10001 app \\
    && adduser -S -D -H -u 10001 -G app -s /sbin/nologin app
USER app
HEALTHCHECK CMD /app --check
CMD ["/app"]
`,
  `
from alpine:3.20\r
^^^^ The image runs as root: add a 'USER' before the program starts
copy app /app\r
=> Create the user 'app' and run as it
from alpine:3.20\r
copy app /app\r
run addgroup -S -g 10001 app \\\r
    && adduser -S -D -H -u 10001 -G app -s /sbin/nologin app\r
user app\r
`,
  `
FROM node:22-slim AS build
RUN npm ci
FROM node:22-slim
^^^^ The image runs as root: add a 'USER' before the program starts
COPY --from=build /app /app
CMD ["node", "/app"]
=> Run as 'node'
FROM node:22-slim AS build
RUN npm ci
FROM node:22-slim
COPY --from=build /app /app
USER node
CMD ["node", "/app"]
`,
  `
FROM registry.access.redhat.com/ubi9/ubi-minimal
^^^^ The image runs as root: add a 'USER' before the program starts
COPY app /app
CMD ["/app"]
=> Run as '10001:10001'
FROM registry.access.redhat.com/ubi9/ubi-minimal
COPY app /app
USER 10001:10001
CMD ["/app"]
`,
  `
FROM rockylinux:9-minimal
^^^^ The image runs as root: add a 'USER' before the program starts
CMD ["/app"]
=> Run as '10001:10001'
FROM rockylinux:9-minimal
USER 10001:10001
CMD ["/app"]
`,
  `
FROM gcr.io/distroless/static-debian12
^^^^ The image runs as root: add a 'USER' before the program starts
COPY app /app
CMD ["/app"]
=> Run as 'nonroot'
FROM gcr.io/distroless/static-debian12
COPY app /app
USER nonroot
CMD ["/app"]
`,
  `
FROM busybox
^^^^ The image runs as root: add a 'USER' before the program starts
CMD ["httpd", "-f"]
=> Create the user 'app' and run as it
FROM busybox
RUN addgroup -S -g 10001 app \\
    && adduser -S -D -H -u 10001 -G app -s /sbin/nologin app
USER app
CMD ["httpd", "-f"]
`,
  `
FROM example.com/team/base:1
^^^^ The image runs as root: add a 'USER' before the program starts
CMD ["/app"]
=> Run as '10001:10001'
FROM example.com/team/base:1
USER 10001:10001
CMD ["/app"]
`,
  `
FROM debian:12
^^^^ The image runs as root: add a 'USER' before the program starts
RUN groupadd web && useradd -r -g web -d /srv -s /bin/false server
COPY . /srv
CMD ["/srv/app"]
=> Run as 'server'
FROM debian:12
RUN groupadd web && useradd -r -g web -d /srv -s /bin/false server
COPY . /srv
USER server
CMD ["/srv/app"]
`,
  `
FROM alpine:3.20 AS base
RUN addgroup -S web && adduser -S -h /srv -G web server
FROM base
^^^^ The image runs as root: add a 'USER' before the program starts
CMD ["/srv/app"]
=> Run as 'server'
FROM alpine:3.20 AS base
RUN addgroup -S web && adduser -S -h /srv -G web server
FROM base
USER server
CMD ["/srv/app"]
`,
  `
FROM nginx:1.27
^^^^ The image runs as root: add a 'USER' before the program starts
COPY dist /usr/share/nginx/html
`,
  `
FROM php:8.3-cli
^^^^ The image runs as root: add a 'USER' before the program starts
COPY . /app
CMD ["php", "/app/run.php"]
=> Run as 'www-data'
FROM php:8.3-cli
COPY . /app
USER www-data
CMD ["php", "/app/run.php"]
`,
  `
# escape=\`
FROM debian:12
^^^^ The image runs as root: add a 'USER' before the program starts
CMD ["app"]
=> Create the user 'app' and run as it
# escape=\`
FROM debian:12
RUN groupadd --system --gid 10001 app \`
    && useradd --system --uid 10001 --gid app --no-create-home --shell /usr/sbin/nologin app
USER app
CMD ["app"]
`,
  `
FROM debian:12 AS base
USER app
FROM debian:12
^^^^ The image runs as root: add a 'USER' before the program starts
CMD ["app"]
=> Create the user 'app' and run as it
FROM debian:12 AS base
USER app
FROM debian:12
RUN groupadd --system --gid 10001 app \\
    && useradd --system --uid 10001 --gid app --no-create-home --shell /usr/sbin/nologin app
USER app
CMD ["app"]
`,
  `
FROM debian:12
^^^^ The image runs as root: add a 'USER' before the program starts
CMD ["app"]
RUN late
=> Create the user 'app' and run as it
FROM debian:12
CMD ["app"]
RUN late
RUN groupadd --system --gid 10001 app \\
    && useradd --system --uid 10001 --gid app --no-create-home --shell /usr/sbin/nologin app
USER app
`,
  `
ARG BASE=debian:12
FROM \${BASE}
^^^^ The image runs as root: add a 'USER' before the program starts
CMD ["app"]
=> Create the user 'app' and run as it
ARG BASE=debian:12
FROM \${BASE}
RUN groupadd --system --gid 10001 app \\
    && useradd --system --uid 10001 --gid app --no-create-home --shell /usr/sbin/nologin app
USER app
CMD ["app"]
`,
  `
ARG BASE
FROM $BASE
^^^^ The image runs as root: add a 'USER' before the program starts
CMD ["app"]
=> Run as '10001:10001'
ARG BASE
FROM $BASE
USER 10001:10001
CMD ["app"]
`,
  `
FROM debian:12 AS base
USER 1000
FROM base
CMD ["app"]
`,
  `
FROM debian:12
user app
CMD ["app"]
`,
  `
FROM scratch
COPY app /app
CMD ["/app"]
`,
  `
FROM gcr.io/distroless/static-debian12:nonroot
CMD ["/app"]
`,
  `
FROM cgr.dev/chainguard/static
CMD ["/app"]
`,
  `
FROM bitnami/redis:7
COPY a /a
`,
  `
FROM nginxinc/nginx-unprivileged:1.27
COPY a /a
`,
  `
FROM postgres:17
COPY init.sql /docker-entrypoint-initdb.d/
`,
  `
FROM postgres:17
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres", "-c", "log_statement=all"]
`,
  `
FROM debian:12
RUN apt-get install -y gosu
ENTRYPOINT ["/entry.sh"]
`,
  `
FROM alpine:3.20
ENTRYPOINT ["su-exec", "app", "/app"]
`,
  `
FROM debian:12
CMD su app -c /app
`,
  `
FROM debian:12
ENTRYPOINT ["/usr/bin/supervisord"]
`,
  `
FROM debian:12
ONBUILD COPY . /app
ONBUILD RUN make
`,
  `
FROM mcr.microsoft.com/windows/nanoserver:ltsc2022
CMD ["app.exe"]
`,
  `
RUN true
`,
  `
FROM debian:12
^^^^ The image runs as root: add a 'USER' before the program starts
# gosu is not used
CMD ["app"]
=> Create the user 'app' and run as it
FROM debian:12
RUN groupadd --system --gid 10001 app \\
    && useradd --system --uid 10001 --gid app --no-create-home --shell /usr/sbin/nologin app
USER app
# gosu is not used
CMD ["app"]
`,
]);

checkDockerfile(
  rule,
  [
    `
FROM debian:12
COPY docker/entry.sh /usr/local/bin/
ENTRYPOINT ["entry.sh"]
`,
    `
FROM debian:12
COPY docker /opt/docker
ENTRYPOINT ["/opt/docker/entry.sh"]
`,
    `
FROM debian:12
COPY . .
ENTRYPOINT ["./docker/entry.sh"]
`,
    `
FROM debian:12
^^^^ The image runs as root: add a 'USER' before the program starts
COPY . .
ENTRYPOINT ["./plain.sh"]
=> Create the user 'app' and run as it
FROM debian:12
COPY . .
RUN groupadd --system --gid 10001 app \\
    && useradd --system --uid 10001 --gid app --no-create-home --shell /usr/sbin/nologin app
USER app
ENTRYPOINT ["./plain.sh"]
`,
  ],
  { files: { 'docker/entry.sh': '#!/bin/sh\nexec gosu app "$@"\n', 'plain.sh': '#!/bin/sh\nexec "$@"\n' } },
);
