import { Lines } from '../build/progress/lines.ts';

/** Reads what a tool writes while it pushes, for a calm word about it. */
export interface PushReader {
  readonly read: (text: string) => void;
  /** `Pushing 3 of 7 layers`; `undefined` as long as nothing is known. */
  readonly message: () => string | undefined;
  /** As the tool tells it at its end. */
  readonly digest: () => string | undefined;
}

/** Docker says `1a2b3c4d5e6f: Pushed` of each layer, Podman `Copying blob 1a2b...`, nerdctl draws a list of `layer-sha256:1a2b...: done`. */
export function createPushReader(): PushReader {
  const lines = new Lines();
  const isDone = new Map<string, boolean>();
  let digest: string | undefined;

  const readLine = (written: string): void => {
    const line = written.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '').trim();
    digest = /\bdigest: (sha256:[0-9a-f]{64})\b/.exec(line)?.[1] ?? digest;
    const docker = /^([0-9a-f]{12}): (\S.*)$/.exec(line);
    if (docker) {
      const [, id = '', state = ''] = docker;
      isDone.set(id, /^(?:Pushed|Layer already exists|Mounted from )/.test(state));
      return;
    }
    const podman = /^Copying blob (?:sha256:)?([0-9a-f]{12})[0-9a-f]*(?: (done|skipped))?/.exec(line);
    if (podman) {
      const [, id = '', state] = podman;
      isDone.set(id, state !== undefined);
      return;
    }
    const nerdctl = /^layer-sha256:([0-9a-f]{12})[0-9a-f]*: *(\S+)/.exec(line);
    const [, id, state = ''] = nerdctl ?? [];
    if (id !== undefined) isDone.set(id, /^(?:done|exists)/.test(state));
    digest = /^(?:manifest|index)-(sha256:[0-9a-f]{64}): *done/.exec(line)?.[1] ?? digest;
  };

  return {
    read: (text) => {
      for (const line of lines.add(text.replaceAll('\r', '\n'))) readLine(line);
    },
    message: () => {
      const total = isDone.size;
      if (total === 0) return undefined;
      const done = [...isDone.values()].filter((state) => state).length;
      const layers = total === 1 ? 'layer' : 'layers';
      return done === total ? `Pushed ${total} ${layers}` : `Pushing ${done + 1} of ${total} ${layers}`;
    },
    digest: () => {
      for (const line of lines.end()) readLine(line);
      return digest;
    },
  };
}
