export type Bytes = AsyncIterable<Uint8Array>;

const none = new Uint8Array(0);

/** Reads bytes as they come; keeps no more of them than it was asked to look ahead. */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #ahead: Uint8Array = none;

  constructor(source: Bytes) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next bytes, which stay the next ones; fewer only at the end. */
  async peek(count: number): Promise<Uint8Array> {
    while (this.#ahead.length < count) {
      const more = await this.#source.next();
      if (more.done === true) break;
      this.#ahead = this.#ahead.length === 0 ? more.value : joined(this.#ahead, more.value);
    }
    return this.#ahead.subarray(0, count);
  }

  /** Fewer only at the end. */
  async take(count: number): Promise<Uint8Array> {
    const bytes = await this.peek(count);
    this.#ahead = this.#ahead.subarray(bytes.length);
    return bytes;
  }

  /** As many bytes as are at hand, at most so many; `undefined` at the end. */
  async some(most: number): Promise<Uint8Array | undefined> {
    if (this.#ahead.length === 0) {
      const more = await this.#source.next();
      if (more.done === true) return undefined;
      this.#ahead = more.value;
    }
    const bytes = this.#ahead.subarray(0, most);
    this.#ahead = this.#ahead.subarray(bytes.length);
    return bytes;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
