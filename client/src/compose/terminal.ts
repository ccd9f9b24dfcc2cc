import { EventEmitter, type Event, type Pseudoterminal } from 'vscode';
import { Cancelled, type Command, type Run } from '../tools/command.ts';

interface Parts {
  readonly run: Run;
  readonly command: Command;
  /** Ends what the command started, should it take too long to end by itself. */
  readonly kill: Command;
}

// Compose gives every container ten seconds to stop, and removes networks after that.
const grace = 30_000;
const interrupt = '\u0003';

/** Shows one command of Compose. Ctrl+C and closing the terminal end it as they would in a shell; so does the end of the editor. */
export class ComposeTerminal implements Pseudoterminal {
  readonly #parts: Parts;
  readonly #written = new EventEmitter<string>();
  readonly #ended = new EventEmitter<void>();
  readonly #interrupted = new AbortController();
  #hasEnded = false;
  readonly onDidWrite: Event<string> = this.#written.event;
  /** The command has ended; its output stays to be read. */
  readonly onDidEnd: Event<void> = this.#ended.event;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  open(): void {
    void this.#run();
  }

  close(): void {
    this.#interrupted.abort();
  }

  handleInput(data: string): void {
    if (data !== interrupt || this.#hasEnded) return;
    if (!this.#interrupted.signal.aborted) {
      this.#write('\r\n^C Stopping; press Ctrl+C again to stop at once\r\n');
      this.#interrupted.abort();
      return;
    }
    this.#write('^C Stopping at once\r\n');
    // The containers are the engine's: with them gone Compose ends by itself.
    void this.#parts.run(this.#parts.kill).catch(() => undefined);
  }

  async #run(): Promise<void> {
    const { run, command } = this.#parts;
    this.#write(`\u001b[1m${readable(command)}\u001b[0m\r\n\r\n`);
    this.#write(await this.#ending(run, command));
    this.#hasEnded = true;
    this.#ended.fire();
  }

  async #ending(run: Run, command: Command): Promise<string> {
    try {
      const { code, signal } = await run(command, {
        signal: this.#interrupted.signal,
        onOutput: (text) => this.#write(text.replaceAll(/\r?\n/g, '\r\n')),
        keep: 0,
        long: true,
        grace,
      });
      if (code === 0) return '\r\n\u001b[32mDone\u001b[0m\r\n';
      return `\r\n\u001b[31mFailed (${code === undefined ? (signal ?? 'ended') : `exit code ${code}`})\u001b[0m\r\n`;
    } catch (error) {
      if (error instanceof Cancelled) return '\r\nStopped\r\n';
      return `\r\n\u001b[31m${error instanceof Error ? error.message : String(error)}\u001b[0m\r\n`;
    }
  }

  #write(text: string): void {
    this.#written.fire(text);
  }
}

/** For the eye only; nothing reads it back. Control characters in a name would speak to the terminal. */
function readable({ program, args }: Command): string {
  return [program, ...args]
    .map((word) => (/^[\w@%+=:,./*-]+$/.test(word) ? word : `'${word}'`))
    .join(' ')
    .replaceAll(/\p{Cc}/gu, '\ufffd');
}
