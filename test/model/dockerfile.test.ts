import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { buildDockerfile } from '../../server/src/model/build-dockerfile.ts';
import type { Dockerfile } from '../../server/src/model/dockerfile.ts';
import { noProject } from '../../server/src/model/project.ts';
import { underline } from '../../server/src/text/draw.ts';
import { shellParser } from '../shell-parser.ts';

const build = (text: string): Dockerfile =>
  buildDockerfile(text.replace(/^\n/, ''), { shell: shellParser, project: noProject });

suite('Stages', () => {
  const drawStages = (text: string) =>
    build(text).stages.map(({ index, name, image, isResolved, parent, reachesFinal, isAncestorOfFinal }) =>
      [
        `${index} ${name?.value ?? '-'}`,
        isResolved ? image.text : `unknown ${image.text}`,
        ...(parent ? [`on ${parent.index}`] : []),
        ...(isAncestorOfFinal ? ['base of final'] : reachesFinal ? ['needed'] : ['not needed']),
      ].join(', '),
    );

  test('know what they are based on and who needs them', () => {
    assert.deepEqual(
      drawStages(`
FROM golang:1.23 AS Build
FROM node:22 AS assets
FROM alpine AS unused
FROM build AS tested
FROM debian:12 AS base
FROM base
COPY --from=BUILD /a /a
RUN --mount=type=bind,from=1,target=/x cp /x/y /y
`),
      [
        '0 Build, golang:1.23, needed',
        '1 assets, node:22, needed',
        '2 unused, alpine, not needed',
        '3 tested, build, on 0, not needed',
        '4 base, debian:12, base of final',
        '5 -, base, on 4, base of final',
      ],
    );
  });

  test('resolve their image by the ARGs above the first FROM', () => {
    assert.deepEqual(
      drawStages(`
ARG REGISTRY=ghcr.io
ARG VERSION
ARG IMAGE="\${REGISTRY}/a/b"
FROM \${IMAGE}:1
FROM debian:\${VERSION}
FROM debian:\${VERSION:-12}
FROM alpine$NOWHERE
FROM --platform=$BUILDPLATFORM x-$TARGETARCH
`),
      [
        '0 -, ghcr.io/a/b:1, not needed',
        '1 -, unknown debian:${VERSION}, not needed',
        '2 -, debian:12, not needed',
        '3 -, alpine, not needed',
        '4 -, unknown x-$TARGETARCH, base of final',
      ],
    );
  });

  test('take a name with a platform variable for the stages it may choose', () => {
    assert.deepEqual(drawStages('FROM a:1 AS base-arm64\nFROM base-${TARGETARCH}\n'), [
      '0 base-arm64, a:1, base of final',
      '1 -, unknown base-${TARGETARCH}, on 0, base of final',
    ]);
  });

  test('find their effective instructions along their bases', () => {
    const dockerfile = build('FROM a AS one\nUSER x\nWORKDIR /w\nFROM one\nUSER y\n');
    const final = dockerfile.finalStage;
    assert.equal(final?.effective('USER')?.words[0]?.value, 'y');
    assert.equal(final.effective('WORKDIR')?.words[0]?.value, '/w');
    assert.equal(final.effective('CMD'), undefined);
  });
});

suite('The runtime of a stage', () => {
  const dockerfile = build(`
ARG PORT=80
FROM node:22 AS base
ENV A=1 B=2
WORKDIR /srv
EXPOSE 9000-9001/UDP
FROM base AS app
ARG PORT
ENV B=3
USER $A:$B
WORKDIR app
WORKDIR "my files"
EXPOSE $PORT 53/udp nonsense
FROM alpine
WORKDIR relative
USER $UNKNOWN
`);
  const [, app, last] = dockerfile.stages.map((stage) => dockerfile.runtimeOf(stage));

  test('adds up along its bases', () => {
    assert.equal(app?.user, '1:3');
    assert.equal(app.workdir, '/srv/app/my files');
    assert.deepEqual(
      app.ports.map(({ port, protocol }) => `${port}/${protocol}`),
      ['9000/udp', '9001/udp', '80/tcp', '53/udp'],
    );
    assert.deepEqual(
      [...app.environment.values()].map(({ name, value }) => `${name}=${value}`),
      ['A=1', 'B=3'],
    );
  });

  test('leaves out what the base image or the build decides', () => {
    assert.equal(last?.user, undefined);
    assert.equal(last?.workdir, undefined);
  });

  test('is built from the stages that it needs', () => {
    const [base, target] = dockerfile.stages;
    assert.ok(base && target);
    assert.deepEqual([...dockerfile.stagesNeededBy(target)], [target, base]);
    assert.deepEqual([...dockerfile.stagesNeededBy(base)], [base]);
  });
});

suite('Variables', () => {
  const lines = `
ARG GLOBAL=g
FROM a AS base
ENV FROM_BASE=1 QUOTED="a b"
FROM base
ARG GLOBAL
ARG OWN=o
ARG NONE
ENV OWN=env
ENV PATHS=$OWN:/bin LEGACY$X=1
ENV LEGACY some words
ARG SELF=$SELF
RUN here
`;
  const expansions: readonly (readonly [string, string | undefined])[] = [
    ['$GLOBAL', 'g'],
    ['${OWN}', 'env'],
    ['$FROM_BASE$QUOTED', '1a b'],
    ['$PATHS', 'env:/bin'],
    ['$LEGACY', 'some words'],
    ['$NONE', undefined],
    ['${NONE:-d}', 'd'],
    ['$PATH', undefined],
    ['${PATH:-x}', undefined],
    ['$SELF', undefined],
    ['\\$OWN', '$OWN'],
    ["'$OWN'", '$OWN'],
    ['"$OWN"', 'env'],
    ['${OWN:+yes}', 'yes'],
    ['${OWN:-${GLOBAL}}', 'env'],
    ['${PATHS#*:}', '/bin'],
    ['${PATHS%%/*}', 'env:'],
    ['${PATHS/bin/sbin}', 'env:/sbin'],
    ['${OWN:?missing}', 'env'],
    ['100%$', '100%$'],
    ['${broken', '${broken'],
  ];
  const dockerfile = build(lines);
  const at = dockerfile.instructions.find(({ keyword }) => keyword === 'RUN');
  for (const [written, expected] of expansions) {
    test(written, () => {
      assert.ok(at);
      assert.equal(dockerfile.expand(written, at), expected);
    });
  }

  test('that double one another cost no time', () => {
    const doubling = Array.from({ length: 60 }, (_, i) => `ARG A${i + 1}=$A${i}$A${i}`).join('\n');
    const { stages } = build(`ARG A0=\n${doubling}\nFROM a$A60\n`);
    assert.equal(stages[0]?.image.text, 'a$A60');
    assert.equal(build('ARG A0=\nARG A1=$A0$A0\nFROM a$A1\n').stages[0]?.image.text, 'a');
  });
});

suite('Scripts', () => {
  const drawCommands = (text: string) => {
    const dockerfile = build(text);
    const problems = dockerfile.instructions.flatMap((instruction) =>
      dockerfile.script(instruction).commands.map(({ range, words }) => ({
        range,
        message: words.map(({ value }) => value).join('|'),
      })),
    );
    return `\n${underline(dockerfile.text, problems)}`;
  };

  const drawings: readonly (readonly [name: string, drawn: string])[] = [
    [
      'are found behind flags, comments and continuations',
      `
FROM debian
RUN --mount=type=cache,target=/x \\
    # why
    apt-get update && \\
    ^^^^^^^^^^^^^^ apt-get|update

    apt-get install \\
    ^^^^^^^^^^^^^^^^^
      # more
^^^^^^^^^^^^
      curl
^^^^^^^^^^ apt-get|install|curl
`,
    ],
    [
      'are found in exec form, in HEALTHCHECK and in sh -c',
      `
FROM debian
CMD ["node", "a b.js"]
     ^^^^^^^^^^^^^^^^ node|a b.js
HEALTHCHECK --interval=1s CMD curl -f x || exit 1
                              ^^^^^^^^^ curl|-f|x
                                           ^^^^^^ exit|1
RUN ["sh", "-c", "a && b"]
     ^^^^^^^^^^^^^^^^^^^^ sh|-c|a && b
                  ^ a
                       ^ b
`,
    ],
    [
      'are found in heredocs that a shell runs, and only there',
      `
FROM debian
RUN <<EOF
a b
^^^ a|b
EOF
RUN <<EOF
#!/usr/bin/env python3
print(1)
EOF
COPY <<EOF /x
not run
EOF
`,
    ],
    [
      'are left alone where the shell is not a POSIX one',
      `
FROM mcr.microsoft.com/windows/servercore:ltsc2022
RUN dir | more
FROM debian
SHELL ["pwsh", "-Command"]
RUN Get-Item | Select-Object
SHELL ["/bin/bash", "-c"]
RUN a
    ^ a
`,
    ],
  ];
  for (const [name, drawn] of drawings) {
    test(name, () => assert.equal(drawCommands(drawn.replace(/^ *\^+.*\n/gm, '')), drawn));
  }

  test('are not even parsed when no word in question is mentioned', () => {
    const dockerfile = build('FROM a\nRUN apt-get update\n');
    const run = dockerfile.instructions[1];
    assert.ok(run);
    assert.deepEqual(dockerfile.script(run, ['npm']).commands, []);
    assert.equal(dockerfile.script(run, ['apt']).commands.length, 1);
  });
});
