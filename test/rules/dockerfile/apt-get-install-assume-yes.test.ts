import rule from '../../../server/src/rules/dockerfile/apt-get-install-assume-yes.ts';
import { checkDockerfile } from '../check-dockerfile.ts';

checkDockerfile(rule, [
  `
FROM debian:12
run apt-get update && apt-get install curl
                      ^^^^^^^^^^^^^^^ 'apt-get install' stops to ask: add '-y'
RUN DEBIAN_FRONTEND=noninteractive apt-get -t stable -o A=b install -q curl
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 'apt-get install' stops to ask: add '-y'
RUN apt install --no-install-recommends curl \\
    ^^^^^^^^^^^ 'apt install' stops to ask: add '-y'
    # and
    git
RUN if true; then sudo /usr/bin/apt-get install curl; fi
                       ^^^^^^^^^^^^^^^^^^^^^^^^ 'apt-get install' stops to ask: add '-y'
RUN ["apt-get", "install", "curl"]
     ^^^^^^^^^^^^^^^^^^^^ 'apt-get install' stops to ask: add '-y'
RUN ["sh", "-c", "apt-get install curl"]
                  ^^^^^^^^^^^^^^^ 'apt-get install' stops to ask: add '-y'
RUN bash -c 'apt-get install curl'
             ^^^^^^^^^^^^^^^ 'apt-get install' stops to ask: add '-y'
RUN <<EOF
set -e
apt-get -f install
^^^^^^^^^^^^^^^^^^ 'apt-get install' stops to ask: add '-y'
EOF
ONBUILD RUN apt-get install $packages
            ^^^^^^^^^^^^^^^ 'apt-get install' stops to ask: add '-y'
RUN true | apt-get install curl
           ^^^^^^^^^^^^^^^ 'apt-get install' stops to ask: add '-y'
=> Add '-y'
FROM debian:12
run apt-get update && apt-get install -y curl
RUN DEBIAN_FRONTEND=noninteractive apt-get -t stable -o A=b install -y -q curl
RUN apt install -y --no-install-recommends curl \\
    # and
    git
RUN if true; then sudo /usr/bin/apt-get install -y curl; fi
RUN ["apt-get", "install", "-y", "curl"]
RUN ["sh", "-c", "apt-get install -y curl"]
RUN bash -c 'apt-get install -y curl'
RUN <<EOF
set -e
apt-get -f install -y
EOF
ONBUILD RUN apt-get install -y $packages
RUN true | apt-get install -y curl
`,
  `
FROM debian:12\r
RUN apt-get update && \\\r
    apt-get install \\\r
    ^^^^^^^^^^^^^^^ 'apt-get install' stops to ask: add '-y'
        curl\r
=> Add '-y'
FROM debian:12\r
RUN apt-get update && \\\r
    apt-get install -y \\\r
        curl\r
`,
  `
\uFEFFRUN apt-get install curl
     ^^^^^^^^^^^^^^^ 'apt-get install' stops to ask: add '-y'
=> Add '-y'
\uFEFFRUN apt-get install -y curl
`,
  `
FROM debian:12
RUN apt-get install -y a && apt-get -y install a && apt-get install a -y
RUN apt-get install --yes a && apt-get install --assume-yes a && apt-get install -fmy a && apt-get -yqq install a
RUN apt-get -qq install a && apt-get install -q -q a && apt-get -q=2 install a && apt-get --quiet --quiet install a
RUN apt-get update && apt-get upgrade && apt-get remove a && apt-get install-x
RUN yes | apt-get install a && echo y | sudo apt-get install b
RUN apt-get install -o APT::Install-Recommends=0 -y a
RUN apt-get --simulate install a && apt-get install -s a
RUN apt-get install $APT_OPTIONS a
RUN echo apt-get install a # apt-get install b
RUN echo "apt-get install a" > notes
SHELL ["powershell", "-Command"]
RUN apt-get install a
`,
  `
FROM debian:12
RUN echo 'APT::Get::Assume-Yes "true";' > /etc/apt/apt.conf.d/90yes
RUN apt-get install a
`,
  `
FROM debian:12
ENV FLAGS="-y --no-install-recommends" WANTED="curl git"
RUN apt-get install $FLAGS curl
RUN apt-get install $WANTED
    ^^^^^^^^^^^^^^^ 'apt-get install' stops to ask: add '-y'
=> Add '-y'
FROM debian:12
ENV FLAGS="-y --no-install-recommends" WANTED="curl git"
RUN apt-get install $FLAGS curl
RUN apt-get install -y $WANTED
`,
]);
