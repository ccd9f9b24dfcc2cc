import assert from 'node:assert/strict';
import { after, test as plainTest } from 'node:test';
import type { LocalAzure } from '../../../azure/local-azure.ts';
import { assertCleans, assertSame, live, type Ended, type Scenario } from './chaos.ts';
import { close, kinds, type Kill, type Moment } from './local.ts';

export interface Chaos {
  /** For the tests' names. */
  readonly what: string;
  readonly begin: () => Promise<{
    readonly azure: LocalAzure;
    readonly scenario: Scenario;
    readonly end?: () => void;
  }>;
  /** How many lives at once. */
  readonly together: number;
  /** Where containers really run, only what matters to Azure is killed. */
  readonly after: 'changes' | 'writes';
  readonly test?: (title: string, body: () => Promise<void>) => void;
  /** Of an app that is there: what is done for it the second time is something else. */
  readonly isUpdate?: boolean;
  /** How many deployments are killed again and again. */
  readonly seeds: number;
}

const first = 'aaaaa';

/** A deployment killed at every call that it makes: to Azure, to its journal and to the registry. */
export function chaosTests({ what, begin, together, seeds, after: ofAfter, test = inPlain, isUpdate }: Chaos): void {
  let known: { readonly begun: ReturnType<Chaos['begin']>; readonly undisturbed: Promise<Ended> } | undefined;
  const made = (): NonNullable<typeof known> => {
    if (known !== undefined) return known;
    const begun = begin();
    known = { begun, undisturbed: begun.then(({ scenario }) => live(scenario, first, [])) };
    return known;
  };
  after(async () => {
    const begun = await known?.begun;
    if (begun !== undefined) await close(begun.azure);
    begun?.end?.();
  });

  test(`deploys ${what} undisturbed, and leaves nothing when it is given up`, async () => {
    const { scenario } = await made().begun;
    const { outcome, state } = await made().undisturbed;
    assert.equal(outcome.kind, 'deployed', outcome.kind === 'failed' ? String(outcome.error) : '');
    assert.ok(Object.keys(state).length > 4);
    if (isUpdate === true) await assertCleans(scenario, await made().undisturbed, first);
    else await assertCleans(scenario, await live(scenario, 'bbbbb', []), 'bbbbb');
  });

  const testNew = isUpdate === true ? (): void => undefined : test;
  testNew(`does nothing when it deploys ${what} the second time`, async () => {
    const { scenario } = await made().begun;
    const { calls, state } = await made().undisturbed;
    assert.ok(calls.filter(isPut).length > 4);
    const again = await live(scenario, first, []);
    assert.deepEqual(again.calls.filter(isPut), []);
    assert.deepEqual(again.state, state);
  });

  // Before a call is after the one before it: where lives take long, the first is enough. Who dies while he asks has changed nothing.
  for (const { moment, of, most } of [
    { moment: 'before', of: 'changes', most: ofAfter === 'changes' ? 1 : Infinity },
    { moment: 'during', of: 'changes', most: Infinity },
    { moment: 'after', of: ofAfter, most: Infinity },
  ] as const) {
    test(`comes to the same when deploying ${what} is killed ${moment} any call`, async () => {
      const { scenario } = await made().begun;
      const calls = (await made().undisturbed).calls.filter(kinds[of]);
      assert.ok(calls.length > (isUpdate === true ? 1 : 5));
      await inParallel(together, [...calls.entries()].slice(0, most), async ([call, title]) => {
        const name = `k${moment.slice(0, 1)}${String(call).padStart(3, '0')}`;
        const ended = await live(scenario, name, [{ call, moment, of }]);
        assertSame(ended, await made().undisturbed, [name, first], `killed ${moment} call ${call}, ${title}`);
        await assertCleans(scenario, ended, name);
      });
    });
  }

  if (seeds === 0) return;
  test(`comes to the same after many deaths of deploying ${what}`, async () => {
    const { scenario } = await made().begun;
    await inParallel(together, [...Array.from({ length: seeds }).keys()], async (seed) => {
      const name = `many${String(seed).padStart(2, '0')}`;
      const kills = killsOf(seed);
      const ended = await live(scenario, name, kills);
      assertSame(ended, await made().undisturbed, [name, first], JSON.stringify(kills));
      await assertCleans(scenario, ended, name);
    });
  });
}

function inPlain(title: string, body: () => Promise<void>): void {
  plainTest(title, body);
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
