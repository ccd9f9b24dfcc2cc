import type { Cause } from '../cause.ts';

/** Debian and Alpine let only their own package manager install into the system's Python. */
export const managedPython: Cause = {
  id: 'managed-python',
  adviceOn: ({ said }) =>
    /externally-managed-environment/.test(said)
      ? { advice: "pip may not change this system's Python: make a venv first, or use an official python image" }
      : undefined,
};
