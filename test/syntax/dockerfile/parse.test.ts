import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { drawTree } from './draw-tree.ts';

const backtick = '`';
const noBreakSpace = '\u00a0';

// Each fixture is the source; under it, drawn, is every node that the parser sees in it.
const drawings: readonly (readonly [name: string, source: string, drawn: string])[] = [
  [
    'reads parser directives, and only those of the builder',
    '# syntax=docker/dockerfile:1\n# ESCAPE = `\n# note=not one\n# check=skip=all\n\n# escape=\\\nFROM a `\n  AS b\n',
    String.raw`
# syntax=docker/dockerfile:1
  ^^^^^^ directive syntax
         ^^^^^^^^^^^^^^^^^^^ is docker/dockerfile:1
# ESCAPE = ${backtick}
  ^^^^^^ directive escape
           ^ is ${backtick}
# note=not one
^^^^^^^^^^^^^^ comment 'note=not one'
# check=skip=all
  ^^^^^ directive check
        ^^^^^^^^ is skip=all

# escape=\
^^^^^^^^^^ comment 'escape=\'
FROM a ${backtick}
^^^^ FROM
     ^ word a
  AS b
  ^^ word AS
     ^ word b
`,
  ],
  [
    'takes a comment before a directive for the end of directives',
    '# hello\n# escape=`\nFROM a \\\n  AS b\n',
    String.raw`
# hello
^^^^^^^ comment 'hello'
# escape=${backtick}
^^^^^^^^^^ comment 'escape=${backtick}'
FROM a \
^^^^ FROM
     ^ word a
  AS b
  ^^ word AS
     ^ word b
`,
  ],
  [
    'sees directives and instructions after a byte order mark',
    '﻿# escape=`\nFROM a\n',
    String.raw`
﻿# escape=${backtick}
   ^^^^^^ directive escape
          ^ is ${backtick}
FROM a
^^^^ FROM
     ^ word a
`,
  ],
  [
    'keeps Windows line ends out of every range',
    'FROM a\r\nRUN b \\\r\n  c\r\n',
    String.raw`
FROM a␍
^^^^ FROM
     ^ word a
RUN b \␍
^^^ RUN
    ^ word b
  c␍
  ^ word c
`,
  ],
  [
    'drops comments and blank lines from a continued instruction',
    'RUN a \\\n  # why\n\n  b \\\n# last\n  && c\nCMD d\n',
    String.raw`
RUN a \
^^^ RUN
    ^ word a
  # why
  ^^^^^ comment 'why'

^ blank
  b \
  ^ word b
# last
^^^^^^ comment 'last'
  && c
  ^^ word &&
     ^ word c
CMD d
^^^ CMD
    ^ word d
`,
  ],
  [
    'joins a word that is cut in two',
    'FROM deb\\\nian:12\nEN\\\nV A=b\\\nc\n',
    String.raw`
FROM deb\
^^^^ FROM
     ^^^^
ian:12
^^^^^^ word debian:12
EN\
^^^
V A=b\
^ ENV
  ^^^^
c
^ word A=bc
`,
  ],
  [
    'continues after an escape with white space behind it, not after two escapes',
    'RUN a \\  \n  b\nRUN c \\\\\nCMD d\n',
    String.raw`
RUN a \  
^^^ RUN
    ^ word a
  b
  ^ word b
RUN c \\
^^^ RUN
    ^ word c
      ^^ word \
CMD d
^^^ CMD
    ^ word d
`,
  ],
  [
    'reads flags with and without values up to the first word',
    'COPY --link --chown=a:b --from=x \\\n  --parents src --not-a-flag dst/\n',
    String.raw`
COPY --link --chown=a:b --from=x \
^^^^ COPY
     ^^^^^^ flag link
            ^^^^^^^^^^^ flag chown is a:b
                        ^^^^^^^^ flag from is x
  --parents src --not-a-flag dst/
  ^^^^^^^^^ flag parents
            ^^^ word src
                ^^^^^^^^^^^^ word --not-a-flag
                             ^^^^ word dst/
`,
  ],
  [
    'splits COPY at white space only, ENV outside quotes',
    'COPY "a b" c\nENV A="b c" D=e\\ f G=\'h i\'\n',
    String.raw`
COPY "a b" c
^^^^ COPY
     ^^ word a
        ^^ word b
           ^ word c
ENV A="b c" D=e\ f G='h i'
^^^ ENV
    ^^^^^^^ word A=b c
            ^^^^^^ word D=e f
                   ^^^^^^^ word G=h i
`,
  ],
  [
    'reads JSON forms, over several lines too',
    'CMD ["a", "b \\"c\\""]\nENTRYPOINT [ "x", \\\n  "y" ]\nHEALTHCHECK --interval=5s CMD ["z"]\nSHELL []\n',
    String.raw`
CMD ["a", "b \"c\""]
^^^ CMD
     ^^^ json a
          ^^^^^^^^^ json b "c"
ENTRYPOINT [ "x", \
^^^^^^^^^^ ENTRYPOINT
             ^^^ json x
  "y" ]
  ^^^ json y
HEALTHCHECK --interval=5s CMD ["z"]
^^^^^^^^^^^ HEALTHCHECK
            ^^^^^^^^^^^^^ flag interval is 5s
                               ^^^ json z
SHELL []
^^^^^ SHELL
`,
  ],
  [
    'takes what is no JSON array of strings for words',
    'CMD [\'a\', \'b\']\nCMD ["a", 1]\nCMD ["a"] b\nCMD ["\\q"]\n',
    String.raw`
CMD ['a', 'b']
^^^ CMD
    ^^^^^ word [a,
          ^^^^ word b]
CMD ["a", 1]
^^^ CMD
    ^^^^^ word [a,
          ^^ word 1]
CMD ["a"] b
^^^ CMD
    ^^^^^ word [a]
          ^ word b
CMD ["\q"]
^^^ CMD
    ^^^^^^ word [\q]
`,
  ],
  [
    'reads a heredoc as the body of a RUN',
    'RUN <<EOF\napt-get update\n\n# not a comment\nEOF\nCMD a\n',
    String.raw`
RUN <<EOF
^^^ RUN
    ^^^^^ word <<EOF
apt-get update
^^^^^^^^^^^^^^

^
# not a comment
^^^^^^^^^^^^^^^ body of EOF
EOF
^^^ end of EOF
CMD a
^^^ CMD
    ^ word a
`,
  ],
  [
    'reads several heredocs of one line',
    'COPY <<A <<B /dst/\none\nA\ntwo\nB\nRUN c\n',
    String.raw`
COPY <<A <<B /dst/
^^^^ COPY
     ^^^ word <<A
         ^^^ word <<B
             ^^^^^ word /dst/
one
^^^ body of A
A
^ end of A
two
^^^ body of B
B
^ end of B
RUN c
^^^ RUN
    ^ word c
`,
  ],
  [
    'strips tabs only where <<- says so',
    'RUN <<-A cat <<B\n\tone\n\tA\n\tB\nB\nRUN c\n',
    String.raw`
RUN <<-A cat <<B
^^^ RUN
    ^^^^ word <<-A
         ^^^ word cat
             ^^^ word <<B
	one
^^^^ body of A, without tabs
	A
 ^ end of A
	B
^^ body of B
B
^ end of B
RUN c
^^^ RUN
    ^ word c
`,
  ],
  [
    'reads quoted delimiters and file descriptors',
    'RUN 3<<"EOF" cat <<\'X Y\'\n$one\nEOF\nRUN c\n',
    String.raw`
RUN 3<<"EOF" cat <<'X Y'
^^^ RUN
    ^^^^^^^^ word 3<<EOF
             ^^^ word cat
                 ^^^^^^^ word <<X Y
$one
^^^^ body of EOF, quoted
EOF
^^^ end of EOF
RUN c
^^^ RUN
    ^ word c
`,
  ],
  [
    'finds a heredoc after a continuation',
    'RUN a && \\\n  cat <<EOF > b\nc\nEOF\nRUN d\n',
    String.raw`
RUN a && \
^^^ RUN
    ^ word a
      ^^ word &&
  cat <<EOF > b
  ^^^ word cat
      ^^^^^ word <<EOF
            ^ word >
              ^ word b
c
^ body of EOF
EOF
^^^ end of EOF
RUN d
^^^ RUN
    ^ word d
`,
  ],
  [
    'ends a heredoc without its terminator at the end of the file',
    'RUN <<EOF\na\nRUN b\n',
    String.raw`
RUN <<EOF
^^^ RUN
    ^^^^^ word <<EOF
a
^
RUN b
^^^^^ body of EOF
`,
  ],
  [
    'sees no heredoc in JSON, in shifts and in other instructions',
    'RUN ["cat", "<<EOF"]\nRUN echo $((1<<2))\nRUN cat<<EOF\nCMD <<EOF\nLABEL a=<<EOF\n',
    String.raw`
RUN ["cat", "<<EOF"]
^^^ RUN
     ^^^^^ json cat
            ^^^^^^^ json <<EOF
RUN echo $((1<<2))
^^^ RUN
    ^^^^ word echo
         ^^^^^^^^^ word $((1<<2))
RUN cat<<EOF
^^^ RUN
    ^^^^^^^^ word cat<<EOF
CMD <<EOF
^^^ CMD
    ^^^^^ word <<EOF
LABEL a=<<EOF
^^^^^ LABEL
      ^^^^^^^ word a=<<EOF
`,
  ],
  [
    'reads the instruction after ONBUILD',
    'ONBUILD RUN --mount=type=cache,target=/a b <<EOF\nc\nEOF\nONBUILD COPY . /d\nONBUILD\n',
    String.raw`
ONBUILD RUN --mount=type=cache,target=/a b <<EOF
^^^^^^^ ONBUILD
        ^^^ trigger RUN
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ flag mount is type=cache,target=/a
                                         ^ word b
                                           ^^^^^ word <<EOF
c
^ body of EOF
^ body of EOF
EOF
^^^ end of EOF
^^^ end of EOF
ONBUILD COPY . /d
^^^^^^^ ONBUILD
        ^^^^ trigger COPY
             ^ word .
               ^^ word /d
ONBUILD
^^^^^^^ ONBUILD
`,
  ],
  [
    'reads keywords that are cut in two, begin after an escape, or only look like one',
    'U\\\n# why\nSER 1\n\\\n  RUN a\nRU\u00a0N b\n[RUN] c\n',
    String.raw`
U\
^^
# why
^^^^^
^^^^^ comment 'why'
SER 1
^^^ USER
    ^ word 1
\
^
  RUN a
^^^^^ RUN
      ^ word a
RU${noBreakSpace}N b
^^ RU${noBreakSpace}N
   ^ word N
     ^ word b
[RUN] c
^^^^^ [RUN]
      ^ word c
`,
  ],
  [
    'has something for half a file',
    'FROM\nRUN \\\n',
    String.raw`
FROM
^^^^ FROM
RUN \
^^^ RUN
`,
  ],
  [
    'keeps unknown words as instructions',
    'FORM a\n"quoted b\nrun echo\n',
    String.raw`
FORM a
^^^^ FORM
     ^ word a
"quoted b
^^^^^^^ "QUOTED
        ^ word b
run echo
^^^ RUN
    ^^^^ word echo
`,
  ],
  [
    'reads an instruction that ends with the file',
    'FROM a\nCMD b',
    String.raw`
FROM a
^^^^ FROM
     ^ word a
CMD b
^^^ CMD
    ^ word b
`,
  ],
];

suite('Dockerfile syntax', () => {
  for (const [name, source, drawn] of drawings) {
    test(name, () => assert.equal(`\n${drawTree(source)}`, drawn));
  }
});
