export type Piece =
  { readonly kind: 'object'; readonly value: unknown } | { readonly kind: 'text'; readonly line: string };

/**
 * Takes JSON objects and lines of text apart that come one after another, in pieces cut anywhere. An object starts at the start of a line and may
 * go on over lines that are indented, as some versions print it; what starts like one and is none is text.
 */
export class JsonOrLines {
  #pending = '';
  /** How far the object at the start of `#pending` was read. */
  #at = 0;
  #depth = 0;
  #isInString = false;
  #isAfterObject = false;

  *add(text: string): Generator<Piece> {
    this.#pending += text;
    // Cut off once at the end: each cut of a long text would cost its length.
    let start = 0;
    while (start < this.#pending.length) {
      if (this.#isAfterObject && /[\r\n]/.test(this.#pending[start] ?? '')) {
        // The line of an object ends with it.
        this.#isAfterObject = this.#pending[start] === '\r';
        start++;
        continue;
      }
      this.#isAfterObject = false;
      const end = this.#pending[start] === '{' ? this.#endOfObject(start) : undefined;
      if (end === 'open') break;
      if (end !== undefined) {
        const value = parsed(this.#pending.slice(start, end));
        this.#reset();
        if (value !== undefined) {
          yield { kind: 'object', value };
          start = end;
          this.#isAfterObject = true;
          continue;
        }
      }
      const newline = this.#pending.indexOf('\n', start);
      if (newline < 0) break;
      this.#reset();
      yield { kind: 'text', line: this.#pending.slice(start, newline).replace(/\r$/, '') };
      start = newline + 1;
    }
    this.#pending = this.#pending.slice(start);
  }

  /** The last line, when it has no end. Half an object is nothing. */
  end(): string | undefined {
    const rest = this.#pending;
    this.#pending = '';
    this.#reset();
    return rest === '' || rest.startsWith('{') ? undefined : rest;
  }

  #reset(): void {
    this.#at = 0;
    this.#depth = 0;
    this.#isInString = false;
  }

  /** Where the object ends; `open` when it goes on, `undefined` when it is none. */
  #endOfObject(start: number): number | 'open' | undefined {
    const text = this.#pending;
    for (let i = start + this.#at; ; i++) {
      i = next(text, i, this.#isInString);
      this.#at = i - start;
      const character = text[i];
      if (character === undefined) return 'open';
      if (character === '\n') {
        // No string has a line break in it, and a line within an object is indented or closes it.
        if (i + 1 === text.length) return 'open';
        if (this.#isInString || !/[ \t}\]\r]/.test(text[i + 1] ?? '')) return undefined;
      } else if (character === '\\') {
        if (i + 1 === text.length) return 'open';
        i++;
      } else if (character === '"') this.#isInString = !this.#isInString;
      else if (character === '{' || character === '[') this.#depth++;
      else {
        this.#depth--;
        if (this.#depth === 0) return i + 1;
      }
      this.#at = i + 1 - start;
    }
  }
}

/** The next character that means something to the nesting, or the end. */
function next(text: string, from: number, isInString: boolean): number {
  const others = isInString ? /[^"\\\n]*/y : /[^"{}[\]\n]*/y;
  others.lastIndex = from;
  others.test(text);
  return others.lastIndex;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
