import type { Cause } from '../cause.ts';

/** Stages that wait for each other. */
export const circular: Cause = {
  id: 'circular',
  adviceOn: ({ failure }) => {
    const [, stage] = /circular dependency detected on stage: (\S+)/.exec(failure.message) ?? [];
    if (stage === undefined) return undefined;
    return { advice: `Stage '${stage.slice(0, 30)}' needs itself, by way of others: copy from stages above only` };
  },
};
