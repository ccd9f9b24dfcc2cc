import type { Cause } from '../cause.ts';

/** The disk of the machine that builds, or of Docker's virtual one. */
export const diskFull: Cause = {
  id: 'disk-full',
  adviceOn: ({ said }) =>
    /no space left on device|ENOSPC\b|You don't have enough free space/i.test(said)
      ? { advice: "The builder's disk is full: free space with 'docker builder prune'" }
      : undefined,
};
