import rule from '../../../server/src/rules/dockerfile/empty-continuation-line.ts';
import { checkDockerfile } from '../check-dockerfile.ts';

checkDockerfile(rule, [
  `
FROM alpine:3.20
RUN apk add --no-cache \\

^ Blank line in a continued instruction: delete it
    curl \\

^

^ Blank lines in a continued instruction: delete them
    git
=> Delete the blank line; Delete the blank lines
FROM alpine:3.20
RUN apk add --no-cache \\
    curl \\
    git
`,
  `
FROM alpine:3.20\r
RUN apk add \\\r
\r
^ Blank line in a continued instruction: delete it
    curl\r
=> Delete the blank line
FROM alpine:3.20\r
RUN apk add \\\r
    curl\r
`,
  `
FROM alpine:3.20
RUN apk add \\
    	
^ Blank line in a continued instruction: delete it
    # note

^ Blank line in a continued instruction: delete it
    curl
=> Delete the blank line
FROM alpine:3.20
RUN apk add \\
    # note
    curl
`,
  `
# escape=\`
FROM mcr.microsoft.com/windows/nanoserver:ltsc2022
RUN echo a \`

^ Blank line in a continued instruction: delete it
    b
COPY C:\\a\\ C:\\b\\

RUN echo c
=> Delete the blank line
# escape=\`
FROM mcr.microsoft.com/windows/nanoserver:ltsc2022
RUN echo a \`
    b
COPY C:\\a\\ C:\\b\\

RUN echo c
`,
  `
FROM alpine:3.20
ENV A=1 \\

^ Blank line in a continued instruction: delete it
    B=2
ONBUILD RUN a \\

^ Blank line in a continued instruction: delete it
    b
HEALTHCHECK --interval=5s \\

^ Blank line in a continued instruction: delete it
    CMD true
=> Delete the blank line
FROM alpine:3.20
ENV A=1 \\
    B=2
ONBUILD RUN a \\
    b
HEALTHCHECK --interval=5s \\
    CMD true
`,
  `
RUN a \\

^ Blank line in a continued instruction: delete it
=> Delete the blank line
RUN a \\
`,
  `
FROM alpine:3.20

RUN <<EOF
a \\

b
EOF
COPY <<A <<B /x/

A

B

RUN a \\
    # a comment, then \\
    b

RUN ["a", \\
     "b"]
`,
]);
