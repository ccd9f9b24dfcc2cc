import type { Cause } from '../cause.ts';

/** The classic builder is without much of what Dockerfiles may say today. */
export const needsBuildKit: Cause = {
  id: 'needs-buildkit',
  adviceOn: ({ failure: { message }, instruction }) => {
    const [, flag] = /the (--\w+) option requires BuildKit/i.exec(message) ?? [];
    if (flag !== undefined)
      return { advice: `'${flag}' needs BuildKit, and this is the classic builder: install buildx` };
    if (/no source files were specified/.test(message) && (instruction?.heredocs.length ?? 0) > 0)
      return { advice: 'Heredocs need BuildKit, and this is the classic builder: install buildx' };
    return undefined;
  },
};
