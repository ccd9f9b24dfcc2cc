import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawn, nothingElse } from './drawn.ts';
import { stillThere } from '../../../client/src/image/unchanged.ts';
import { cpuTime } from '../../cpu-time.ts';

test('each line of a BuildKit history finds its instruction', () => {
  const text = `FROM node AS base
ARG VERSION=1
ENV HOME=/srv
WORKDIR $HOME/app
RUN echo $VERSION \\
  # why
  > a
FROM base
COPY --chown=1:1 $HOME/*.json "two" ./
RUN <<EOF
one
two
EOF
CMD ["x"]
`;
  const history = [
    '# debian.sh',
    'CMD ["bash"]',
    'ARG VERSION=1',
    'ENV HOME=/srv',
    'WORKDIR /srv/app',
    'RUN |1 VERSION=1 /bin/sh -c echo $VERSION   > a # buildkit',
    'COPY --chown=1:1 /srv/*.json two ./ # buildkit',
    'RUN /bin/sh -c one\ntwo\n # buildkit',
    'CMD ["x"]',
  ];
  assert.equal(
    drawn(history, { text, ...nothingElse }),
    `base | # debian.sh
base | CMD ["bash"]
line 2 | ARG VERSION=1
line 3 | ENV HOME=/srv
line 4 | WORKDIR /srv/app
line 5 | RUN |1 VERSION=1 /bin/sh -c echo $VERSION > a # buildkit
line 9 | COPY --chown=1:1 /srv/*.json two ./ # buildkit
line 10 | RUN /bin/sh -c one two # buildkit
line 14 | CMD ["x"]`,
  );
});

test('the builder without BuildKit and Podman leave a checksum of what was copied', () => {
  const text = `FROM alpine
RUN ["echo", "hi"]
COPY a /x/
ADD b /y
RUN apk add curl
USER app
`;
  const sum = 'a'.repeat(64);
  const history = [
    `/bin/sh -c #(nop) ADD file:${sum} in / `,
    '/bin/sh -c #(nop)  CMD ["/bin/sh"]',
    'echo hi',
    `/bin/sh -c #(nop) COPY dir:${sum} in /x/ `,
    `/bin/sh -c #(nop) ADD multi:${sum} in /y `,
    '|1 A=b c /bin/sh -c apk add curl',
    '/bin/sh -c #(nop)  USER app',
  ];
  assert.equal(
    drawn(history, { text, ...nothingElse }).replaceAll(sum, 'SUM'),
    `base | /bin/sh -c #(nop) ADD file:SUM in /
base | /bin/sh -c #(nop) CMD ["/bin/sh"]
line 2 | echo hi
line 3 | /bin/sh -c #(nop) COPY dir:SUM in /x/
line 4 | /bin/sh -c #(nop) ADD multi:SUM in /y
line 5 | |1 A=b c /bin/sh -c apk add curl
line 6 | /bin/sh -c #(nop) USER app`,
  );
});

test('the same instruction twice, here and in the base image, is told apart by its place', () => {
  const text = 'FROM base\nRUN make\nRUN make\nCOPY a b\nRUN make\n';
  const make = 'RUN /bin/sh -c make # buildkit';
  assert.equal(
    drawn([make, 'COPY a b # buildkit', make, make, 'COPY a b # buildkit', make], { text, ...nothingElse }),
    `base | ${make}
base | COPY a b # buildkit
line 2 | ${make}
line 3 | ${make}
line 4 | COPY a b # buildkit
line 5 | ${make}`,
  );
});

test('what two instructions may have made is given to neither', () => {
  const text = 'FROM base\nRUN make\nRUN make\n';
  assert.equal(drawn(['RUN /bin/sh -c make'], { text, ...nothingElse }), '? | RUN /bin/sh -c make');
});

test('what no instruction can have made stays unknown, and the others keep theirs', () => {
  const text = 'FROM base\nRUN one\nRUN two\nRUN three\n';
  assert.equal(
    drawn(['ADD x /', 'RUN /bin/sh -c one', 'RUN /bin/sh -c other', 'RUN /bin/sh -c three'], { text, ...nothingElse }),
    `base | ADD x /
line 2 | RUN /bin/sh -c one
? | RUN /bin/sh -c other
line 4 | RUN /bin/sh -c three`,
  );
  assert.equal(
    drawn(['ADD x /', 'RUN /bin/sh -c uno', 'RUN /bin/sh -c two', 'RUN /bin/sh -c three'], { text, ...nothingElse }),
    `base | ADD x /
? | RUN /bin/sh -c uno
line 3 | RUN /bin/sh -c two
line 4 | RUN /bin/sh -c three`,
  );
});

test('a stage, build arguments, the variables and the shell of the base image all count', () => {
  const text = `ARG DIR=/a
FROM base AS one
ARG DIR
COPY x $DIR/$NODE/
RUN build
FROM one
RUN more
`;
  const built = {
    text,
    target: 'ONE',
    arguments: new Map([['DIR', '/tmp/"quoted" $x']]),
    environment: new Map([['NODE', '22']]),
    shell: ['/bin/bash', '-euc'],
  };
  assert.equal(
    drawn(['COPY x /tmp/"quoted" $x/22/ # buildkit', 'RUN |1 DIR=/tmp /bin/bash -euc build # buildkit'], built),
    `line 4 | COPY x /tmp/"quoted" $x/22/ # buildkit
line 5 | RUN |1 DIR=/tmp /bin/bash -euc build # buildkit`,
  );
});

test('a variable nobody knows fits anything, but a whole instruction of such fits nothing', () => {
  const text = 'FROM base\nCOPY app-$TARGETARCH /bin/app\nCOPY $UNKNOWN $NEITHER\n';
  assert.equal(
    drawn(['COPY app-arm64 /bin/app # buildkit', 'COPY x y # buildkit'], { text, ...nothingElse }),
    `line 2 | COPY app-arm64 /bin/app # buildkit
? | COPY x y # buildkit`,
  );
});

const hostile: readonly [what: string, instruction: string, line: string, from: string][] = [
  [
    'a RUN that mentions a mark of the other builder',
    'RUN echo "#(nop) COPY a b"',
    'RUN /bin/sh -c echo "#(nop) COPY a b" # buildkit',
    'line 2',
  ],
  ['an argument that ends like the command', 'RUN make', 'RUN |1 A=x /bin/sh -c make /bin/sh -c make', '?'],
  ['regular expressions', 'RUN (.*)+$', 'RUN /bin/sh -c (a)', '?'],
  ['the names of prototypes', 'RUN __proto__', 'constructor', '?'],
  ['lone surrogates and control characters', 'RUN \ud800', 'RUN /bin/sh -c \u0000\ud800', '?'],
  ['a count that is none', 'RUN x', 'RUN |99999999999 /bin/sh -c x', '?'],
];
for (const [what, instruction, line, from] of hostile) {
  test(`a history may hold ${what}`, () => {
    const origin = drawn([line], { text: `FROM base\n${instruction}\n`, ...nothingElse }).split(' | ')[0];
    assert.equal(origin, from);
  });
}

test('thousands of lines that are all alike take no time', () => {
  const text = `FROM base\n${'RUN x\n'.repeat(3000)}`;
  const taken = cpuTime(() => {
    const all = drawn(Array<string>(1500).fill('RUN /bin/sh -c x # buildkit'), { text, ...nothingElse });
    assert.equal(all.split('\n').length, 1500);
  });
  assert.ok(taken < 5000, `${taken} ms`);
});

test('instructions are followed through edits, and lost when they change', () => {
  const built = 'FROM a\nRUN one\nRUN two\nRUN two\nRUN three\n';
  const now = '# new\nFROM a\nENV x=y\nRUN one\nRUN  two\nRUN two\nRUN 3\n';
  const found = [...stillThere(built, now)].map(([index, { range }]) => {
    return `${index}: ${now.slice(range.start, range.end)}`;
  });
  assert.deepEqual(found, ['0: FROM a', '1: RUN one', '2: RUN  two', '3: RUN two']);
});
