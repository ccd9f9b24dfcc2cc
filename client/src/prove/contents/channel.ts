/** From one that gives bytes to one that takes them at its own pace: at most one piece is under way. */
export class Channel {
  #piece: Uint8Array | undefined;
  #hasEnded = false;
  /** Whoever waits: the one who gives for room, the one who takes for a piece. */
  #wake: () => void = () => undefined;

  constructor(signal?: AbortSignal) {
    // What waits for room would hold back the end of a cancelled program.
    signal?.addEventListener('abort', () => this.end(), { once: true });
    if (signal?.aborted === true) this.#hasEnded = true;
  }

  /** Settles when there is room for the next piece; never rejects. */
  async put(piece: Uint8Array): Promise<void> {
    if (this.#hasEnded) return;
    this.#piece = piece;
    this.#wake();
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  async *bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const piece = this.#piece;
      if (piece !== undefined) {
        this.#piece = undefined;
        this.#wake();
        yield piece;
      } else if (this.#hasEnded) {
        return;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    }
  }
}
