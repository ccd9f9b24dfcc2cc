import rule from '../../../server/src/rules/dockerfile/maintainer-deprecated.ts';
import { checkDockerfile } from '../check-dockerfile.ts';

checkDockerfile(rule, [
  `
FROM alpine:3.20
MAINTAINER "Ada Lovelace" <ada@example.com>
^^^^^^^^^^ 'MAINTAINER' is deprecated: use a label
=> Replace with LABEL
FROM alpine:3.20
LABEL org.opencontainers.image.authors="\\"Ada Lovelace\\" <ada@example.com>"
`,
  `
FROM alpine:3.20
MAINTAINER "Ada Lovelace <ada@example.com>"
^^^^^^^^^^ 'MAINTAINER' is deprecated: use a label
=> Replace with LABEL
FROM alpine:3.20
LABEL org.opencontainers.image.authors="Ada Lovelace <ada@example.com>"
`,
  `
FROM alpine:3.20
MAINTAINER 'Ada'
^^^^^^^^^^ 'MAINTAINER' is deprecated: use a label
=> Replace with LABEL
FROM alpine:3.20
LABEL org.opencontainers.image.authors="Ada"
`,
  `
from alpine:3.20
maintainer   Ada $HOME, C:\\ada
^^^^^^^^^^ 'MAINTAINER' is deprecated: use a label
=> Replace with LABEL
from alpine:3.20
label   org.opencontainers.image.authors="Ada \\$HOME, C:\\\\ada"
`,
  `
# escape=\`
FROM mcr.microsoft.com/windows/nanoserver:ltsc2022
MAINTAINER Ada $HOME, C:\\ada
^^^^^^^^^^ 'MAINTAINER' is deprecated: use a label
=> Replace with LABEL
# escape=\`
FROM mcr.microsoft.com/windows/nanoserver:ltsc2022
LABEL org.opencontainers.image.authors="Ada \`$HOME, C:\\ada"
`,
  `
FROM alpine:3.20\r
MAINTAINER Ada\r
^^^^^^^^^^ 'MAINTAINER' is deprecated: use a label
RUN true\r
=> Replace with LABEL
FROM alpine:3.20\r
LABEL org.opencontainers.image.authors="Ada"\r
RUN true\r
`,
  `
FROM alpine:3.20
MAINTAINER Ada \\
^^^^^^^^^^ 'MAINTAINER' is deprecated: use a label
    Lovelace
MAINTAINER
^^^^^^^^^^ 'MAINTAINER' is deprecated: use a label
ONBUILD MAINTAINER Ada
        ^^^^^^^^^^ 'MAINTAINER' is deprecated: use a label
`,
  `
MAINTAINER Ada
^^^^^^^^^^ 'MAINTAINER' is deprecated: use a label
=> Replace with LABEL
LABEL org.opencontainers.image.authors="Ada"
`,
  `
FROM alpine:3.20 AS maintainer
# MAINTAINER Ada
LABEL maintainer="MAINTAINER"
RUN echo \\
    MAINTAINER
COPY <<EOF /a
MAINTAINER Ada
EOF
`,
]);
