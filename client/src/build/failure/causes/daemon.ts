import type { Cause } from '../cause.ts';

/** Nothing is wrong with the Dockerfile: there is no builder to read it. */
export const daemon: Cause = {
  id: 'daemon',
  adviceOn: ({ failure: { message, step } }) => {
    const advice = adviceOn(message);
    // A step may talk to a daemon of its own, and fail: `RUN docker ps`.
    return advice === undefined || (step?.place && !isLost(message)) ? undefined : { advice, isElsewhere: true };
  },
};

function adviceOn(message: string): string | undefined {
  if (/permission denied while trying to connect to the (?:Docker daemon|docker API)/i.test(message))
    return "You may not use Docker: join the group 'docker', or use rootless Docker";
  if (
    /Cannot connect to the (?:Docker|Podman)|error during connect|Is the docker daemon running|docker daemon is not running/i.test(
      message,
    )
  )
    return 'Docker does not answer: start it, then build again';
  if (isLost(message)) return 'The builder stopped answering: look whether Docker still runs, then build again';
  if (/context "?[^"]*"? (?:does not exist|not found)|unable to resolve docker endpoint/i.test(message))
    return "Docker's context cannot be used: choose another one with 'docker context use'";
  if (/failed to read dockerfile|unable to evaluate symlinks in Dockerfile path|path "[^"]*" not found/.test(message))
    return 'The Dockerfile or the context is not there any more: check where you build from';
  if (/no builder "?[^"]*"? found|failed to find driver/.test(message))
    return "The builder is gone: choose another one with 'docker buildx use'";
  return undefined;
}

function isLost(message: string): boolean {
  return /builder stopped answering|error reading from server|transport is closing|code = Unavailable/i.test(message);
}
