import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildFailure, Step } from '../../../client/src/build/build.ts';
import { baseImage, docker, dockerTest, ensureBaseImage, folderOf } from '../../docker/docker.ts';
import { build, builders, eventually, ownTemporary, type Built } from './builders.ts';

const buildKit = (name: string): boolean => !name.startsWith('classic');

dockerTest('builds an image, tells its id and steps, and the second time what came from the cache', async (context) => {
  ensureBaseImage();
  for (const builder of await builders()) {
    const text = `FROM ${baseImage} AS base\nRUN echo ${randomUUID()} > /a; sleep 0.3\nRUN echo hello > /b\n`;
    const folder = folderOf(context, { Dockerfile: text });
    const tag = `shipshape-test/${randomUUID()}:1`;
    context.after(() => void spawnSync('docker', ['image', 'rm', '--force', tag]));

    const first = await build(builder, { context: folder, tags: [tag] });
    assert.equal(first.outcome.kind, 'built', `${builder.name}: ${JSON.stringify(first.outcome)}`);
    assert.deepEqual(first.outcome.image, { id: docker('image', 'inspect', '--format', '{{.Id}}', tag), tags: [tag] });
    const slow = stepOf(first, /RUN echo .* > \/a/);
    assert.equal(slow.state, 'done', builder.name);
    assert.ok((slow.seconds ?? 0) >= 0.2 && (slow.seconds ?? 99) < 60, `${builder.name} took ${slow.seconds} s`);
    assert.equal(slow.place?.index, 2, builder.name);
    assert.ok(first.outcome.seconds >= 0.3);

    const second = await build(builder, { context: folder, tags: [tag] });
    assert.equal(second.outcome.kind, 'built');
    assert.deepEqual(
      [stepOf(second, /> \/a/).state, stepOf(second, /> \/b/).state],
      ['cached', 'cached'],
      builder.name,
    );
    assert.ok(second.events.some((event) => event.kind === 'line' && event.text.includes('echo hello')));
  }
});

dockerTest('a failure in the second stage tells message, step, lines, output and exit code', async (context) => {
  ensureBaseImage();
  for (const builder of await builders()) {
    const isClassic = !buildKit(builder.name);
    const command = 'echo first; for i in $(seq 30); do echo line $i; done; sleep 0.2; echo oops >&2; exit 3';
    // The classic builder knows no heredocs.
    const run = isClassic
      ? `RUN ${command}`
      : `RUN <<EOF\n${command.replaceAll('; ', '\n').replace('do\n', 'do ')}\nEOF`;
    const text = `FROM ${baseImage} AS deps\nRUN true\n\nFROM ${baseImage} AS app\nCOPY --from=deps /etc/passwd /x\n# why\n${run}\nRUN true\n`;
    const folder = folderOf(context, { Dockerfile: text });
    const { failure, step, events } = failureIn(await build(builder, { context: folder }));
    assert.equal(failure.exitCode, 3, builder.name);
    assert.match(failure.message, /^(?:process|The command) ["'].*3$/s);
    assert.equal(step?.state, 'failed');
    assert.equal(step.place?.stage, 'app', builder.name);
    assert.equal(step.place.index, 3, builder.name);
    assert.equal(failure.output.length, 20, builder.name);
    assert.deepEqual(failure.output.slice(-2), ['line 30', 'oops'], builder.name);
    // Docker before buildx shows no excerpt.
    if (builder.tool.builder === 'buildx') {
      assert.deepEqual(failure.lines, { first: 7, last: 6 + run.split('\n').length }, builder.name);
    }
    assert.ok(
      events.some((event) => event.kind === 'line' && /\bline 1$/.test(event.text)),
      'the log has all of it',
    );
  }
});

dockerTest('what fails before any step has a message, too', async (context) => {
  ensureBaseImage();
  const good = `FROM ${baseImage}\nRUN true\n`;
  for (const builder of await builders()) {
    const fails = async (text: string, request: Parameters<typeof build>[1] | object = {}): Promise<BuildFailure> => {
      const folder = folderOf(context, { Dockerfile: text });
      return failureIn(await build(builder, { context: folder, ...request })).failure;
    };
    const parse = await fails(`FROM ${baseImage}\nRUN true\nRUM x\n`);
    assert.match(parse.message, /^dockerfile parse error on line 3: unknown instruction: RUM/, builder.name);
    assert.deepEqual(parse.lines, { first: 3, last: 3 });
    const target = await fails(good, { target: 'nope' });
    assert.match(target.message, /^target stage "nope" could not be found$/, builder.name);
    const missing = join(folderOf(context, {}), 'No');
    assert.match((await fails(good, { dockerfile: missing })).message, /No: no such file or directory$/, builder.name);
    const context2 = join(folderOf(context, {}), 'none');
    const dockerfile = join(folderOf(context, { Dockerfile: good }), 'Dockerfile');
    const lost = await fails(good, { context: context2, dockerfile });
    assert.match(lost.message, /^path ".*none" not found$/, builder.name);
    const tag = await fails(good, { tags: ['Bad Name'] });
    assert.match(tag.message, /^invalid (?:tag|argument) "Bad Name".*: invalid reference format/, builder.name);
    const base = await fails('FROM shipshape-test/no-such-image:1\n');
    assert.match(base.message, /no-such-image|registry|dial|lookup/, builder.name);
    const copy = await fails(`FROM ${baseImage}\nCOPY missing.txt /x\n`);
    assert.match(copy.message, /missing\.txt.*(?:not found|does not exist)$/, builder.name);
    assert.match(copy.step?.place?.instruction ?? '', /^COPY missing.txt/, builder.name);
  }
});

dockerTest('cancelling in the middle of a long RUN ends the build, here and in the engine', async (context) => {
  ensureBaseImage();
  const leftovers = ownTemporary(context);
  for (const builder of await builders()) {
    const mark = 6_000_000 + Math.floor(Math.random() * 1_000_000);
    const text = `FROM ${baseImage} AS a\nRUN echo started && sleep ${mark}\n`;
    const folder = folderOf(context, { Dockerfile: text });
    const abort = new AbortController();
    const ended = build(builder, { context: folder }, { signal: abort.signal });
    await eventually(`the RUN of ${builder.name} runs`, () => processesWith(`sleep ${mark}`).length > 0);
    abort.abort();
    const { outcome, events } = await ended;
    assert.deepEqual(outcome, { kind: 'cancelled' });
    const last = stepsIn(events).find((step) => /RUN echo started/.test(step.name));
    assert.equal(last?.state, 'cancelled', builder.name);
    assert.ok(!events.some(({ kind }) => kind === 'failure'));
    await eventually('its processes are gone', () => processesWith(`sleep ${mark}`).length === 0);
    assert.deepEqual(processesWith(folder), [], builder.name);
    assert.deepEqual(leftovers(), []);
    const commands = (): string => docker('ps', '--all', '--no-trunc', '--format', '{{.Command}}');
    await eventually('its containers are gone', () => !commands().includes(`sleep ${mark}`));
  }
});

dockerTest('two builds at once do not mix', async (context) => {
  ensureBaseImage();
  const [builder] = await builders();
  assert.ok(builder);
  const one = async (word: string): Promise<Built> => {
    const text = `FROM ${baseImage}\nRUN for i in 1 2 3 4 5; do echo ${word} $i; sleep 0.1; done; echo ${randomUUID()}\n`;
    const tag = `shipshape-test/${randomUUID()}:${word}`;
    context.after(() => void spawnSync('docker', ['image', 'rm', '--force', tag]));
    return build(builder, { context: folderOf(context, { Dockerfile: text }), tags: [tag] });
  };
  const [left, right] = await Promise.all([one('left'), one('right')]);
  for (const [built, own, other] of [
    [left, 'left 5', 'right'],
    [right, 'right 5', 'left'],
  ] as const) {
    assert.equal(built.outcome.kind, 'built');
    const output = built.events.flatMap((event) => (event.kind === 'output' ? [event.text] : [])).join('');
    assert.ok(output.includes(own) && !output.includes(other));
  }
  assert.notDeepEqual(
    left.outcome.kind === 'built' && left.outcome.image,
    right.outcome.kind === 'built' && right.outcome.image,
  );
});

export function failureIn({ outcome, events }: Built): {
  readonly failure: BuildFailure;
  readonly step: Step | undefined;
  readonly events: Built['events'];
} {
  assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
  assert.equal(events.filter(({ kind }) => kind === 'failure').length, 1);
  return { failure: outcome.failure, step: outcome.failure.step, events };
}

function stepOf({ outcome }: Built, name: RegExp): Step {
  const step = outcome.kind === 'cancelled' ? undefined : outcome.steps.find((each) => name.test(each.name));
  assert.ok(step, `no step ${name}`);
  return step;
}

function stepsIn(events: Built['events']): readonly Step[] {
  const steps = new Map(events.flatMap((event) => (event.kind === 'step' ? [[event.step.id, event.step]] : [])));
  return [...steps.values()];
}

/** The command lines of all processes on this machine, containers included, that hold the text. */
function processesWith(text: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ');
        return line.includes(text) ? [line] : [];
      } catch {
        return [];
      }
    });
}
