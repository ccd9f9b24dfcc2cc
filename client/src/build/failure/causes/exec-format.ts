import type { Cause } from '../cause.ts';

/** A program for another processor, or a script without a first line that says who reads it. */
export const execFormat: Cause = {
  id: 'exec-format',
  adviceOn: ({ said, failure, stage }) => {
    if (!/exec format error|cannot execute binary file/i.test(said)) return undefined;
    const isForeign =
      failure.step?.place?.platform !== undefined ||
      (stage?.from.flags.some(({ name }) => name === 'platform') ?? false);
    return {
      advice: isForeign
        ? 'This program is for another platform: check --platform, or install QEMU for it'
        : "Not a program for this platform, or a script without its '#!' line: check what was copied",
    };
  },
};
