import type { Fault, Faults } from './local-azure.ts';

/** The faults that tests ask for, and what the server asks of them. */
export interface OwnFaults extends Faults {
  /** The fault for this call, which is used up by it. */
  readonly next: (call: string) => Fault | undefined;
  readonly tell: (moment: 'before' | 'after', call: string) => Promise<void>;
}

export function createFaults(): OwnFaults {
  let planned: { readonly match: RegExp; readonly fault: Fault; left: number }[] = [];
  let watchers: Parameters<Faults['watch']>[0][] = [];
  return {
    add: (match, fault, times = Infinity) => void planned.push({ match, fault, left: times }),
    watch: (watcher) => void watchers.push(watcher),
    clear: () => {
      planned = [];
      watchers = [];
    },
    next: (call) => {
      const found = planned.find(({ match, left }) => left > 0 && new RegExp(match, 'i').test(call));
      if (found !== undefined) found.left -= 1;
      return found?.fault;
    },
    tell: async (moment, call) => {
      for (const watcher of watchers) await watcher(moment, call);
    },
  };
}

/** As Resource Manager says that there were too many calls. */
export function throttled(seconds: number): Fault {
  return {
    kind: 'answer',
    status: 429,
    headers: { 'retry-after': String(seconds) },
    body: {
      error: {
        code: 'SubscriptionRequestsThrottled',
        message: `Number of write requests for subscription exceeded the limit of '1200' for time interval '01:00:00'. Please try again after '${String(seconds)}' seconds.`,
      },
    },
  };
}
