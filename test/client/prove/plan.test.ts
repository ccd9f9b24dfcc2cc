import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgePorts } from '../../../client/src/prove/checks/port.ts';
import { describeProof } from '../../../client/src/prove/describe.ts';
import { planFor } from '../../../client/src/prove/execute.ts';
import type { ImageFacts } from '../../../client/src/prove/facts.ts';
import { usualProveSettings, type PromiseId } from '../../../client/src/prove/promise.ts';
import { readImageConfig } from '../../../client/src/tools/container/image-config.ts';

function factsOf(config: object): ImageFacts {
  const read = readImageConfig(JSON.stringify({ Id: 'sha256:0123456789abcdef', Os: 'linux', Config: config }));
  assert.ok(read);
  return { image: 'shop/web:1', config: read };
}
const described = (config: object, checks: readonly PromiseId[], environment = {}): string =>
  describeProof(planFor(factsOf(config), { ...usualProveSettings, checks, environment })).join('\n');

test('the plan runs no container that nothing asks for', () => {
  const runs = (...checks: readonly PromiseId[]): readonly string[] =>
    planFor(factsOf({ Cmd: ['a'] }), { ...usualProveSettings, checks }).runs.map(({ id }) => id);
  assert.deepEqual(runs('non-root'), ['plain']);
  assert.deepEqual(runs('limits'), ['plain', 'production']);
  assert.deepEqual(runs('read-only', 'limits'), ['plain', 'production', 'read-only', 'limits']);
  assert.deepEqual(runs('size', 'no-git'), []);
  assert.deepEqual(runs('healthy'), []);
});

test('the description says what is run, with which conditions and variables, and what is left out', () => {
  const checks = ['non-root', 'read-only', 'limits', 'healthy', 'stops', 'size'] as const;
  assert.equal(
    described({ Cmd: ['a'] }, checks, { TOKEN: 'secret' }),
    `Image 'shop/web:1' (0123456789ab)
Run it as it is: non-root
Run with --read-only --tmpfs /tmp --memory 512m --memory-swap 512m --cpus 1 --pids-limit 512: read-only, limits
Run it as it is, then stop it: stops
If it does not start so: once more under each condition alone
Look into its files, without running it: size
With the variables TOKEN
No port is published, nothing is mounted, and every container is removed
Left out: healthy (It has no HEALTHCHECK)`,
  );
});

test('an image with nothing to run is looked into only', () => {
  assert.equal(
    described({}, ['non-root', 'size']),
    `Image 'shop/web:1' (0123456789ab)
Look into its files, without running it: size
Left out: non-root (It has neither CMD nor ENTRYPOINT to run)`,
  );
});

test('ports: what is said against what is there', () => {
  const tcp = (port: number, isLoopback = false) => ({ protocol: 'tcp', port, isLoopback }) as const;
  const verdict = (exposed: readonly number[], ...sockets: readonly ReturnType<typeof tcp>[]): string => {
    const said = exposed.map((port) => ({ port, protocol: 'tcp' }) as const);
    const { outcome, message } = judgePorts(said, sockets, 'seen');
    return `${outcome}: ${message}`;
  };
  assert.equal(verdict([80], tcp(80), tcp(9000, true)), 'kept: Listens on 80 as exposed');
  assert.equal(verdict([80], tcp(80), tcp(9229)), 'broken: Listens on 9229, too, which it does not expose');
  assert.equal(verdict([80], tcp(3000, true)), 'broken: Exposes 80, but listens on 127.0.0.1:3000 only');
  assert.equal(verdict([80]), 'broken: Exposes 80, but listens on no port');
  assert.equal(verdict([]), 'not-applicable: Exposes no port and listens on none');
  assert.equal(
    verdict([], tcp(5000, true)),
    'broken: Listens on 127.0.0.1:5000 only: nothing outside the container reaches it',
  );
  assert.equal(verdict([1, 2, 3, 4, 5, 6, 7], tcp(9)), 'broken: Exposes 1, 2, 3, 4, 5 and 2 more, but listens on 9');
  // One that is open both ways is open.
  assert.equal(verdict([80], tcp(80, true), tcp(80)), 'kept: Listens on 80 as exposed');
});
