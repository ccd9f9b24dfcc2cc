import rule from '../../../server/src/rules/dockerfile/add-instead-of-copy.ts';
import { checkDockerfile } from '../check-dockerfile.ts';

checkDockerfile(rule, [
  `
FROM alpine:3.20
add app.jar /app/
^^^ 'ADD' of local files: use 'COPY'
Add --chown=app:app --link . \\
^^^ 'ADD' of local files: use 'COPY'
    # everything
    /srv/
ADD ["a b.txt", "c.txt", "/srv/"]
^^^ 'ADD' of local files: use 'COPY'
ADD a.txt b.tar.gz /srv/
ADD a.txt https://example.com/b /srv/
ADD repo.git /srv/
^^^ 'ADD' of local files: use 'COPY'
ADD data.zip /srv/
^^^ 'ADD' of local files: use 'COPY'
=> Replace with COPY
FROM alpine:3.20
copy app.jar /app/
COPY --chown=app:app --link . \\
    # everything
    /srv/
COPY ["a b.txt", "c.txt", "/srv/"]
ADD a.txt b.tar.gz /srv/
ADD a.txt https://example.com/b /srv/
COPY repo.git /srv/
COPY data.zip /srv/
`,
  `
FROM alpine:3.20
ONBUILD ADD . /app\r
        ^^^ 'ADD' of local files: use 'COPY'
=> Replace with COPY
FROM alpine:3.20
ONBUILD COPY . /app\r
`,
  `
FROM alpine:3.20
ADD rootfs.tar /
ADD rootfs.TAR.XZ /
ADD "rootfs.tgz" /
ADD ["rootfs.tbz2", "/"]
ADD https://example.com/a /
ADD git@github.com:owner/name.git /src
ADD https://github.com/owner/name.git#v1 /src
ADD github.com/owner/name /src
ADD --checksum=sha256:0123 a /
ADD --unpack=true a /
ADD --keep-git-dir=true git@host:name /
ADD <<EOF /etc/motd
hello
EOF
ADD file:4a5e1f0c0d8b0b2e0f4b9a1f3c1f2e3d4c5b6a79887766554433221100ffeedd in /
ADD
ADD a
`,
  `
ARG WHERE=./site
ARG URL=https://example.com/a
FROM alpine:3.20
ARG WHERE
ARG URL
ARG ARCHIVE
ADD $WHERE /site
^^^ 'ADD' of local files: use 'COPY'
ADD \${URL} /a
ADD $ARCHIVE /b
ADD app$ARCHIVE /b
ADD app-\${ARCHIVE}.tar.gz /b
ADD \${ARCHIVE}/file.txt /b
ADD conf-$ARCHIVE/file.txt /b
^^^ 'ADD' of local files: use 'COPY'
=> Replace with COPY
ARG WHERE=./site
ARG URL=https://example.com/a
FROM alpine:3.20
ARG WHERE
ARG URL
ARG ARCHIVE
COPY $WHERE /site
ADD \${URL} /a
ADD $ARCHIVE /b
ADD app$ARCHIVE /b
ADD app-\${ARCHIVE}.tar.gz /b
ADD \${ARCHIVE}/file.txt /b
COPY conf-$ARCHIVE/file.txt /b
`,
  `
add app.jar /app/
^^^ 'ADD' of local files: use 'COPY'
=> Replace with COPY
copy app.jar /app/
`,
  `
# escape=\`
FROM mcr.microsoft.com/windows/nanoserver:ltsc2022
ADD app.exe \`
^^^ 'ADD' of local files: use 'COPY'
    C:\\app\\
=> Replace with COPY
# escape=\`
FROM mcr.microsoft.com/windows/nanoserver:ltsc2022
COPY app.exe \`
    C:\\app\\
`,
  `
\uFEFFadd app.jar /app/
 ^^^ 'ADD' of local files: use 'COPY'
=> Replace with COPY
\uFEFFcopy app.jar /app/
`,
]);
