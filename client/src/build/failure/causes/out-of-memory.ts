import type { Cause } from '../cause.ts';

const heap = /JavaScript heap out of memory/;

/** 137 is 128 and the number of SIGKILL, which is what the kernel sends when memory runs out. */
export const outOfMemory: Cause = {
  id: 'out-of-memory',
  adviceOn: ({ failure, said }) => {
    if (heap.test(said))
      return { advice: "Node ran out of memory: raise it with 'NODE_OPTIONS=--max-old-space-size=4096'" };
    const isOutOfMemory = /ResourceExhausted|OOMKilled|cannot allocate memory|ENOMEM|MemoryError/i.test(said);
    if (failure.exitCode !== 137 && !isOutOfMemory) return undefined;
    if (isOutOfMemory) return { advice: 'Out of memory: give Docker more, or let this step do less at once' };
    return { advice: 'Killed (137), mostly for want of memory: give Docker more, or do less at once' };
  },
};
