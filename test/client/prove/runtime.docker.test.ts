import assert from 'node:assert/strict';
import { after } from 'node:test';
import { baseImage, docker, dockerTest } from '../../docker/docker.ts';
import { appOf, containersLeft, goodServer, proofOf, untilStopped, verdictOn } from '../../docker/prove-images.ts';

after(() => assert.deepEqual(containersLeft(), []));

const withMore = (dockerfile: string, ...instructions: readonly string[]): string =>
  [dockerfile, ...instructions].join('\n');

dockerTest('a good server keeps all that is asked of a running app, and soon', async (context) => {
  const asked = [
    'non-root',
    'read-only',
    'no-privileges',
    'limits',
    'port',
    'healthy',
    'unhealthy-when-stopped',
    'stops',
    'no-zombies',
  ] as const;
  const proof = await proofOf(context, goodServer, asked);
  assert.deepEqual(
    proof.verdicts.map(({ promise, outcome, message }) => [promise, outcome === 'kept' ? outcome : message]),
    asked.map((promise) => [promise, 'kept']),
  );
  // Three containers, and some looks at each. On a busy machine one that does nothing takes a second and more, too.
  const begun = performance.now();
  docker('run', '--rm', baseImage, 'true');
  const one = (performance.now() - begun) / 1000;
  assert.ok(proof.seconds < Math.max(60, 60 * one), `it took ${proof.seconds} s, and one container ${one} s`);
  assert.match(proof.imageId, /^sha256:[0-9a-f]{64}$/);
});

dockerTest('non-root: the user of the first process, not what is written', async (context) => {
  const root = await verdictOn(context, 'non-root', appOf(untilStopped));
  assert.equal(root.outcome, 'broken');
  assert.equal(root.message, 'Runs as root (uid 0)');
  assert.match(root.advice ?? '', /USER/);
  assert.deepEqual(root.concerns[0], { kind: 'instruction', keyword: 'USER' });
  const app = await verdictOn(context, 'non-root', appOf(untilStopped, ['USER app']));
  assert.deepEqual([app.outcome, app.message], ['kept', 'Runs as uid 1000']);
});

dockerTest('read-only: names the first path that could not be written', async (context) => {
  const broken = await verdictOn(
    context,
    'read-only',
    appOf(['echo 1 > /tmp/fine', 'echo 1 > "/var/a b" || exit 7', ...untilStopped]),
    {},
  );
  assert.equal(broken.outcome, 'broken');
  assert.match(
    broken.message,
    /^Cannot write '\/var\/a b': exits with 7 after \d+\.\d s with a read-only file system$/,
  );
  assert.match(broken.advice ?? '', /'\/var'/);
  assert.ok(broken.details?.includes('Writes when it may: /var/a b'), broken.details?.join('\n'));
  const kept = await verdictOn(context, 'read-only', appOf(['echo 1 > /tmp/fine || exit 7', ...untilStopped]), {});
  assert.equal(kept.outcome, 'kept', kept.message);
  const goesOn = await verdictOn(context, 'read-only', appOf(['echo 1 > /var/x', ...untilStopped]), {});
  assert.equal(goesOn.outcome, 'kept');
  assert.match(goesOn.message, /though it could not write '\/var\/x'/);
});

dockerTest('no-privileges: an app that has to change owners at start', async (context) => {
  const broken = await verdictOn(context, 'no-privileges', appOf(['chown 1000 /var || exit 9', ...untilStopped]), {});
  assert.equal(broken.outcome, 'broken');
  assert.match(broken.message, /^Exits with 9 after \d+\.\d s without capabilities$/);
  assert.match(broken.details?.[0] ?? '', /chown.*Operation not permitted/);
  assert.match(broken.advice ?? '', /--chown/);
  const kept = await verdictOn(context, 'no-privileges', appOf(untilStopped));
  assert.equal(kept.outcome, 'kept', kept.message);
});

dockerTest('limits: out of memory is told apart from other ends', async (context) => {
  // An engine that is told of the end before the reason forgets the reason: the shell stays a moment longer.
  const hog = appOf(['dd if=/dev/zero of=/dev/null bs=64M count=1 2>&1 || { sleep 1; exit 5; }', ...untilStopped]);
  const hungry = await verdictOn(context, 'limits', hog, { memory: '24m' });
  assert.equal(hungry.outcome, 'broken');
  assert.match(hungry.message, /^Out of memory at 24m: /);
  const kept = await verdictOn(context, 'limits', hog, { memory: '256m' });
  assert.deepEqual([kept.outcome, kept.message], ['kept', 'Boots within 256m of memory and 1 CPU']);
  const picky = appOf([
    '[ $(cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null) = 512 ] && exit 6',
    ...untilStopped,
  ]);
  const other = await verdictOn(context, 'limits', picky, {});
  assert.match(other.message, /^Exits with 6 after \d+\.\d s within 512m of memory and 1 CPU$/);
});

dockerTest('which condition is to blame is found by each alone', async (context) => {
  const both = appOf(['echo 1 > /var/x || exit 3', 'chown 1000 /var || exit 4', ...untilStopped]);
  const { verdicts } = await proofOf(context, both, ['read-only', 'no-privileges', 'limits']);
  assert.deepEqual(
    verdicts.map(({ outcome }) => outcome),
    ['broken', 'broken', 'kept'],
  );
  assert.match(verdicts[1]?.message ?? '', /Exits with 4/);
});

dockerTest('port: listens where it says, and reachable', async (context) => {
  const server = (listens: string, ...exposes: readonly string[]): string =>
    appOf([`httpd -p ${listens}`, ...untilStopped], exposes);
  const quick = { startTimeout: 5 };
  const on = async (listens: string, ...exposes: readonly string[]): Promise<readonly string[]> => {
    const { outcome, message, advice = '' } = await verdictOn(context, 'port', server(listens, ...exposes), quick);
    return [outcome, message, advice];
  };
  const [right, wrong, inside, unsaid, half] = await Promise.all([
    on('8080', 'EXPOSE 8080'),
    on('3000', 'EXPOSE 8080'),
    on('127.0.0.1:8080', 'EXPOSE 8080'),
    on('3000'),
    on('8080', 'EXPOSE 8080 9090'),
  ]);
  assert.deepEqual(right, ['kept', 'Listens on 8080 as exposed', '']);
  assert.deepEqual(wrong.slice(0, 2), ['broken', 'Exposes 8080, but listens on 3000']);
  assert.equal(inside[1], 'Listens on 127.0.0.1:8080 only: nothing outside the container reaches it');
  assert.deepEqual(unsaid, ['broken', 'Listens on 3000, but exposes no port', "Add 'EXPOSE 3000'"]);
  assert.deepEqual(half.slice(0, 2), ['broken', 'Exposes 9090, but does not listen there']);
  const none = await verdictOn(context, 'port', appOf(untilStopped), {});
  assert.equal(none.outcome, 'not-applicable');
});

dockerTest('healthy: by its own check in its own time', async (context) => {
  const fails = withMore(goodServer, 'HEALTHCHECK --interval=1s --retries=2 CMD echo nobody is there; exit 1');
  const broken = await verdictOn(context, 'healthy', fails, {});
  assert.equal(broken.outcome, 'broken');
  assert.match(broken.message, /^Not healthy \d+\.\d s after its start: the check exits with 1$/);
  assert.ok(broken.details?.includes('Check: nobody is there'));
  const missing = await verdictOn(
    context,
    'healthy',
    withMore(goodServer, 'HEALTHCHECK CMD curl -f http://localhost:8080'),
    {},
  );
  assert.equal(missing.message, "The health check cannot run: 'curl' is not in the image");
  const hangs = withMore(goodServer, 'HEALTHCHECK --interval=1s --timeout=1s --retries=1 CMD sleep 60');
  assert.match((await verdictOn(context, 'healthy', hangs, {})).message, /gives no answer within its timeout of 1 s/);
  const none = await verdictOn(context, 'healthy', appOf(untilStopped));
  assert.deepEqual([none.outcome, none.message], ['not-applicable', 'It has no HEALTHCHECK']);
});

dockerTest('unhealthy-when-stopped: a check that asks nobody passes while the app hangs', async (context) => {
  const broken = await verdictOn(context, 'unhealthy-when-stopped', withMore(goodServer, 'HEALTHCHECK CMD true'), {});
  assert.deepEqual([broken.outcome, broken.message], ['broken', 'The health check passes though the app hangs']);
  assert.deepEqual(broken.concerns[0], { kind: 'instruction', keyword: 'HEALTHCHECK' });
});

dockerTest('stops: says how, and why not', async (context) => {
  const on = (lines: readonly string[], instructions: readonly string[] = []): ReturnType<typeof verdictOn> =>
    verdictOn(context, 'stops', appOf(lines, instructions), { waitCommand: ['true'], stopTimeout: 2 });
  const forever = 'while :; do sleep 0.1; done';
  const [kept, quits, shell, bare, deaf, slow] = await Promise.all([
    on(["trap 'exit 4' TERM", forever]),
    on(["trap 'exit 0' QUIT", forever], ['STOPSIGNAL SIGQUIT']),
    on(['sleep 100', 'echo done']),
    on(['exec sleep 100']),
    on(["trap '' TERM", 'exec sleep 100']),
    on(["trap 'sleep 100' TERM", forever]),
  ]);
  assert.equal(kept.outcome, 'kept');
  assert.match(kept.message, /^Stops \d\.\d s after SIGTERM with exit code 4$/);
  assert.match(quits.message, /^Stops \d\.\d s after SIGQUIT/);
  assert.match(
    shell.message,
    /^Killed \(exit 137\) after \d\.\d s: SIGTERM never reached the app because PID 1 is a shell$/,
  );
  assert.match(shell.advice ?? '', /JSON form/);
  assert.match(bare.message, /PID 1 'sleep' does not handle SIGTERM$/);
  assert.match(bare.advice ?? '', /init/);
  assert.match(deaf.message, /PID 1 'sleep' ignores SIGTERM$/);
  assert.match(slow.message, /'sh' did not end on SIGTERM in time$/);
  assert.deepEqual(shell.concerns[0], { kind: 'instruction', keyword: 'CMD' });
});

dockerTest('no-zombies: whether PID 1 reaps what is left to it', async (context) => {
  const broken = await verdictOn(context, 'no-zombies', appOf(['exec sleep 100']));
  assert.deepEqual([broken.outcome, broken.message], ['broken', "PID 1 'sleep' leaves orphaned children as zombies"]);
  const kept = await verdictOn(context, 'no-zombies', appOf(untilStopped));
  assert.deepEqual([kept.outcome, kept.message], ['kept', "PID 1 'sh' reaps orphaned children"]);
});

dockerTest('an app that needs what it is not given is said once, and breaks nothing', async (context) => {
  const needy = appOf(
    ['[ -n "$DATABASE_URL" ] || { echo "no DATABASE_URL" >&2; exit 3; }', ...untilStopped],
    ['USER 1000'],
  );
  const asked = ['non-root', 'read-only', 'limits', 'stops'] as const;
  const { verdicts } = await proofOf(context, needy, asked);
  assert.ok(verdicts.every(({ outcome }) => outcome === 'not-applicable'));
  const [first, ...others] = verdicts;
  assert.match(first?.message ?? '', /^Exits with 3 after \d\.\d s, even without restrictions$/);
  assert.deepEqual(first?.details, ['no DATABASE_URL']);
  assert.ok(others.every(({ message }) => message === "The app does not start by itself (see 'non-root')"));
  const given = await proofOf(context, needy, asked, { environment: { DATABASE_URL: "a $(b) 'c'" }, stopTimeout: 2 });
  assert.ok(
    given.verdicts.every(({ outcome }) => outcome === 'kept'),
    JSON.stringify(given.verdicts),
  );
});

dockerTest('a job that ends well is no service, but starts under restrictions or does not', async (context) => {
  const { verdicts } = await proofOf(context, appOf(['echo done']), ['port', 'read-only', 'stops']);
  assert.deepEqual(
    verdicts.map(({ outcome }) => outcome),
    ['kept', 'not-applicable', 'not-applicable'],
  );
  const writer = await verdictOn(context, 'read-only', appOf(['echo 1 > /var/x']), {});
  assert.match(writer.message, /^Cannot write '\/var\/x': exits with 1/);
});

dockerTest('a program that is not there is told apart from one that fails', async (context) => {
  const missing = await verdictOn(context, 'non-root', `FROM scratch\nLABEL a=b\nCMD ["/no such program"]`, {});
  assert.equal(missing.outcome, 'not-applicable');
  assert.match(missing.message, /^Cannot be started: '\/no such program': no such file or directory/);
});
