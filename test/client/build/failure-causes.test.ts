import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildFailure, BuildRequest } from '../../../client/src/build/build.ts';
import type { FailureFix, Surroundings } from '../../../client/src/build/failure/cause.ts';
import { explain, type Explanation } from '../../../client/src/build/failure/explain.ts';
import { applyEdits } from '../../../server/src/text/problem.ts';
import { cpuTime } from '../../cpu-time.ts';

const request: BuildRequest = {
  dockerfile: '/c/Dockerfile',
  context: '/c',
  platforms: [],
  arguments: [],
  secrets: [],
  tags: [],
  pull: false,
  useCache: true,
};

interface Around {
  readonly files?: readonly string[];
  readonly ignore?: string;
  readonly ownFolder?: string;
}

function around({ files, ignore, ownFolder = '' }: Around): Surroundings {
  return {
    request,
    ownFolder,
    ...(ignore !== undefined && { ignore: { path: '/c/.dockerignore', text: ignore } }),
    list: (folder) => {
      if (!files) return undefined;
      const prefix = folder === '' ? '' : `${folder}/`;
      const inside = files.filter((file) => file.startsWith(prefix));
      return inside.length === 0 ? undefined : inside.map((file) => file.slice(prefix.length).split('/')[0] ?? '');
    },
  };
}

/** The failure of the last instruction, with this output. */
function failed(text: string, exitCode: number, output: readonly string[], given: Around = {}): Explanation {
  const lines = text.trimEnd().split('\n').length;
  const failure = {
    message: `process "/bin/sh -c x" did not complete successfully: exit code: ${exitCode}`,
    exitCode,
    output,
    lines: { first: lines, last: lines },
  };
  return checked(explain(failure, text, around(given)));
}

function refused(
  text: string,
  failure: Partial<BuildFailure> & { readonly message: string },
  given: Around = {},
): Explanation {
  return checked(explain({ output: [], ...failure }, text, around(given)));
}

function checked(explanation: Explanation): Explanation {
  assert.ok((explanation.advice ?? '').length < 100, explanation.advice);
  assert.doesNotMatch(explanation.advice ?? '', /\.$/);
  return explanation;
}

function fixed(text: string, { fixes: [fix] }: Explanation): string | undefined {
  return fix?.kind === 'edit' ? applyEdits(text, fix.edits) : undefined;
}

const noPackage = ['E: Unable to locate package curl'];

test('apt: package lists are fetched in the same RUN', () => {
  const text = 'FROM debian\nRUN echo && DEBIAN_FRONTEND=x apt-get install -y curl\n';
  const explanation = failed(text, 100, noPackage);
  assert.match(explanation.advice ?? '', /no package lists/);
  assert.equal(
    fixed(text, explanation),
    'FROM debian\nRUN echo && apt-get update && DEBIAN_FRONTEND=x apt-get install -y curl\n',
  );
  const sudo = 'FROM debian\nRUN sudo apt-get install -y curl\n';
  assert.equal(
    fixed(sudo, failed(sudo, 100, noPackage)),
    'FROM debian\nRUN sudo apt-get update && sudo apt-get install -y curl\n',
  );
  const stale = ['E: Failed to fetch http://x/y.deb  404  Not Found [IP: 1.2.3.4 80]'];
  assert.match(failed(text, 100, stale).advice ?? '', /out of date/);
});

test('apt: with fresh lists the name is wrong', () => {
  const text = 'FROM debian\nRUN apt-get update && apt-get install -y curl\n';
  const explanation = failed(text, 100, noPackage);
  assert.match(explanation.advice ?? '', /No package 'curl' in this release/);
  assert.deepEqual(explanation.fixes, []);
  const elsewhere = failed('FROM debian\nRUN ./install.sh\n', 100, noPackage);
  assert.deepEqual(elsewhere.fixes, []);
  assert.equal(failed(text, 100, ['E: Something else']).advice, undefined);
});

test('apt: nobody answers', () => {
  const text = 'FROM debian\nRUN apt-get update && apt-get install curl\n';
  const asks = ['Do you want to continue? [Y/n] Abort.'];
  const explanation = failed(text, 1, asks);
  assert.match(explanation.advice ?? '', /add '-y'/);
  assert.equal(fixed(text, explanation), 'FROM debian\nRUN apt-get update && apt-get install -y curl\n');
  assert.equal(failed(text, 1, ['Do you want to continue? [Y/n] y']).advice, undefined);
});

test('apt: a release that is gone', () => {
  const says = ["E: The repository 'http://deb.debian.org/debian buster Release' does not have a Release file."];
  assert.match(failed('FROM debian:buster\nRUN apt-get update\n', 100, says).advice ?? '', /dropped this release/);
});

test('apk: the index is fetched', () => {
  const says = ['ERROR: unable to select packages:', '  crul (no such package):', '    required by: world[crul]'];
  const text = 'FROM alpine\nRUN apk add crul\n';
  const explanation = failed(text, 1, says);
  assert.match(explanation.advice ?? '', /'--no-cache'/);
  assert.equal(fixed(text, explanation), 'FROM alpine\nRUN apk add --no-cache crul\n');
  for (const other of ['apk add --no-cache crul', 'apk update && apk add crul', 'apk -U add crul']) {
    const { advice, fixes } = failed(`FROM alpine\nRUN ${other}\n`, 1, says);
    assert.match(advice ?? '', /No package 'crul' in this release of Alpine/);
    assert.deepEqual(fixes, []);
  }
});

const copy = 'FROM a\nCOPY src/app.js /app/\n';
const missing = { message: '"/src/app.js": not found', lines: { first: 2, last: 2 } };

test('a missing file: hidden, misspelt, elsewhere or absent', () => {
  const hides = refused(copy, missing, { files: ['src/app.js'], ignore: '# x\nnode_modules\n*\n' });
  assert.equal(hides.advice, "It is hidden by line 3 of '.dockerignore' ('*'): make an exception for it");
  const exception: FailureFix = {
    kind: 'append',
    title: "Add the exception '!src/app.js' to '.dockerignore'",
    path: '/c/.dockerignore',
    line: '!src/app.js',
  };
  assert.deepEqual(hides.fixes, [exception]);
  assert.equal(hides.related[0]?.path, '/c/.dockerignore');
  const folder = refused(copy, missing, { files: ['scr/app.js'] });
  assert.equal(fixed(copy, folder), 'FROM a\nCOPY scr/app.js /app/\n');
  const file = refused(copy, missing, { files: ['src/App.js'] });
  assert.equal(fixed(copy, file), 'FROM a\nCOPY src/App.js /app/\n');
  const beside = refused(copy, missing, { files: ['web/src/app.js'], ownFolder: 'web' });
  assert.equal(fixed(copy, beside), 'FROM a\nCOPY web/src/app.js /app/\n');
  assert.match(refused(copy, missing, { files: ['other'] }).advice ?? '', /There is no 'src\/app\.js' in the context/);
});

test('a missing file: nothing is said of what is not known', () => {
  assert.equal(refused(copy, missing).advice, undefined, 'a context that is no folder');
  const there = refused(copy, missing, { files: ['src/app.js'], ignore: 'docs\n' });
  assert.equal(there.advice, undefined, 'it is there by now');
  const variable = refused(
    'FROM a\nARG F=src/app.js\nCOPY $F /app/\n',
    { ...missing, lines: { first: 3, last: 3 } },
    {
      files: ['src/App.js'],
    },
  );
  assert.match(variable.advice ?? '', /did you mean/);
  assert.deepEqual(variable.fixes, [], 'behind a variable');
});

test('a missing file in another stage or image', () => {
  const text = 'FROM a AS build\nFROM a\nCOPY --from=build /dist /app\nCOPY --from=nginx /x /y\n';
  const stage = refused(text, { message: '"/dist": not found', lines: { first: 3, last: 3 } }, { files: ['dist'] });
  assert.match(stage.advice ?? '', /The stage 'build' has no '\/dist'/);
  const image = refused(text, { message: '"/x": not found', lines: { first: 4, last: 4 } });
  assert.match(image.advice ?? '', /The image 'nginx' has no '\/x'/);
});

const unresolved = (image: string, why = 'no such host'): string =>
  `${image}: failed to resolve source metadata for docker.io/library/${image}:latest: ${why}`;

test('unknown stages: did you mean', () => {
  const text = 'FROM a AS build\nFROM b\nCOPY --from=biuld /x /y\n';
  const explanation = refused(text, { message: unresolved('biuld') });
  assert.match(explanation.advice ?? '', /did you mean 'build'/);
  assert.equal(fixed(text, explanation), 'FROM a AS build\nFROM b\nCOPY --from=build /x /y\n');
  const from = 'FROM a AS base\nFROM bsae\n';
  assert.equal(fixed(from, refused(from, { message: unresolved('bsae') })), 'FROM a AS base\nFROM base\n');
  const later = 'FROM a\nCOPY --from=tools /x /y\nFROM a AS tools\n';
  assert.match(refused(later, { message: unresolved('tools') }).advice ?? '', /comes later in the file/);
  assert.deepEqual(refused(text.replace('biuld', 'nginx'), { message: unresolved('nginx') }).fixes, []);
});

test('unknown targets: did you mean, or what there is', () => {
  const meant = refused('FROM a AS build\n', { message: 'target stage "bulid" could not be found' });
  assert.deepEqual(meant.fixes, [{ kind: 'build', title: "Build stage 'build'", target: 'build' }]);
  const other = refused('FROM a AS build\n', { message: 'failed to reach build target zzzzz in Dockerfile' });
  assert.equal(other.advice, "There is no stage 'zzzzz': there is 'build'");
  const none = refused('FROM a\n', { message: 'target stage "x" could not be found' });
  assert.equal(none.advice, "There is no stage 'x': no stage here has a name");
});

test('base images: not there, not for you, not for this platform', () => {
  const says = (message: string): string => refused('FROM nope/x:1\n', { message }).advice ?? '';
  assert.match(
    says('nope/x:1: failed to resolve source metadata for docker.io/nope/x:1: docker.io/nope/x:1: not found'),
    /has no 'nope\/x:1'/,
  );
  assert.match(
    says('pull access denied for nope/x, repository does not exist or may require authorization'),
    /docker login/,
  );
  assert.match(
    says(
      'nope/x:1: failed to resolve source metadata for docker.io/nope/x:1: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope',
    ),
    /or it is not public/,
  );
  assert.match(
    says('failed to resolve source metadata for ghcr.io/nope/x:1: failed to authorize: 401 Unauthorized'),
    /denies 'ghcr\.io\/nope\/x:1'/,
  );
  assert.match(
    says('failed to resolve source metadata for docker.io/nope/x:1: no match for platform in manifest: not found'),
    /not made for this platform/,
  );
  assert.match(
    says('failed to resolve source metadata for docker.io/nope/x:1: 429 Too Many Requests'),
    /limit of pulls/,
  );
  assert.match(says('manifest for nope/x:1 not found: manifest unknown: manifest unknown'), /has no 'nope\/x:1'/);
  assert.equal(says('something else'), '');
});

test('network and certificates', () => {
  const run = 'FROM a\nRUN x\n';
  const says = (line: string): string | undefined => failed(run, 1, [line]).advice;
  assert.match(
    says('curl: (6) Could not resolve host: example.invalid') ?? '',
    /'example\.invalid' was not found in the network/,
  );
  assert.match(
    says("W: Failed to fetch http://x  Temporary failure resolving 'deb.debian.org'") ?? '',
    /'deb\.debian\.org'/,
  );
  assert.match(says('npm error errno EAI_AGAIN') ?? '', /A name was not found/);
  assert.match(says('curl: (7) Failed to connect to x port 80: Connection refused') ?? '', /did not answer/);
  assert.match(
    says('curl: (60) SSL certificate problem: self-signed certificate in certificate chain') ?? '',
    /not trusted/,
  );
  assert.match(says('curl: (77) error setting certificate verify locations') ?? '', /trusts no certificates/);
  assert.equal(says('curl: (22) The requested URL returned error: 404'), undefined);
  const pull = refused('FROM r.example/x\n', {
    message:
      'failed to resolve source metadata for r.example/x:latest: tls: failed to verify certificate: x509: certificate signed by unknown authority',
  });
  assert.match(pull.advice ?? '', /registry's certificate is not trusted/);
  const noHost = refused('FROM alpine\n', {
    message: unresolved('alpine', 'dial tcp: lookup registry-1.docker.io on 1.1.1.1:53: no such host'),
  });
  assert.match(noHost.advice ?? '', /'registry-1\.docker\.io' was not found: check name, network and DNS/);
});

test('permission denied after USER: packages, files, scripts', () => {
  const head = 'FROM a\nCOPY src /app\nUSER app\n';
  const apt = failed(`${head}RUN apt-get update\n`, 100, [
    'E: List directory /var/lib/apt/lists/partial is missing. - Acquire (13: Permission denied)',
  ]);
  assert.match(apt.advice ?? '', /move this RUN before USER/);
  const text = `${head}RUN mkdir /app/b\n`;
  const denied = ["mkdir: cannot create directory '/app/b': Permission denied"];
  assert.equal(fixed(text, failed(text, 1, denied)), text.replace('COPY', 'COPY --chown=app'));
  const other = failed(`${head}RUN mkdir /b\n`, 1, ["mkdir: cannot create directory '/b': Permission denied"]);
  assert.match(other.advice ?? '', /move it before USER/);
  assert.deepEqual(other.fixes, []);
  const root = failed('FROM a\nUSER 0:0\nRUN mkdir /b\n', 1, denied);
  assert.equal(root.advice, undefined);
  assert.equal(failed('FROM a\nRUN mkdir /b\n', 1, denied).advice, undefined);
  const script = 'FROM a\nCOPY run.sh /\nRUN /run.sh\n';
  const explanation = failed(script, 126, ['/bin/sh: 1: /run.sh: Permission denied']);
  assert.equal(fixed(script, explanation), 'FROM a\nCOPY --chmod=755 run.sh /\nRUN /run.sh\n');
});

test('commands that are not there, by what the image is', () => {
  const alpine = 'FROM node:22-alpine\nRUN bash x.sh\n';
  const bash = failed(alpine, 127, ['/bin/sh: bash: not found']);
  assert.equal(bash.advice, "'bash' is not in the image: install 'bash' before, or use 'sh'");
  assert.equal(fixed(alpine, bash), 'FROM node:22-alpine\nRUN apk add --no-cache bash\nRUN bash x.sh\n');
  const debian = 'FROM debian:12\nRUN ps\n';
  assert.match(
    fixed(debian, failed(debian, 127, ['/bin/sh: 1: ps: not found'])) ?? '',
    /install -y --no-install-recommends procps/,
  );
  const user = 'FROM alpine\nUSER app\nRUN bash x.sh\n';
  assert.deepEqual(failed(user, 127, ['/bin/sh: bash: not found']).fixes, []);
  assert.match(
    failed('FROM alpine\nRUN apt-get update\n', 127, ['/bin/sh: apt-get: not found']).advice ?? '',
    /Alpine has no 'apt-get'/,
  );
  assert.match(
    failed('FROM ubuntu\nRUN apk add x\n', 127, ['/bin/sh: 1: apk: not found']).advice ?? '',
    /have no 'apk'/,
  );
  assert.match(
    failed('FROM a\nRUN toString\n', 127, ['/bin/sh: toString: not found']).advice ?? '',
    /install it first/,
  );
  assert.equal(failed('FROM a\nRUN x\n', 127, []).advice, undefined);
});

test('memory, disk and platform', () => {
  const run = 'FROM a\nRUN x\n';
  assert.match(failed(run, 137, []).advice ?? '', /Killed \(137\)/);
  assert.match(
    failed(run, 134, ['FATAL ERROR: Reached heap limit - JavaScript heap out of memory']).advice ?? '',
    /max-old-space-size/,
  );
  assert.match(failed(run, 1, ['cc1plus: fatal error: cannot allocate memory']).advice ?? '', /Out of memory/);
  assert.match(failed(run, 1, ['write /x: no space left on device']).advice ?? '', /disk is full/);
  assert.match(failed(run, 1, ['exec /bin/sh: exec format error']).advice ?? '', /Not a program for this platform/);
  assert.match(
    failed('FROM --platform=linux/arm64 a\nRUN x\n', 1, ['exec /bin/sh: exec format error']).advice ?? '',
    /QEMU/,
  );
  assert.equal(failed(run, 143, []).advice, undefined);
});

test('lock files: missing, hidden, out of date', () => {
  const text = 'FROM node\nCOPY package.json ./\nRUN npm ci\n';
  const says = ['npm error The `npm ci` command can only install with an existing package-lock.json or'];
  assert.equal(
    fixed(text, failed(text, 1, says, { files: ['package.json', 'package-lock.json'] })),
    'FROM node\nCOPY package.json package-lock.json ./\nRUN npm ci\n',
  );
  assert.deepEqual(failed(text, 1, says, { files: ['package.json'] }).fixes, []);
  const hides = failed(text, 1, says, { files: ['package-lock.json'], ignore: '*-lock.json' });
  assert.match(hides.advice ?? '', /which line 1 of '\.dockerignore' hides/);
  const outdated = ['npm error `npm ci` can only install packages when your package.json and package-lock.json or'];
  assert.match(failed(text, 1, outdated).advice ?? '', /Lock file and 'package\.json' differ/);
  assert.match(
    failed('FROM node\nRUN pnpm i --frozen-lockfile\n', 1, ['ERR_PNPM_NO_LOCKFILE  Cannot install']).advice ?? '',
    /pnpm-lock\.yaml/,
  );
  assert.equal(failed(text, 1, ['npm error code E500']).advice, undefined);
});

test('files that are copied too late', () => {
  const says = ["ERROR: Could not open requirements file: [Errno 2] No such file or directory: 'requirements.txt'"];
  const late = failed('FROM python\nWORKDIR /app\nRUN pip install -r requirements.txt\n', 1, says);
  assert.match(late.advice ?? '', /check WORKDIR/);
  const text = 'FROM python\nRUN pip install -r requirements.txt\nCOPY . .\n';
  const failure = { message: 'exit code: 1', exitCode: 1, output: says, lines: { first: 2, last: 2 } };
  const explanation = refused(text, failure);
  assert.equal(explanation.advice, "'requirements.txt' is copied only after this: move the COPY up");
  assert.equal(explanation.related.length, 1);
});

test('what the parsers refuse', () => {
  const unknown = 'FROM a\nRNU x\n';
  const typo = refused(unknown, { message: 'dockerfile parse error on line 2: unknown instruction: RNU' });
  assert.equal(fixed(unknown, typo), 'FROM a\nRUN x\n');
  const lost = refused('FROM a\nRUN x &&\n  yarn\n', {
    message: 'dockerfile parse error on line 3: unknown instruction: yarn',
  });
  assert.match(lost.advice ?? '', /end its line with '\\'/);
  const indented = refused('FROM a\nRUN <<EOF\necho\n  EOF\n', { message: 'unterminated heredoc' });
  assert.match(indented.advice ?? '', /take away the white space/);
  const blank = 'FROM a AS x\nARG BASE=b\nFROM $BASE\n';
  assert.equal(
    fixed(blank, refused(blank, { message: 'base name ($BASE) should not be blank' })),
    `ARG BASE=b\n${blank}`,
  );
  const global = refused('ARG BASE\nFROM $BASE\n', { message: 'base name ($BASE) should not be blank' });
  assert.match(global.advice ?? '', /'BASE' has no value/);
  assert.match(
    refused('FROM a AS a\n', { message: 'circular dependency detected on stage: a' }).advice ?? '',
    /Stage 'a' needs itself/,
  );
  assert.match(refused('', { message: 'file with no instructions' }).advice ?? '', /start it with 'FROM'/);
  const several = 'FROM a\nCOPY b c /d\n';
  const slash = refused(several, {
    message: 'When using COPY with more than one source file, the destination must be a directory and end with a /',
    lines: { first: 2, last: 2 },
  });
  assert.equal(fixed(several, slash), 'FROM a\nCOPY b c /d/\n');
  const heredoc = refused('FROM a\nCOPY <<EOF /x\nhi\nEOF\n', {
    message: 'COPY failed: no source files were specified',
    lines: { first: 2, last: 2 },
  });
  assert.match(heredoc.advice ?? '', /Heredocs need BuildKit/);
});

test('other common ones', () => {
  const run = 'FROM a\nRUN x\n';
  assert.match(failed(run, 1, ['error: externally-managed-environment']).advice ?? '', /make a venv/);
  assert.match(failed(run, 127, ["env: 'bash\\r': No such file or directory"]).advice ?? '', /CRLF/);
  assert.match(failed(run, 127, ["x.sh: line 2: $'\\r': command not found"]).advice ?? '', /CRLF/);
  const user = refused('FROM a\nUSER nope\nRUN x\n', {
    message:
      'process "/bin/sh -c x" did not complete successfully: unable to find user nope: no matching entries in passwd file',
    lines: { first: 3, last: 3 },
  });
  assert.match(user.advice ?? '', /no user or group 'nope'/);
  assert.equal(user.related.length, 1);
});

test('the daemon: nothing in the file is to blame', () => {
  for (const message of [
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
    'The builder stopped answering: error reading from server: EOF',
  ]) {
    assert.equal(refused('FROM a\n', { message }).isElsewhere, true, message);
  }
  const inStep = failed('FROM a\nRUN docker ps\n', 1, [
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock',
  ]);
  assert.equal(inStep.isElsewhere, false);
});

test('the message has what failed, the advice and the last ten lines, readable', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  const escape = String.fromCodePoint(27);
  const { message, code } = failed('FROM a\nRUN x\n', 137, [...lines, `10%\r${escape}[91mlast${escape}[0m`, '']);
  const [headline, advice, ...output] = message.split('\n');
  assert.equal(headline, "'RUN' failed with exit code 137");
  assert.match(advice ?? '', /Killed/);
  assert.deepEqual(output, [...lines.slice(-9), 'last']);
  assert.equal(code, 137);
  const long = failed('FROM a\nRUN x\n', 1, ['x'.repeat(5000)]);
  assert.ok(long.message.length < 400);
});

test('any text and any words have an explanation', () => {
  const texts = ['', 'FROM', 'RUN', 'COPY', 'FROM a\nRUN <<', '\uFEFFFROM a\nCOPY --from= a', 'RUN "', 'USER\nRUN'];
  const messages = [
    '',
    '"/": not found',
    '"/\\q": not found',
    'target stage "" could not be found',
    'base name () should not be blank',
  ];
  for (const text of texts) {
    for (const message of messages) {
      for (const lines of [undefined, { first: 0, last: -1 }, { first: 99, last: 100 }]) {
        const { range } = refused(text, { message, ...(lines && { lines }) }, { files: ['x'], ignore: '*' });
        assert.ok(range.start >= 0 && range.end <= text.length && range.start <= range.end, `${text} ${message}`);
      }
    }
  }
});

test('Podman words it in its own way', () => {
  const message =
    'building at STEP "COPY src/app.js /app/": checking on sources under "/c": copier: stat: "/src/app.js": no such file or directory';
  const explanation = refused(copy, { message }, { files: ['src/App.js'] });
  assert.equal(fixed(copy, explanation), 'FROM a\nCOPY src/App.js /app/\n');
});

test('hostile names are named, and never put where they would be read', () => {
  for (const name of ['src/app.js\n', 'src/$app.js', 'src/app .js', 'src/[app.js']) {
    const { fixes, advice } = refused(copy, missing, { files: [name] });
    assert.deepEqual(fixes, []);
    assert.match(advice ?? '', /did you mean/);
    assert.doesNotMatch(advice ?? '', /\n/);
  }
});

test('a message as long as a program takes no time', () => {
  const taken = cpuTime(() => {
    for (const part of [
      'stat ',
      'process "',
      '\\"',
      '"/',
      'failed to process "',
      'lstat /var/lib/docker/tmp/',
      "'",
      ': ',
    ]) {
      refused('FROM a\nRUN x\n', { message: `COPY failed: ${part.repeat(100_000)}` });
    }
  });
  assert.ok(taken < 4000, `${taken} ms`);
});
