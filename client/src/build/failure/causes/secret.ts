import type { Cause } from '../cause.ts';

/** A secret that a mount needs and the build was not given. */
export const secret: Cause = {
  id: 'secret',
  adviceOn: ({ failure: { message } }) => {
    const [, id] = /secret ([^\s:]+): not found/.exec(message) ?? [];
    if (id === undefined) return undefined;
    const name = id.length > 20 ? `${id.slice(0, 19)}…` : id;
    return { advice: `The build was not given the secret '${name}': add it as a file or variable, then build again` };
  },
};
