import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { defaultSettings } from '../../server/src/engine/settings.ts';
import { redraw } from './lint-text.ts';

const today = '2026-06-15';

/** Each case is a file with what is found in it drawn under it. */
function cases(title: string, fileName: string, drawings: readonly string[]): void {
  suite(title, () => {
    for (const written of drawings) {
      const drawn = written.replace(/^\n/, '');
      test(drawn, async () => assert.equal(await redraw(drawn, { fileName, today }), drawn));
    }
  });
}

cases('our own comments', 'Dockerfile', [
  `
FROM good
# shipshape ignore=bad-word because it is a test
RUN bad
RUN bad
    ^^^ 'bad' is bad
`,
  `
# shipshape ignore=bad-word
FROM bad
# shipshape: ignore = bad-word , DL9001
# another comment

RUN bad \\
  bad
RUN \\
  # shipshape ignore=bad-word
  bad
`,
  `
RUN bad
    ^^^ 'bad' is bad
# shipshape ignore
RUN bad
`,
  `
RUN bad
# shipshape ignore-file=bad-word
RUN bad
`,
  `
RUN bad
# shipshape ignore-file because it is generated
`,
  `
# shipshape ignores bad-word
RUN bad
    ^^^ 'bad' is bad
# shipshape ignore bad-word
RUN bad
# shipshape ignore many-words because it says other things
RUN bad
    ^^^ 'bad' is bad
# shipshape ignore=
RUN bad
    ^^^ 'bad' is bad
`,
  `
RUN <<EOF
# shipshape ignore=bad-word
EOF
RUN bad
    ^^^ 'bad' is bad
`,
]);

cases('comments that do nothing', 'Dockerfile', [
  `
# shipshape ignore=bad-word
                   ^^^^^^^^ 'bad-word' has nothing to ignore here: remove the comment
FROM good
`,
  `
# shipshape ignore=bad-word,bad-wrod,what-is-this
                            ^^^^^^^^ There is no rule 'bad-wrod': did you mean 'bad-word'?
                                     ^^^^^^^^^^^^ There is no rule 'what-is-this'
FROM bad
`,
  `
# shipshape ignore=many-words because it is off by now
RUN a b c
`,
  `
# shipshape ignore
^^^^^^^^^^^^^^^^^^ This comment has nothing to ignore: remove it
FROM good
`,
  `
# shipshape ignor=bad-word
            ^^^^^ There is no comment 'ignor': did you mean 'ignore'?
RUN bad
    ^^^ 'bad' is bad
# shipshape disable=bad-word
            ^^^^^^^ There is no comment 'disable': use 'ignore' or 'ignore-file'
RUN bad
    ^^^ 'bad' is bad
# shipshape is a linter
`,
  `
# shipshape ignore-file because nobody reads it
# shipshape ignore=bad-word
FROM good
RUN bad
`,
  `
# shipshape ignore-file=unused-suppression
# shipshape ignore=bad-word
FROM good
`,
]);

cases('comments of other linters', 'Dockerfile', [
  `
# hadolint ignore=DL3006,DL9001
RUN bad
RUN bad
    ^^^ 'bad' is bad
`,
  `
# hadolint ignore=DL3006
RUN bad
    ^^^ 'bad' is bad
`,
  `
RUN bad
# hadolint global ignore = DL9001 , DL3006
RUN bad
`,
  `
# hadolint stage ignore=DL9001
FROM a
RUN bad
FROM b
RUN bad
    ^^^ 'bad' is bad
`,
  `
# check=skip=BadWord;error=true
FROM a
RUN bad
`,
  `
# syntax=docker/dockerfile:1
# check=error=true;skip=all
FROM a
RUN bad
`,
  `
# check=error=true
FROM a
RUN bad
    ^^^ 'bad' is bad
`,
  `
FROM a
# check=skip=BadWord
RUN bad
RUN bad
    ^^^ 'bad' is bad
`,
  `
# trivy:ignore:AVD-DS-0002
RUN bad
#trivy:ignore:DS002
RUN bad
# trivy:ignore:DS-0001 trivy:ignore:DS-0002
RUN bad
# trivy:ignore:DS-0001
RUN bad
    ^^^ 'bad' is bad
# trivy:ignore:*
RUN bad
# trivy:ignore:DS-0002:exp:2026-06-14
RUN bad
    ^^^ 'bad' is bad
# trivy:ignore:DS-0002:exp:2026-06-15
RUN bad
`,
  `
RUN bad
# checkov:skip=CKV_DOCKER_3:the base image does it
RUN bad
`,
  `
FROM a
# kics-scan ignore-line
RUN bad \\
 bad
RUN bad
    ^^^ 'bad' is bad
# kics-scan ignore-block
FROM b
RUN bad
FROM c
RUN bad
    ^^^ 'bad' is bad
# kics-scan ignore
RUN bad
    ^^^ 'bad' is bad
`,
  `
# kics-scan disable=fd54f200-402c-4333-a5a4-36ef6709af2f
RUN bad
`,
  `
# kics-scan enable=fd54f200-402c-4333-a5a4-36ef6709af2f
RUN bad
    ^^^ 'bad' is bad
`,
  `
# kics-scan enable=something-else
RUN bad
`,
  `
# dockerfile-utils: ignore
RUN bad
# dockerfile-utils: ignore BAD_WORD
RUN bad
# dockerfile-utils: ignore OTHER
RUN bad
    ^^^ 'bad' is bad
`,
]);

cases('comments in Compose files', 'compose.yaml', [
  `
services:
  # shipshape ignore=bad-value
  web:
    image: bad
  api:
    image: bad
           ^^^ 'bad' is bad
  db: # shipshape ignore=bad-value
    image: bad
  worker:
    image: bad # shipshape ignore=bad-value because
    ports:
      - 80
      # shipshape ignore=bad-value
      - bad
      - bad
        ^^^ 'bad' is bad
`,
  `
services:
  web:
    command: |
      # shipshape ignore=bad-value
      bad
      ^^^ 'bad' is bad
`,
  `
services:
  web:
    image: good # shipshape ignore=bad-value
                                   ^^^^^^^^^ 'bad-value' has nothing to ignore here: remove the comment
`,
  `
services:
  a:
    image: bad # dclint disable-line
    # dclint disable-line no-bad other
    user: bad
    # dclint disable-line other
    build: bad
           ^^^ 'bad' is bad
    # dclint disable
    build: bad
           ^^^ 'bad' is bad
`,
  `
# dclint disable no-bad
services: bad
`,
  `
---
# kics-scan ignore-block
services:
  web: bad
# shipshape ignore-file=bad-value
x-what: bad
`,
]);

test('hadolint may be told to ignore its ignore comments', async () => {
  const drawn = "# hadolint ignore=DL9001\nRUN bad\n    ^^^ 'bad' is bad\n";
  assert.equal(await redraw(drawn, { settings: { ...defaultSettings, withoutHadolintComments: true } }), drawn);
});
