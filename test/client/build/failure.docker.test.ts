import assert from 'node:assert/strict';
import { baseImage as base, dockerTest, ensureBaseImage } from '../../docker/docker.ts';
import { buildFixed, failingBuild, image, variants, type Broken } from './failing-build.ts';

interface Case {
  readonly title: string;
  readonly broken: Broken;
  /** The line, counted from 1, and what is marked on it. */
  readonly marked: string;
  readonly advice?: RegExp;
  readonly code?: string | number;
  /** The first fix makes it a build that works. */
  readonly isFixed?: boolean;
  /** A line of the message. */
  readonly output?: string;
  /** Only BuildKit knows what is in it. */
  readonly buildKit?: boolean;
}

const hidden = 'node_modules\n*.txt\n';

const cases: readonly Case[] = [
  {
    title: 'a command that is not there, in a chain over several lines of a stage',
    broken: {
      files: {
        Dockerfile: `FROM ${base} AS one
ENV A=b
WORKDIR /app
RUN echo hello && \\
    # why
    foo --bar \\
    && echo no
FROM ${base}
COPY --from=one /app /app
`,
      },
    },
    marked: '6: foo',
    advice: /'foo' is not in the image/,
    code: 127,
  },
  {
    title: 'a command that is not there, in a heredoc',
    broken: { files: { Dockerfile: `FROM ${base}\nRUN true\nRUN <<EOF\nset -e\necho one\nfoo\necho two\nEOF\n` } },
    marked: '6: foo',
    code: 127,
    output: '/bin/sh: foo: not found',
    buildKit: true,
  },
  {
    title: 'a command that is not there, in exec form',
    broken: { files: { Dockerfile: `FROM ${base}\nRUN ["nocmd", "a"]\n` } },
    marked: '2: nocmd',
    advice: /'nocmd' is not in the image/,
  },
  {
    title: 'the right one of two stages with the same instructions',
    broken: {
      files: {
        Dockerfile: `FROM ${base} AS one\nRUN true\nFROM ${base} AS two\nRUN test -e /x\nCOPY --from=one / /y/\n`,
      },
    },
    marked: '4: RUN test -e /x',
    code: 1,
  },
  {
    title: 'a stage based on another one',
    broken: { files: { Dockerfile: `FROM ${base} AS Build\nWORKDIR /x\nFROM build\nRUN true\nRUN false\n` } },
    marked: '5: RUN false',
  },
  {
    title: 'a stage from scratch',
    broken: { files: { Dockerfile: 'FROM scratch\nCOPY a /\nCOPY nope /\n', a: 'a' } },
    marked: '3: nope',
    advice: /no 'nope' in the context/,
    code: 'missing-file',
  },
  {
    title: 'instructions that the base image adds',
    broken: { files: { Dockerfile: 'FROM shipshape-test/failure-onbuild:1\nRUN true\nRUN echo a; false\n', a: 'a' } },
    marked: '3: false',
  },
  {
    title: 'a file that .dockerignore hides, in a COPY over several lines',
    broken: {
      files: {
        Dockerfile: `FROM ${base}\nCOPY a.js \\\n  hidden.txt \\\n  /app/\n`,
        'a.js': '',
        'hidden.txt': 'x',
        '.dockerignore': hidden,
      },
    },
    marked: '3: hidden.txt',
    advice: /hidden by line 2 of '\.dockerignore' \('\*\.txt'\)/,
    isFixed: true,
  },
  {
    title: 'a hidden file whose name has a meaning to patterns and shells',
    broken: {
      files: {
        Dockerfile: `FROM ${base}\nCOPY ["-weird $(touch x).txt", "/app/"]\n`,
        '-weird $(touch x).txt': 'x',
        '.dockerignore': '**',
      },
    },
    marked: '2: -weird $(touch x).txt',
    advice: /hidden by line 1 of '\.dockerignore'/,
    isFixed: true,
  },
  {
    title: 'a misspelt file, in JSON',
    broken: {
      files: {
        Dockerfile: `FROM ${base}\nCOPY ["src/a b.txt", "./src/on.txt", "/x/"]\n`,
        'src/a b.txt': '',
        'src/one.txt': '',
      },
    },
    marked: '2: ./src/on.txt',
    advice: /did you mean 'src\/one\.txt'/,
    isFixed: true,
  },
  {
    title: "a path of the Dockerfile's folder instead of the context's",
    broken: {
      dockerfile: 'docker/Dockerfile',
      files: { 'docker/Dockerfile': `FROM ${base}\nCOPY start.sh /\n`, 'docker/start.sh': '' },
    },
    marked: '2: start.sh',
    advice: /did you mean 'docker\/start\.sh'/,
    isFixed: true,
  },
  {
    title: 'a file that another stage does not have',
    broken: { files: { Dockerfile: `FROM ${base} AS a\nRUN true\nFROM ${base}\nCOPY --from=a /nope /x\n` } },
    marked: '4: /nope',
    advice: /stage 'a' has no '\/nope'/,
  },
  {
    title: 'a path outside the context',
    broken: { files: { Dockerfile: `FROM ${base}\nCOPY ../outside /x\n` } },
    marked: '2: ../outside',
    advice: /outside the context/,
  },
  {
    title: 'the source of a bind mount',
    broken: { files: { Dockerfile: `FROM ${base}\nRUN --mount=type=bind,source=nofile,target=/x true\n` } },
    marked: '2: nofile',
    buildKit: true,
  },
  {
    title: 'a secret that was not given',
    broken: { files: { Dockerfile: `FROM ${base}\nRUN --mount=type=secret,id=tok,required=true true\n` } },
    marked: '2: tok',
    advice: /secret 'tok'/,
    buildKit: true,
  },
  {
    title: 'a misspelt stage in COPY',
    broken: {
      files: { Dockerfile: `FROM ${base} AS build\nRUN true\nFROM ${base}\nCOPY --from=biuld /etc/passwd /x\n` },
    },
    marked: '4: biuld',
    advice: /no stage 'biuld'.*did you mean 'build'/,
    isFixed: true,
  },
  {
    title: 'a misspelt target',
    broken: { target: 'bulid', files: { Dockerfile: `FROM ${base} AS build\nRUN true\nFROM ${base} AS last\n` } },
    marked: '1: build',
    advice: /no stage 'bulid': did you mean 'build'/,
    isFixed: true,
  },
  {
    title: 'a base image from nowhere',
    broken: { files: { Dockerfile: `FROM ${base} AS a\nFROM registry.invalid/none:1\nCOPY --from=a / /x/\n` } },
    marked: '2: registry.invalid/none:1',
    advice: /'registry\.invalid' was not found: check name, network and DNS/,
  },
  {
    title: 'a FROM whose variable is blank',
    broken: { files: { Dockerfile: `FROM ${base} AS a\nARG BASE=${base}\nFROM \${BASE}\nRUN true\n` } },
    marked: '3: ${BASE}',
    advice: /FROM knows only ARGs from before the first FROM/,
    isFixed: true,
  },
  {
    title: 'a misspelt instruction',
    broken: { files: { Dockerfile: `FROM ${base}\nRUN true\nCOPPY a /b\n`, a: '' } },
    marked: '3: COPPY',
    advice: /did you mean 'COPY'/,
    isFixed: true,
  },
  {
    title: 'a misspelt flag',
    broken: { files: { Dockerfile: `FROM ${base}\nRUN true\nCOPY --frm=x a /b\n`, a: '' } },
    marked: '3: frm',
  },
  {
    title: 'a heredoc without an end',
    broken: { files: { Dockerfile: `FROM ${base}\nRUN cat <<EOF\necho\n` } },
    marked: '2: <<EOF',
    advice: /has no end/,
  },
  {
    title: 'an instruction before FROM',
    broken: { files: { Dockerfile: `ARG A\nRUN true\nFROM ${base}\n` } },
    marked: '2: RUN true',
    advice: /Only ARG may stand before/,
  },
  {
    title: 'half a variable',
    broken: { files: { Dockerfile: `FROM ${base}\nENV X=1\nENV Y=\${A+\n` } },
    marked: '3: ${A+',
  },
  {
    title: 'no permission after USER, to a folder that COPY brought',
    broken: {
      files: {
        Dockerfile: `FROM ${base}\nCOPY src /app\nUSER app\nRUN echo a && mkdir /app/b && echo c\n`,
        'src/a': '',
      },
    },
    marked: '4: mkdir /app/b',
    advice: /give it to 'app' with '--chown'/,
    output: "mkdir: can't create directory '/app/b': Permission denied",
    isFixed: true,
  },
  {
    title: 'a script that is not executable',
    broken: {
      files: { Dockerfile: `FROM ${base}\nWORKDIR /app\nCOPY run.sh .\nRUN ./run.sh a\n`, 'run.sh': 'echo a\n' },
    },
    marked: '4: ./run.sh',
    advice: /'run\.sh' is not executable/,
    code: 126,
  },
  {
    title: 'a script whose interpreter is not there',
    broken: { files: { Dockerfile: `FROM ${base}\nCOPY run.sh /\nRUN /run.sh\n`, 'run.sh': '#!/bin/bash\n' } },
    marked: '3: /run.sh',
    advice: /or the interpreter in its first line/,
  },
  {
    title: 'a shell that is not there',
    broken: { files: { Dockerfile: `FROM ${base}\nSHELL ["/bin/bash", "-c"]\nRUN echo a\n` } },
    marked: '3: RUN echo a',
    advice: /shell '\/bin\/bash' is not in the image/,
  },
  {
    title: 'what is no program',
    broken: { files: { Dockerfile: `FROM ${base}\nCOPY tool /\nRUN ["/tool"]\n`, tool: '\0\u0001 no program' } },
    marked: '3: RUN ["/tool"]',
    advice: /Not a program for this platform/,
    // The classic builder may lose what is said in the first instant.
    buildKit: true,
  },
  {
    title: 'a JSON array with single quotes',
    broken: { files: { Dockerfile: `FROM ${base}\nRUN ['echo', 'a']\n` } },
    marked: "2: ['echo',",
    advice: /has double quotes/,
    isFixed: true,
  },
  {
    title: 'a command that was killed',
    broken: { files: { Dockerfile: `FROM ${base}\nRUN sleep 99 & kill -9 $!; wait $!\n` } },
    marked: '2: RUN sleep 99 & kill -9 $!; wait $!',
    advice: /Killed \(137\)/,
    code: 137,
  },
  {
    title: 'a full disk',
    broken: { files: { Dockerfile: `FROM ${base}\nRUN echo a && dd if=/dev/zero of=/dev/shm/x bs=1M count=100\n` } },
    marked: '2: dd if=/dev/zero of=/dev/shm/x bs=1M count=100',
    advice: /disk is full/,
  },
  {
    title: 'a user that is not there',
    broken: { files: { Dockerfile: `FROM ${base}\nUSER nosuch\nRUN true\n` } },
    marked: '3: RUN true',
    advice: /no user or group 'nosuch'/,
  },
  {
    title: 'a host that is not there',
    broken: { files: { Dockerfile: `FROM ${base}\nADD https://nowhere.invalid/x /x\n` } },
    marked: '2: ADD https://nowhere.invalid/x /x',
    advice: /'nowhere\.invalid' was not found/,
  },
  {
    title: 'apt without its package lists',
    broken: {
      files: {
        Dockerfile: `FROM ${base}\nCOPY apt-get /bin/\nRUN echo a && \\\n    apt-get install -y curl\n`,
        'apt-get': `#!/bin/sh
case $1 in
update) mkdir -p /var/lib/apt/lists && touch /var/lib/apt/lists/x ;;
*) [ -e /var/lib/apt/lists/x ] || { echo 'E: Unable to locate package curl' >&2; exit 100; } ;;
esac
`,
      },
    },
    marked: '4: curl',
    advice: /The image has no package lists/,
    code: 100,
    isFixed: true,
  },
  {
    title: 'apk without its index',
    broken: {
      files: {
        Dockerfile: `FROM ${base}\nCOPY apk /bin/\nRUN apk add curl\n`,
        apk: `#!/bin/sh
[ "$2" = --no-cache ] && exit
echo 'ERROR: unable to select packages:'
echo '  curl (no such package):'
echo '    required by: world[curl]'
exit 1
`,
      },
    },
    marked: '3: curl',
    advice: /add '--no-cache'/,
    isFixed: true,
  },
  {
    title: 'npm ci without a lock file',
    broken: {
      files: {
        Dockerfile: `FROM ${base}\nCOPY npm /bin/\nWORKDIR /app\nCOPY package.json ./\nRUN echo a && npm ci\n`,
        npm: `#!/bin/sh
[ -e package-lock.json ] && exit
echo 'npm error code EUSAGE' >&2
echo 'npm error The \`npm ci\` command can only install with an existing package-lock.json or' >&2
exit 1
`,
        'package.json': '{}',
        'package-lock.json': '{}',
      },
    },
    marked: '5: npm ci',
    advice: /'npm ci' needs 'package-lock\.json'/,
    isFixed: true,
  },
  {
    title: 'a file with the line ends of Windows',
    broken: { files: { Dockerfile: `FROM ${base}\r\nRUN echo a && \\\r\n    foo\r\n` } },
    marked: '3: foo',
    code: 127,
  },
];

for (const variant of variants) {
  const { name, tool } = variant;
  const known = (variant.isBrief ? cases.slice(0, 10) : cases).filter(
    ({ buildKit }) => buildKit !== true || tool.builder !== 'classic',
  );
  dockerTest(`${name} is understood when it fails`, async (context) => {
    ensureBaseImage();
    image(context, 'shipshape-test/failure-onbuild:1', `FROM ${base}\nONBUILD COPY a /a\nONBUILD RUN true\n`);
    for (const { title, broken, marked, advice, code, isFixed, output } of known) {
      await context.test(title, async (inner) => {
        const failed = await failingBuild(inner, tool, broken);
        const { explanation, failure } = failed;
        assert.equal(failed.marked, marked, JSON.stringify(failure));
        if (advice) assert.match(explanation.advice ?? '', advice, JSON.stringify(failure));
        if (code !== undefined) assert.equal(explanation.code, code);
        if (output !== undefined) assert.ok(explanation.message.split('\n').includes(output), explanation.message);
        assert.ok((explanation.advice ?? '').length < 100, explanation.advice);
        assert.equal(explanation.isElsewhere, false);
        // What the fix makes of the file is the same for every builder.
        if (isFixed !== true || variant !== variants[0]) return;
        const outcome = await buildFixed(tool, failed);
        assert.equal(outcome.kind, 'built', JSON.stringify(outcome));
      });
    }
  });
}

dockerTest('a daemon that is not there has no place in the file', async (context) => {
  for (const { tool } of variants) {
    const { explanation } = await failingBuild(context, tool, {
      files: { Dockerfile: `FROM ${base}\n` },
      environment: { DOCKER_HOST: 'unix:///nowhere.sock' },
    });
    assert.equal(explanation.isElsewhere, true, explanation.message);
    assert.equal(explanation.advice, 'Docker does not answer: start it, then build again');
  }
});

dockerTest('the builder that knows no mounts says so', async (context) => {
  const classic = variants.find(({ tool }) => tool.builder === 'classic');
  assert.ok(classic);
  const failed = await failingBuild(context, classic.tool, {
    files: { Dockerfile: `FROM ${base}\nRUN --mount=type=cache,target=/x true\n` },
  });
  assert.equal(failed.marked, '2: RUN --mount=type=cache,target=/x true');
  assert.match(failed.explanation.advice ?? '', /'--mount' needs BuildKit/);
});
