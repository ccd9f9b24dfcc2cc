import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { layersOf } from '../../../client/src/image/layers.ts';
import { askHistory, readHistory, type HistoryEntry } from '../../../client/src/tools/container/history.ts';
import { inspectImage, readInspect, type ImageFacts } from '../../../client/src/tools/container/inspect.ts';
import type { ContainerTool } from '../../../client/src/tools/container/tool.ts';
import { baseImage, docker, dockerTest, ensureBaseImage, folderOf } from '../../docker/docker.ts';
import { drawn } from './drawn.ts';

const tool: ContainerTool = {
  kind: 'docker',
  program: 'docker',
  version: '26.1.5',
  builder: 'buildx',
  hasRawProgress: true,
};

interface Builder {
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
}
const buildx: Builder = { program: 'docker', environment: {} };
const classic: Builder = { program: 'docker', environment: { DOCKER_BUILDKIT: '0' } };
/** The client of Debian 12: BuildKit inside, no buildx. */
const old: Builder = { program: '/usr/bin/docker', environment: { DOCKER_BUILDKIT: '1' } };

interface Given {
  readonly builder?: Builder;
  readonly arguments?: ReadonlyMap<string, string>;
  readonly target?: string;
}

function read(program: string, image: string): { history: readonly HistoryEntry[]; facts: ImageFacts } {
  const ask = ({ args }: { readonly args: readonly string[] }): string =>
    execFileSync(program, args, { encoding: 'utf8' });
  const facts = readInspect(ask(inspectImage(tool, image)));
  assert.ok(facts);
  return { history: readHistory(ask(askHistory(tool, image))), facts };
}

/** Builds a Dockerfile and draws the history of its image, with what each line came from. */
function historyOf(context: TestContext, text: string, { builder = buildx, ...given }: Given = {}) {
  ensureBaseImage();
  const folder = folderOf(context, { Dockerfile: text, 'a.txt': 'A\n', 'b c.txt': 'B\n' });
  const image = `shipshape-test/layers-${Math.random().toString(36).slice(2)}:1`;
  const { target, arguments: values = new Map<string, string>() } = given;
  const options = [...values].flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  const stage = target === undefined ? [] : ['--target', target];
  execFileSync(builder.program, ['build', '--tag', image, ...options, ...stage, folder], {
    env: { ...process.env, ...builder.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  context.after(() => void spawnSync('docker', ['image', 'rm', '--force', image], { stdio: 'ignore' }));
  const { history, facts } = read(builder.program, image);
  const { environment, shell } = facts;
  const built = {
    text,
    environment,
    arguments: values,
    ...(target !== undefined && { target }),
    ...(shell && { shell }),
  };
  const lines = drawn(
    history.map(({ createdBy }) => createdBy),
    built,
  );
  return { image, history, facts, origins: lines.split('\n').map((line) => line.split(' | ')[0] ?? '') };
}

/** The line of each instruction that leaves one in the history. */
function instructionLines(text: string, but: RegExp = /^(?:FROM|ONBUILD)/): string[] {
  return text.split('\n').flatMap((line, index) => {
    return /^[A-Z]{3,} /.test(line) && !but.test(line) ? [`line ${index + 1}`] : [];
  });
}

const every = `FROM ${baseImage} AS base
ARG VERSION=1.2
ENV APP_HOME=/srv/app MODE="two words"
LABEL a=b
WORKDIR $APP_HOME
WORKDIR sub/
RUN echo hello $VERSION > a && \\
    # a comment
    head -c 300000 /dev/zero > big
COPY --chown=1000:1000 *.txt ./
COPY ["a.txt", "b c.txt", "dir/"]
ADD a.txt /x/\${VERSION}.txt
RUN ["/bin/sh", "-c", "echo json > j"]
RUN echo same >> same
RUN echo same >> same
EXPOSE 8080 9090/udp
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s CMD true
SHELL ["/bin/sh", "-ec"]
RUN echo other > o
USER app
ENTRYPOINT ["/bin/sh"]
CMD echo "hi  there"
`;
const sizes = { 7: 300_010, 10: 4, 11: 4, 12: 2, 13: 5, 14: 5, 15: 10, 21: 6 };

for (const [name, builder] of Object.entries({ buildx, classic, old })) {
  if (!existsSync(builder.program) && builder === old) continue;
  dockerTest(`all that a Dockerfile can say is found again in the history: ${name}`, (context) => {
    const { history, facts, origins } = historyOf(context, every, { builder });
    assert.deepEqual(origins, ['base', ...instructionLines(every)]);
    for (const [line, bytes] of Object.entries(sizes)) {
      const size = history[origins.indexOf(`line ${line}`)]?.bytes;
      assert.equal(size, bytes, `line ${line}`);
    }
    const { layers, total } = layersOf('x', history, facts);
    assert.equal(total, Number(docker('image', 'inspect', '--format', '{{.Size}}', facts.id)));
    assert.ok(layers.filter(({ bytes }) => bytes > 0).every(({ diffId }) => diffId?.startsWith('sha256:')));
    return Promise.resolve();
  });
}

dockerTest('heredocs of every kind are found again', (context) => {
  const text = `FROM ${baseImage}
RUN <<EOF
echo one > one
echo two > two
EOF
RUN <<-"EOF"
	echo three > three
	EOF
RUN <<EOF
#!/bin/sh
echo script > script
EOF
RUN cat <<EOF > /hd && cat <<OTHER >> /hd
body $VERSION
EOF
more
OTHER
COPY <<"F1" <<-F2 /etc/conf/
first $VERSION
F1
	second
	F2
RUN --mount=type=cache,target=/c --network=none echo x > /y
COPY --link --chmod=644 a.txt /linked
`;
  const { origins } = historyOf(context, text);
  assert.deepEqual(origins, ['base', 'line 2', 'line 6', 'line 9', 'line 13', 'line 18', 'line 23', 'line 24']);
  return Promise.resolve();
});

dockerTest('stages, targets and build arguments lead to the right instructions', (context) => {
  const text = `ARG NAME=wrong
FROM ${baseImage} AS base
ARG NAME
ARG PLATFORM=\${NAME}-x
ENV HELLO=$PLATFORM
RUN echo $NAME > a
COPY a.txt /$NAME/$HELLO
FROM base AS side
RUN echo side
FROM base AS wanted
COPY --from=side /a /$HELLO
COPY a.txt $PATH_OF_BASE/
FROM wanted
RUN echo unwanted
`;
  const names = new Map([['NAME', 'it\'s "a" $name\\ `x`']]);
  const { origins } = historyOf(context, text, { target: 'Wanted', arguments: names });
  const lines = [3, 4, 5, 6, 7, 11].map((line) => `line ${line}`);
  assert.deepEqual(origins.slice(0, 7), ['base', ...lines]);
  return Promise.resolve();
});

dockerTest('an image based on an image of ours keeps to its own lines', (context) => {
  const first = historyOf(context, `FROM ${baseImage}\nRUN echo x > x\nCOPY a.txt /\n`);
  const text = `FROM ${first.image}\nRUN echo x > x\nCOPY a.txt /\n`;
  assert.deepEqual(historyOf(context, text).origins, ['base', 'base', 'base', 'line 2', 'line 3']);
  return Promise.resolve();
});
