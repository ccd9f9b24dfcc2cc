import rule from '../../../server/src/rules/dockerfile/pipefail-missing.ts';
import { checkDockerfile } from '../check-dockerfile.ts';

checkDockerfile(rule, [
  `
FROM debian:12
RUN echo a | b && true
RUN a || true | true
# Fetch it
# and unpack it
run curl a | tar x
    ^^^^^^^^^^^^^^ Only the end of this pipe is checked: set the shell option 'pipefail'
RUN curl b | tar x \\
    ^^^^^^^^^^^^^^^^
    | cat
^^^^^^^^^ Only the end of this pipe is checked: set the shell option 'pipefail'
RUN <<EOF
curl c | tar x
^^^^^^^^^^^^^^ Only the end of this pipe is checked: set the shell option 'pipefail'
EOF
=> Set 'pipefail' with SHELL
FROM debian:12
RUN echo a | b && true
RUN a || true | true
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# Fetch it
# and unpack it
run curl a | tar x
RUN curl b | tar x \\
    | cat
RUN <<EOF
curl c | tar x
EOF
`,
  `
FROM alpine:3.20\r
RUN wget -O- a | tar x\r
    ^^^^^^^^^^^^^^^^^^ Only the end of this pipe is checked: set the shell option 'pipefail'
=> Set 'pipefail' with SHELL
FROM alpine:3.20\r
SHELL ["/bin/ash", "-o", "pipefail", "-c"]\r
RUN wget -O- a | tar x\r
`,
  `
FROM debian:12
SHELL ["/bin/bash", "-c"]
RUN curl a | tar x
    ^^^^^^^^^^^^^^ Only the end of this pipe is checked: set the shell option 'pipefail'
RUN curl b | tar x
    ^^^^^^^^^^^^^^ Only the end of this pipe is checked: set the shell option 'pipefail'
=> Set 'pipefail' with SHELL
FROM debian:12
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN curl a | tar x
RUN curl b | tar x
`,
  `
FROM debian:12 AS base
SHELL ["/bin/bash", "-ec"]
FROM base
RUN curl a | tar x
    ^^^^^^^^^^^^^^ Only the end of this pipe is checked: set the shell option 'pipefail'
=> Set 'pipefail' with SHELL
FROM debian:12 AS base
SHELL ["/bin/bash", "-o", "pipefail", "-ec"]
FROM base
RUN curl a | tar x
`,
  `
FROM debian:12
SHELL ["/bin/sh", "-o", "pipefail", "-c"]
RUN curl a | tar x
    ^^^^^^^^^^^^^^ Only the end of this pipe is checked: set the shell option 'pipefail'
`,
  `
FROM debian:12
RUN ["sh", "-c", "curl a | tar x"]
                  ^^^^^^^^^^^^^^ Only the end of this pipe is checked: set the shell option 'pipefail'
RUN <<EOF
#!/bin/sh
curl a | tar x
^^^^^^^^^^^^^^ Only the end of this pipe is checked: set the shell option 'pipefail'
EOF
RUN <<EOF bash
curl a | tar x
^^^^^^^^^^^^^^ Only the end of this pipe is checked: set the shell option 'pipefail'
EOF
ONBUILD RUN curl a | tar x
            ^^^^^^^^^^^^^^ Only the end of this pipe is checked: set the shell option 'pipefail'
RUN bash -c 'curl a | tar x'
             ^^^^^^^^^^^^^^ Only the end of this pipe is checked: set the shell option 'pipefail'
`,
  `
FROM example.com/unknown:1
RUN curl a | tar x
    ^^^^^^^^^^^^^^ Only the end of this pipe is checked: set the shell option 'pipefail'
RUN { curl a | tar x; } && (curl b |& tar x)
      ^^^^^^^^^^^^^^ Only the end of this pipe is checked: set the shell option 'pipefail'
RUN if curl a | grep -q b; then true; fi
       ^^^^^^^^^^^^^^^^^^ Only the end of this pipe is checked: set the shell option 'pipefail'
`,
  `
FROM debian:12
RUN curl a | tar x
    ^^^^^^^^^^^^^^ Only the end of this pipe is checked: set the shell option 'pipefail'
FROM fedora:44
RUN curl a | tar x
    ^^^^^^^^^^^^^^ Only the end of this pipe is checked: set the shell option 'pipefail'
FROM alpine:3.20
RUN curl a | tar x
    ^^^^^^^^^^^^^^ Only the end of this pipe is checked: set the shell option 'pipefail'
=> Set 'pipefail' with SHELL
FROM debian:12
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN curl a | tar x
FROM fedora:44
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN curl a | tar x
FROM alpine:3.20
SHELL ["/bin/ash", "-o", "pipefail", "-c"]
RUN curl a | tar x
`,
  `
RUN curl a | tar x
    ^^^^^^^^^^^^^^ Only the end of this pipe is checked: set the shell option 'pipefail'
`,
  `
FROM debian:12
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN curl a | tar x
ONBUILD RUN curl a | tar x
SHELL ["bash", "-eo", "pipefail", "-c"]
RUN curl a | tar x
SHELL ["/usr/bin/zsh", "-exo", "pipefail", "-c"]
RUN curl a | tar x
SHELL ["pwsh", "-Command"]
RUN curl a | tar x
`,
  `
FROM alpine:3.20 AS base
SHELL ["/bin/ash", "-eo", "pipefail", "-c"]
FROM base
RUN curl a | tar x
FROM alpine:3.20
SHELL ["/bin/sh", "-o", "pipefail", "-c"]
RUN curl a | tar x
`,
  `
FROM debian:12
RUN set -o pipefail && curl a | tar x
RUN set -euxo pipefail; curl a | tar x
RUN bash -o pipefail -c 'curl a | tar x'
RUN curl a | tar x || true
RUN curl a | tar x || exit 1
RUN A=$(curl a | tar x) && true
RUN echo "a | b" 'a | b' && grep -E 'a|b' c
RUN echo y | command
RUN yes | apt-get install a
RUN a || b
RUN ["grep", "a|b"]
RUN <<EOF
set -o pipefail
curl a | tar x
EOF
RUN case "$A" in a|b) true ;; esac
CMD a | b
HEALTHCHECK CMD a | b
`,
  `
# escape=\`
FROM mcr.microsoft.com/windows/servercore:ltsc2022
RUN dir | find "x"
RUN powershell -Command "Get-Item a | Remove-Item"
`,
  `
FROM mcr.microsoft.com/powershell:latest
RUN pwsh -c 'Get-Item a | Remove-Item'
# hadolint shell=powershell
RUN Get-Item a | Remove-Item
`,
]);
