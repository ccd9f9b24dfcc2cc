import { edit, type Cause } from '../cause.ts';

/** Several files go into a folder, whose name has to end with a slash. */
export const copyDestination: Cause = {
  id: 'copy-destination',
  adviceOn: ({ failure, instruction }) => {
    if (!/the destination must be a directory and end with a \//.test(failure.message)) return undefined;
    const last = instruction?.words.at(-1);
    const isPlain = last && !instruction?.json && last.range.end - last.range.start === last.value.length;
    return {
      advice: "Several files go into a folder: end the destination with '/'",
      ...(isPlain && { fixes: [edit("Add the '/'", last.range.end, '/')] }),
    };
  },
};
