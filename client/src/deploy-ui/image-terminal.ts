import { harmless, buildLog } from '../build/log.ts';
import { Lines } from '../build/progress/lines.ts';
import type { BuildEvent } from '../build/build.ts';
import { adviceFor } from '../build/failure/surroundings.ts';
import type { BuildTerminals } from '../build/terminals.ts';
import { ImageBuildFailed } from '../registry/build-failed.ts';
import { Cancelled } from '../tools/command.ts';

/** The terminal in which an image is built and pushed. Ctrl+C and closing it cancel, as the notification does. */
export interface ImageTerminal {
  /** A build here is told by its steps, as any other. */
  readonly onBuildEvent: (event: BuildEvent) => void;
  /** What is written by who builds in the cloud, or pushes. */
  readonly onLog: (text: string) => void;
  readonly succeed: (name: string, digest: string) => void;
  readonly fail: (error: unknown) => void;
}

export function imageTerminal(
  terminals: BuildTerminals,
  { key, title, name }: { readonly key: string; readonly title: string; readonly name: string },
  cancel: () => void,
): ImageTerminal {
  const { pty, show } = terminals.for(key, title);
  const log = buildLog();
  const lines = new Lines();
  const write = (text: readonly string[]): void => pty.write(text.map((line) => `${harmless(line)}\r\n`).join(''));
  let isToldBySteps = false;
  pty.begin(cancel);
  pty.write(log.start(title, name));
  show();
  return {
    onBuildEvent: (event) => {
      isToldBySteps = true;
      pty.write(log.add(event));
    },
    onLog: (text) => write(lines.add(text)),
    succeed: (what, digest) => {
      write(lines.end());
      pty.write(`\r\n\u001b[32m✔\u001b[0m \u001b[1m${what}\u001b[0m\r\n  ${digest}\r\n`);
      pty.end();
    },
    fail: (error) => {
      write(lines.end());
      if (error instanceof Cancelled) pty.write(log.end({ kind: 'cancelled' }, { dockerfile: '', text: '' }));
      else if (error instanceof ImageBuildFailed) {
        const { text, request, failure } = error;
        // What the cloud has said of it stands right above.
        const shown = isToldBySteps ? failure : { ...failure, output: [] };
        const { message, advice } = adviceFor(failure, text, request);
        const about = { dockerfile: request.dockerfile, text, headline: message.split('\n')[0], advice };
        pty.write(log.end({ kind: 'failed', failure: shown, steps: [], seconds: 0 }, about));
      } else pty.write(`\r\n\u001b[31m✖\u001b[0m ${error instanceof Error ? harmless(error.message) : ''}\r\n`);
      pty.end();
    },
  };
}
