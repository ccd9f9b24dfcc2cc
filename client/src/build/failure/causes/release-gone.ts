import type { Cause } from '../cause.ts';

/** Mirrors drop releases that are out of support. */
export const releaseGone: Cause = {
  id: 'release-gone',
  adviceOn: ({ said }) =>
    /^E: The repository '[^']+' (?:does not have|no longer has) a Release file/m.test(said)
      ? { advice: 'The package mirror has dropped this release or never had it: use a supported base image' }
      : undefined,
};
