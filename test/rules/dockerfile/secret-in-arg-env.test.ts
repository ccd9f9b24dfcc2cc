import rule from '../../../server/src/rules/dockerfile/secret-in-arg-env.ts';
import { checkDockerfile } from '../check-dockerfile.ts';

checkDockerfile(rule, [
  `
FROM debian:12
# for the private registry
arg NPM_TOKEN
    ^^^^^^^^^ 'NPM_TOKEN' stays readable in the image: use a secret mount
RUN --mount=type=cache,target=/a npm ci --token "\${NPM_TOKEN}"
RUN <<EOF
echo "$NPM_TOKEN"
EOF
RUN echo $NPM_TOKENS
=> Mount the secret 'NPM_TOKEN' where it is used
FROM debian:12
# for the private registry
RUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN --mount=type=cache,target=/a npm ci --token "\${NPM_TOKEN}"
RUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN <<EOF
echo "$NPM_TOKEN"
EOF
RUN echo $NPM_TOKENS
`,
  `
FROM debian:12 AS base
ARG API_KEY
    ^^^^^^^ 'API_KEY' stays readable in the image: use a secret mount
FROM base
RUN use $API_KEY\r
=> Mount the secret 'API_KEY' where it is used
FROM debian:12 AS base
FROM base
RUN --mount=type=secret,id=API_KEY,env=API_KEY use $API_KEY\r
`,
  `
FROM debian:12
ARG API_KEY
    ^^^^^^^ 'API_KEY' stays readable in the image: use a secret mount
ENV KEEP=$API_KEY
RUN use $API_KEY
`,
  `
FROM debian:12
ARG API_KEY ONE
    ^^^^^^^ 'API_KEY' stays readable in the image: use a secret mount
ARG TOKEN=abc
    ^^^^^ 'TOKEN' stays readable in the image: use a secret mount
ARG GH_TOKEN
    ^^^^^^^^ 'GH_TOKEN' stays readable in the image: use a secret mount
ARG LATER_TOKEN
    ^^^^^^^^^^^ 'LATER_TOKEN' stays readable in the image: use a secret mount
ONBUILD RUN echo $LATER_TOKEN
RUN use $API_KEY $TOKEN
`,
  `
ARG OPENAI_API_KEY
    ^^^^^^^^^^^^^^ 'OPENAI_API_KEY' stays readable in the image: use a secret mount
FROM debian:12
ARG OPENAI_API_KEY
    ^^^^^^^^^^^^^^ 'OPENAI_API_KEY' stays readable in the image: use a secret mount
RUN use $OPENAI_API_KEY
=> Mount the secret 'OPENAI_API_KEY' where it is used
FROM debian:12
RUN --mount=type=secret,id=OPENAI_API_KEY,env=OPENAI_API_KEY use $OPENAI_API_KEY
`,
  `
ARG API_KEY=abc
    ^^^^^^^ 'API_KEY' stays readable in the image: use a secret mount
FROM debian:12
ARG API_KEY
    ^^^^^^^ 'API_KEY' stays readable in the image: use a secret mount
RUN use $API_KEY
`,
  `
ARG API_KEY
    ^^^^^^^ 'API_KEY' stays readable in the image: use a secret mount
FROM debian:12
ARG API_KEY
    ^^^^^^^ 'API_KEY' stays readable in the image: use a secret mount
RUN use $API_KEY
FROM debian:12
ARG API_KEY
    ^^^^^^^ 'API_KEY' stays readable in the image: use a secret mount
`,
  `
# syntax=docker/dockerfile:1.4
FROM debian:12
ARG API_KEY
    ^^^^^^^ 'API_KEY' stays readable in the image: use a secret mount
RUN use $API_KEY
`,
  `
FROM debian:12
ENV PASSWORD hunter2 is it
    ^^^^^^^^ 'PASSWORD' stays readable in the image: set it when the container starts
ENV A=1 \\
    dbPassword="x" \\
    ^^^^^^^^^^ 'dbPassword' stays readable in the image: set it when the container starts
    API-KEY=y
    ^^^^^^^ 'API-KEY' stays readable in the image: set it when the container starts
ENV AWS_ACCESS_KEY_ID=AKIA123 MYSQL_PWD=a
    ^^^^^^^^^^^^^^^^^ 'AWS_ACCESS_KEY_ID' stays readable in the image: set it when the container starts
                              ^^^^^^^^^ 'MYSQL_PWD' stays readable in the image: set it when the container starts
ONBUILD ENV SECRET=a
            ^^^^^^ 'SECRET' stays readable in the image: set it when the container starts
`,
  `
FROM debian:12
ENV PASSWORD= SECRET=changeme
    ^^^^^^^^ 'PASSWORD' stays readable in the image: set it when the container starts
              ^^^^^^ 'SECRET' stays readable in the image: set it when the container starts
ENV NPM_TOKEN=$BUILD_VALUE
    ^^^^^^^^^ 'NPM_TOKEN' stays readable in the image: set it when the container starts
`,
  `
ENV SOMETHING_VERY_LONG_THAT_HOLDS_A_PASSWORD=x
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 'SOMETHING_VERY_LONG_THAT_HOLDS_A...' stays readable in the image: set it when the container starts
`,
  `
FROM debian:12
COPY key.json $GOOGLE_APPLICATION_CREDENTIALS
              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 'GOOGLE_APPLICATION_CREDENTIALS' is copied into the image: use a secret mount
RUN gcloud auth activate-service-account --key-file=/key.json
                                         ^^^^^^^^^^^^^^^^^^^^ The key file is in the image or its history: use a secret mount
RUN --mount=type=secret,id=key gcloud auth activate-service-account --key-file=/run/secrets/key
`,
  `
FROM debian:12
COPY certs/ /certs/
ENV PRIVATE_KEY=/certs/tls.key OTHER_KEY=/run/secrets/tls.key
    ^^^^^^^^^^^ 'PRIVATE_KEY' stays readable in the image: set it when the container starts
`,
  `
FROM debian:12
ARG NPM_TOKEN
RUN --mount=type=secret,id=npm_token npm ci
`,
  `
FROM debian:12
ENV PUBLIC_KEY=a GPG_KEY=b TOKEN_FILE=/a SECRET_PATH=/b KEY_ID=c TOKEN_URL=d AUTH_MODULE_VERSION=1 APP_USERNAME=e
ENV TOKENIZERS_PARALLELISM=1 KEYCLOAK_HOME=/a MONKEY=b GOPRIVATE=c FACEBOOK_APP_ID=1 PWD=/app
ENV DefaultProcess__Filters__0__Key=ProcessId PRIMARY_KEY=id
ARG ENABLE_AUTH=true
ARG WITH_AUTH=0
LABEL password=x
RUN PASSWORD=x true
`,
  `
FROM debian:12
COPY <<EOF /a
ENV PASSWORD=x
EOF
`,
]);

checkDockerfile(
  rule,
  [
    `
FROM debian:12
ENV API_KEY=a TOKEN=b
              ^^^^^ 'TOKEN' stays readable in the image: set it when the container starts
`,
  ],
  { options: { allow: ['API_KEY'] } },
);
