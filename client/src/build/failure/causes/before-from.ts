import type { Cause } from '../cause.ts';

export const beforeFrom: Cause = {
  id: 'before-from',
  adviceOn: ({ failure: { message } }) => {
    if (/no build stage in current context/.test(message))
      return { advice: 'Only ARG may stand before the first FROM: move this below it' };
    if (/file with no instructions|Dockerfile cannot be empty/.test(message))
      return { advice: "The file has no instruction: start it with 'FROM' and an image" };
    return undefined;
  },
};
