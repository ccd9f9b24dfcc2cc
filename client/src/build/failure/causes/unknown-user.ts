import type { Cause } from '../cause.ts';
import { userBefore } from './permission-denied.ts';

/** USER takes any name; it is looked up only when something runs. */
export const unknownUser: Cause = {
  id: 'unknown-user',
  adviceOn: (failed) => {
    const { message } = failed.failure;
    const [, user] =
      /unable to find (?:user|group) ([^\s:]+): no matching entries/.exec(message) ??
      /no such user: (\S+)$/.exec(message) ??
      [];
    if (user === undefined) return undefined;
    const name = user.length > 20 ? `${user.slice(0, 19)}…` : user;
    const place = failed.instruction && userBefore(failed.instruction, failed);
    return {
      advice: `The image has no user or group '${name}': create it in a RUN before, or use a number`,
      ...(place && { related: [{ range: place.range, message: `'${name}' is chosen here` }] }),
    };
  },
};
