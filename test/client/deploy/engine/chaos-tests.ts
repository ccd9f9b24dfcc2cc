import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import type { LocalAzure } from '../../../azure/local-azure.ts';
import { assertCleans, assertSame, live, type Ended, type Scenario } from './chaos.ts';
import { kinds, type Kill, type Moment } from './local.ts';

export interface Chaos {
  /** For the tests' names. */
  readonly what: string;
  readonly begin: () => Promise<{ readonly azure: LocalAzure; readonly scenario: Scenario }>;
  /** How many lives at once. */
  readonly together: number;
  /** How many deployments are killed again and again. */
  readonly seeds: number;
}

const first = 'aaaaa';

/** A deployment killed at every call that it makes: to Azure, to its journal and to the registry. */
export function chaosTests({ what, begin, together, seeds }: Chaos): void {
  const begun = begin();
  const undisturbed: Promise<Ended> = begun.then(({ scenario }) => live(scenario, first, []));
  after(async () => await (await begun).azure.close());

  test(`deploys ${what} undisturbed, and leaves nothing when it is given up`, async () => {
    const { scenario } = await begun;
    const { outcome, state } = await undisturbed;
    assert.equal(outcome.kind, 'deployed', outcome.kind === 'failed' ? String(outcome.error) : '');
    assert.ok(Object.keys(state).length > 5);
    await assertCleans(scenario, await live(scenario, 'bbbbb', []), 'bbbbb');
  });

  test(`does nothing when it deploys ${what} the second time`, async () => {
    const { scenario } = await begun;
    const { calls, state } = await undisturbed;
    assert.ok(calls.filter(isPut).length > 4);
    const again = await live(scenario, first, []);
    assert.deepEqual(again.calls.filter(isPut), []);
    assert.deepEqual(again.state, state);
  });

  // Before a call is after the one before it; and who dies while he asks has changed nothing.
  for (const { moment, of } of [
    { moment: 'before', of: 'changes' },
    { moment: 'during', of: 'changes' },
    { moment: 'after', of: 'writes' },
  ] as const) {
    test(`comes to the same when deploying ${what} is killed ${moment} any call`, async () => {
      const { scenario } = await begun;
      const calls = (await undisturbed).calls.filter(kinds[of]);
      assert.ok(calls.length > 5);
      await inParallel(together, [...calls.entries()], async ([call, title]) => {
        const name = `k${moment.slice(0, 1)}${String(call).padStart(3, '0')}`;
        const ended = await live(scenario, name, [{ call, moment, of }]);
        assertSame(ended, await undisturbed, [name, first], `killed ${moment} call ${call}, ${title}`);
        await assertCleans(scenario, ended, name);
      });
    });
  }

  test(`comes to the same after many deaths of deploying ${what}`, async () => {
    const { scenario } = await begun;
    await inParallel(together, [...Array.from({ length: seeds }).keys()], async (seed) => {
      const name = `many${String(seed).padStart(2, '0')}`;
      const kills = killsOf(seed);
      const ended = await live(scenario, name, kills);
      assertSame(ended, await undisturbed, [name, first], JSON.stringify(kills));
      await assertCleans(scenario, ended, name);
    });
  });
}

function isPut(call: string): boolean {
  return /^(PUT|PATCH|DELETE) /.test(call);
}

/** Always the same for the same seed: five deaths, each some calls into its life. */
function killsOf(seed: number): readonly Kill[] {
  const moments: readonly Moment[] = ['before', 'during', 'after'];
  let state = seed * 2_654_435_761 + 1;
  const next = (below: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) >>> 0) ^ (state >>> 13);
    return (state >>> 0) % below;
  };
  return Array.from({ length: 5 }, () => ({ call: 2 + next(18), moment: moments[next(3)] ?? 'before', of: 'all' }));
}

async function inParallel<Item>(
  most: number,
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: most }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
    }),
  );
}
