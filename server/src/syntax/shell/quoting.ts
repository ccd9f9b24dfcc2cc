/** What a shell makes of the quotes of a word; expansions are left as written. */
export interface Unquoted {
  readonly value: string;
  readonly isLiteral: boolean;
}

/** Where each character of a value stands in the text it was read from. */
export interface Origin {
  readonly starts: number[];
  readonly ends: number[];
}

const plain = /^[\w./:=@%+,~*?{}[\]^!#-]*$/;

export function unquote(text: string, origin?: Origin): Unquoted {
  if (!origin && plain.test(text)) return { value: text, isLiteral: true };
  return new Unquoter(text, origin).read();
}

/** A continued line is one line: the backslash and the line break vanish, in quotes too, as the builder takes them out first. */
export function withoutContinuations(text: string): string {
  return text.includes('\\\n') || text.includes('\\\r') ? text.replace(/\\\r?\n/g, '') : text;
}

/** The same for a JSON string, whose value is known: where its characters stand between the quotes. */
export function unquoteJson(text: string): Origin {
  const origin: Origin = { starts: [], ends: [] };
  for (let at = 1; at < text.length - 1;) {
    const length = text[at] !== '\\' ? 1 : text[at + 1] === 'u' ? 6 : 2;
    origin.starts.push(at);
    at += length;
    origin.ends.push(at);
  }
  return origin;
}

/** One pass over a word. */
class Unquoter {
  readonly #text: string;
  readonly #origin: Origin | undefined;
  #value = '';
  #isLiteral = true;
  #at = 0;

  constructor(text: string, origin: Origin | undefined) {
    this.#text = text;
    this.#origin = origin;
  }

  read(): Unquoted {
    const text = this.#text;
    while (this.#at < text.length) {
      const character = text[this.#at];
      if (character === "'") this.#singleQuoted();
      else if (character === '"') this.#doubleQuoted();
      else if (character === '\\') this.#escape(true);
      else if (character === '$') this.#dollar(true);
      else if (character === '`' || ((character === '<' || character === '>') && text[this.#at + 1] === '('))
        this.#expansion();
      else this.#keep(1);
    }
    return { value: this.#value, isLiteral: this.#isLiteral };
  }

  #singleQuoted(): void {
    this.#at++;
    while (this.#at < this.#text.length && this.#text[this.#at] !== "'") {
      if (!this.#continuation()) this.#keep(1);
    }
    this.#at++;
  }

  #doubleQuoted(): void {
    const text = this.#text;
    this.#at++;
    while (this.#at < text.length && text[this.#at] !== '"') {
      const character = text[this.#at];
      if (character === '\\') this.#escape(false);
      else if (character === '$') this.#dollar(false);
      else if (character === '`') this.#expansion();
      else this.#keep(1);
    }
    this.#at++;
  }

  /** In double quotes only some characters are escaped; before others the backslash stays. */
  #escape(any: boolean): void {
    if (this.#continuation()) return;
    const next = this.#text[this.#at + 1];
    if (next === undefined || (!any && !'$`"\\'.includes(next))) this.#keep(1);
    else this.#put(next, 2);
  }

  #continuation(): boolean {
    const length = continuationAt(this.#text, this.#at);
    this.#at += length;
    return length > 0;
  }

  #dollar(outsideQuotes: boolean): void {
    const next = this.#text[this.#at + 1];
    if (outsideQuotes && next === "'") this.#ansiQuoted();
    else if (outsideQuotes && next === '"') this.#at++;
    else if (next !== undefined && /[\w{(@*#?!$-]/.test(next)) this.#expansion();
    else this.#keep(1);
  }

  #ansiQuoted(): void {
    this.#at += 2;
    while (this.#at < this.#text.length && this.#text[this.#at] !== "'") {
      const next = this.#text[this.#at + 1];
      if (this.#text[this.#at] !== '\\' || next === undefined) this.#keep(1);
      else if (!this.#continuation()) this.#put(ansiEscapes[next] ?? next, 2);
    }
    this.#at++;
  }

  #expansion(): void {
    this.#isLiteral = false;
    const end = expansionEnd(this.#text, this.#at);
    while (this.#at < end) {
      if (!this.#continuation()) this.#keep(1);
    }
  }

  #keep(length: number): void {
    this.#put(this.#text.slice(this.#at, this.#at + length), length);
  }

  #put(value: string, length: number): void {
    this.#value += value;
    this.#origin?.starts.push(this.#at);
    this.#at += length;
    this.#origin?.ends.push(this.#at);
  }
}

const ansiEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  e: '\u001b',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** The length of a backslash and the line break behind it. */
export function continuationAt(text: string, at: number): number {
  if (text[at] !== '\\') return 0;
  if (text[at + 1] === '\n') return 2;
  return text[at + 1] === '\r' && text[at + 2] === '\n' ? 3 : 0;
}

/** Where `$NAME`, `${...}`, `$(...)`, `<(...)` or `` `...` `` at `start` ends. */
function expansionEnd(text: string, start: number): number {
  const opening = text[start] === '`' ? '`' : text[start + 1];
  if (opening === '`') {
    for (let i = start + 1; i < text.length; i++) {
      if (text[i] === '\\') i++;
      else if (text[i] === '`') return i + 1;
    }
    return text.length;
  }
  if (opening === '(' || opening === '{') return closingEnd(text, start + 1);
  let end = start + 1;
  if (!/\w/.test(text[end] ?? '')) return Math.min(end + 1, text.length);
  if (/\d/.test(text[end] ?? '')) return end + 1;
  while (end < text.length && (/\w/.test(text[end] ?? '') || continuationAt(text, end) > 0))
    end += continuationAt(text, end) || 1;
  return end;
}

/** Where the parenthesis or brace that opens at `start` is closed: pairs and quotes inside are passed over. */
function closingEnd(text: string, start: number): number {
  const closings: string[] = [];
  for (let i = start; i < text.length; i++) {
    const character = text[i];
    const inQuotes = closings.at(-1) === '"';
    if (character === '\\') i++;
    else if (character === "'" && !inQuotes) i = Math.max(i, text.indexOf("'", i + 1));
    else if (character === '"' && !inQuotes) closings.push('"');
    else if (character === '(' && !inQuotes) closings.push(')');
    else if (character === '{' && (!inQuotes || text[i - 1] === '$')) closings.push('}');
    else if (character === '(' && text[i - 1] === '$') closings.push(')');
    else if (character === closings.at(-1)) closings.pop();
    if (closings.length === 0) return i + 1;
  }
  return text.length;
}
