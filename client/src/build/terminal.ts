import { EventEmitter, type Pseudoterminal } from 'vscode';

const interrupt = '\u0003';
/** Milliseconds: a build may write thousands of lines in a second. */
const together = 20;

/** Shows the log of builds, one after the other. Ctrl+C ends the running one, and so does closing it. */
export class BuildTerminal implements Pseudoterminal {
  readonly #written = new EventEmitter<string>();
  readonly #closed = new EventEmitter<number>();
  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;
  readonly #onOpen: (() => void) | undefined;
  #cancel: (() => void) | undefined;
  /** Written together now and then; and what is written before the terminal is open, VS Code would drop. */
  #unread: string[] = [];
  #writing: NodeJS.Timeout | undefined;
  #isOpen = false;
  #isClosed = false;

  constructor(onOpen?: () => void) {
    this.#onOpen = onOpen;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get isBusy(): boolean {
    return this.#cancel !== undefined;
  }

  open(): void {
    this.#isOpen = true;
    this.#flush();
    this.#onOpen?.();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  handleInput(data: string): void {
    if (data.includes(interrupt)) this.#cancel?.();
  }

  /** From now on for this build, on an empty screen. */
  begin(cancel: () => void): void {
    if (this.#isClosed) cancel();
    this.#cancel = cancel;
    this.write('\u001b[2J\u001b[3J\u001b[H');
  }

  write(text: string): void {
    if (text === '') return;
    this.#unread.push(text);
    this.#writing ??= setTimeout(() => this.#flush(), together);
  }

  /** The build is over; its log stays to be read. */
  end(): void {
    this.#cancel = undefined;
  }

  /** For a task, whose terminal is the editor's: tells how it went. */
  exit(code: number): void {
    this.#flush();
    this.#closed.fire(code);
  }

  #flush(): void {
    clearTimeout(this.#writing);
    this.#writing = undefined;
    if (this.#isOpen && this.#unread.length > 0) this.#written.fire(this.#unread.splice(0).join(''));
  }
}
