import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { docker, dockerTest, baseImage, ensureBaseImage, folderOf } from '../../docker/docker.ts';
import { ownDaemon } from '../../docker/daemon.ts';
import { build, builders, type Built, ownTemporary, withEnvironment } from './builders.ts';

dockerTest('a daemon that is dead, or dies in the middle, is a failure with its reason', async (context) => {
  const daemon = await ownDaemon(context);
  if (!daemon) return;
  const leftovers = ownTemporary(context);
  const text = `FROM ${baseImage}\nRUN --network=none echo started && sleep 600\n`;
  const old = text.replace('--network=none ', '');
  const [raw, plain, , classic] = await builders();
  assert.ok(raw && plain && classic);
  const mine = (builder: typeof raw) => ({ ...builder, run: withEnvironment(builder.run, daemon.environment) });
  const going = [raw, plain].map((builder) => {
    const folder = folderOf(context, { Dockerfile: text.replace('600', String(600 + Math.random())) });
    const request = { context: folder };
    return new Promise<{ readonly ended: Promise<Built> }>((resolve) => {
      const ended = build(mine(builder), request, {
        onEvent: (event) => {
          if (event.kind === 'output' && event.text.includes('started')) resolve({ ended });
        },
      });
      // One that fails before is no less for the assertions below.
      void ended.then(() => resolve({ ended }));
    });
  });
  const running = await Promise.all(going);
  await daemon.kill();
  for (const { ended } of running) {
    const { outcome } = await ended;
    assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
    assert.match(outcome.failure.message, /^The builder stopped answering: \S/);
    assert.equal(outcome.failure.exitCode, undefined);
  }
  for (const builder of [raw, plain, classic]) {
    const { outcome } = await build(mine(builder), { context: folderOf(context, { Dockerfile: old }) });
    assert.ok(outcome.kind === 'failed');
    assert.match(outcome.failure.message, /^Cannot connect to the Docker daemon/, builder.name);
    assert.equal(outcome.failure.step, undefined);
  }
  assert.deepEqual(leftovers(), []);
});

dockerTest('a full disk is a failure of the step that filled it', async (context) => {
  const daemon = await ownDaemon(context, { megabytes: 40 });
  if (!daemon) return;
  const [raw] = await builders();
  assert.ok(raw);
  const text = `FROM ${baseImage}\nRUN --network=none dd if=/dev/zero of=/big bs=1M count=200\n`;
  const folder = folderOf(context, { Dockerfile: text });
  const { outcome } = await build({ ...raw, run: withEnvironment(raw.run, daemon.environment) }, { context: folder });
  assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
  const { failure } = outcome;
  assert.match([failure.message, ...failure.output].join('\n'), /no space left on device/i);
  assert.equal(failure.step?.place?.index, 2);
});

dockerTest('nothing in a name is ever interpreted', async (context) => {
  ensureBaseImage();
  const names = [
    "it's here",
    'a "b" c',
    '$(touch pwned)',
    '`touch pwned`',
    '-leading',
    'two\nlines',
    'a,b=c',
    '--tag=x',
  ];
  const all = names.join(' ');
  const [raw, , buildkit, classic] = await builders();
  assert.ok(raw && buildkit && classic);
  for (const [builder, tried] of [
    [raw, names],
    [buildkit, [all]],
    [classic, [all]],
  ] as const) {
    for (const name of tried) {
      const text = `FROM ${baseImage}\nARG WORD\nCOPY . /x/\nRUN [ "$WORD" = "$(cat /x/word)" ]\n`;
      // No BuildKit takes a line break in the name of the file itself, and the plan says so.
      const file = name.includes('\n') ? 'Dockerfile' : `Dockerfile ${name}`;
      const root = folderOf(context, { [`${name}/${file}`]: text, [`${name}/word`]: name });
      const request = { dockerfile: `${root}/${name}/${file}`, context: `${root}/${name}` };
      const built = await build(builder, { ...request, arguments: [{ name: 'WORD', value: name }] });
      assert.equal(built.outcome.kind, 'built', `${builder.name}, ${name}: ${JSON.stringify(built.outcome)}`);
      docker('image', 'rm', '--force', built.outcome.image.id ?? '');
      const unknown = await build(builder, { ...request, target: name });
      assert.ok(unknown.outcome.kind === 'failed');
      assert.match(unknown.outcome.failure.message, /target|stage/, `${builder.name}, ${name}`);
      assert.ok(!existsSync('pwned') && !existsSync(`${root}/${name}/pwned`));
    }
  }
});

dockerTest('secrets reach the RUN from a variable or a file, and show nowhere', async (context) => {
  ensureBaseImage();
  const [raw, plain, buildkit] = await builders();
  for (const builder of [raw, plain, buildkit]) {
    assert.ok(builder);
    const text =
      `FROM ${baseImage}\nRUN --mount=type=secret,id=a --mount=type=secret,id=b ` +
      `[ "$(rev /run/secrets/a)" = 2retnuh ] && [ "$(rev /run/secrets/b)" = 3retnuh ] && echo both ${Math.random()}\n`;
    const folder = folderOf(context, { Dockerfile: text, 'of, "mine"/b.txt': 'hunter3' });
    const commands: string[] = [];
    const run = withEnvironment(builder.run, { SHIPSHAPE_TEST_SECRET: 'hunter2' });
    const watched: typeof run = (command, options) => {
      commands.push([command.program, ...command.args].join(' '));
      return run(command, options);
    };
    const { outcome, events } = await build(
      { tool: builder.tool, run: watched },
      {
        context: folder,
        secrets: [
          { id: 'a', from: { kind: 'environment', name: 'SHIPSHAPE_TEST_SECRET' } },
          { id: 'b', from: { kind: 'file', path: `${folder}/of, "mine"/b.txt` } },
        ],
      },
    );
    assert.equal(outcome.kind, 'built', `${builder.name}: ${JSON.stringify(outcome)}`);
    assert.ok(commands.length > 0);
    assert.ok(!/hunter/.test(commands.join('\n') + JSON.stringify(events)));
    docker('image', 'rm', '--force', outcome.image.id ?? '');
  }
});
