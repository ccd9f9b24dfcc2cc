// Cuts a Trivy report into small values while it arrives, so that never more than one of them is in memory: the members of the
// report, the members of each result, and the elements of their lists. What is inside a value is left to JSON.parse.

import { valueIn } from './values.ts';

export interface Sink {
  /** A member of the report other than `Results`. `text` is JSON. */
  root(key: string, text: string): void;
  startResult(): void;
  /** A member of a result that is not a list. */
  member(key: string, text: string): void;
  /** An element of a list in a result. */
  item(key: string, text: string): void;
  endResult(): void;
  /** A value that is too long to be real. */
  tooLong(key: string): void;
}

export type SplitEnd =
  | { readonly kind: 'whole' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'broken'; readonly at: number }
  /** It does not begin with `{`: these are its first bytes. */
  | { readonly kind: 'not-an-object'; readonly start: string }
  | { readonly kind: 'empty' };

/** Longer than anything Trivy writes in one piece; Trivy itself cuts long text. */
const longestValue = 32 * 1024 * 1024;

type Level = 'root' | 'results' | 'result' | 'list';
type Mode =
  'start' | 'value-or-end' | 'value' | 'key-or-end' | 'key' | 'colon' | 'next' | 'string' | 'nested' | 'literal';

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openList = 0x5b;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

export class ReportSplitter {
  readonly #sink: Sink;
  readonly #longest: number;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** What is still needed of what arrived: from the start of the value we are in. */
  #window = new Uint8Array(0);
  #length = 0;
  /** How much of the report came before the window. */
  #before = 0;
  #at = 0;
  #mode: Mode = 'start';
  #isKey = false;
  readonly #levels: Level[] = [];
  #start = -1;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #isTooLong = false;
  #rootKey = '';
  #resultKey = '';
  #end: SplitEnd | undefined;

  constructor(sink: Sink, longest = longestValue) {
    this.#sink = sink;
    this.#longest = longest;
  }

  push(bytes: Uint8Array): void {
    if (this.#end || bytes.length === 0) return;
    this.#append(bytes);
    while (this.#at < this.#length && !this.#isOver()) this.#step();
  }

  end(): SplitEnd {
    return this.#end ?? { kind: this.#mode === 'start' ? 'empty' : 'cut' };
  }

  #isOver(): boolean {
    return this.#end !== undefined;
  }

  #append(bytes: Uint8Array): void {
    const from = this.#start >= 0 ? this.#start : this.#at;
    const kept = this.#length - from;
    const needed = kept + bytes.length;
    if (needed > this.#window.length) {
      const larger = new Uint8Array(Math.max(needed, this.#window.length * 2, 65_536));
      larger.set(this.#window.subarray(from, this.#length));
      this.#window = larger;
    } else if (from > 0) this.#window.copyWithin(0, from, this.#length);
    this.#window.set(bytes, kept);
    this.#before += from;
    this.#at -= from;
    if (this.#start >= 0) this.#start = 0;
    this.#length = needed;
  }

  #step(): void {
    if (this.#mode === 'string') this.#skipString();
    else if (this.#mode === 'nested') this.#skipNested();
    else if (this.#mode === 'literal') this.#skipLiteral();
    else {
      const byte = this.#window[this.#at] as number;
      if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) this.#at++;
      else this.#take(byte, this.#mode);
    }
  }

  #take(byte: number, mode: Exclude<Mode, 'string' | 'nested' | 'literal'>): void {
    switch (mode) {
      case 'start':
        this.#takeFirst(byte);
        break;
      case 'key-or-end':
      case 'key':
        this.#takeKey(byte, mode === 'key-or-end');
        break;
      case 'colon':
        if (byte === colon) this.#goOn('value');
        else this.#break();
        break;
      case 'value-or-end':
        if (byte === closeList) this.#close();
        else this.#takeValue(byte);
        break;
      case 'value':
        this.#takeValue(byte);
        break;
      case 'next':
        this.#takeNext(byte);
        break;
    }
  }

  #takeFirst(byte: number): void {
    const place = this.#before + this.#at;
    if (byte === openObject) this.#open('root', 'key-or-end');
    // A byte order mark is no part of the report.
    else if (place < 3 && byte === [0xef, 0xbb, 0xbf][place]) this.#at++;
    else {
      const start = this.#window.subarray(this.#at, Math.min(this.#length, this.#at + 64));
      this.#end = { kind: 'not-an-object', start: this.#decoder.decode(start) };
    }
  }

  #takeKey(byte: number, mayEnd: boolean): void {
    this.#isKey = byte === quote;
    if (byte === quote) this.#capture('string');
    else if (byte === closeObject && mayEnd) this.#close();
    else this.#break();
  }

  #takeValue(byte: number): void {
    const level = this.#levels.at(-1);
    if (byte === openList && level === 'root' && this.#rootKey === 'Results') this.#open('results', 'value-or-end');
    else if (byte === openList && level === 'result') this.#open('list', 'value-or-end');
    else if (byte === openObject && level === 'results') {
      this.#sink.startResult();
      this.#open('result', 'key-or-end');
    } else if (byte === quote) this.#capture('string');
    else if (byte === openList || byte === openObject) this.#capture('nested');
    else if (byte === comma || byte === colon || byte === closeList || byte === closeObject) this.#break();
    else this.#capture('literal');
  }

  #takeNext(byte: number): void {
    const level = this.#levels.at(-1);
    const isList = level === 'results' || level === 'list';
    if (byte === comma) this.#goOn(isList ? 'value' : 'key');
    else if (byte === (isList ? closeList : closeObject)) this.#close();
    else this.#break();
  }

  #goOn(mode: Mode): void {
    this.#at++;
    this.#mode = mode;
  }

  #open(level: Level, mode: Mode): void {
    this.#levels.push(level);
    this.#goOn(mode);
  }

  #close(): void {
    const level = this.#levels.pop();
    this.#goOn('next');
    if (level === 'result') this.#sink.endResult();
    if (level === 'root') this.#end = { kind: 'whole' };
  }

  #capture(mode: 'string' | 'nested' | 'literal'): void {
    this.#start = this.#at;
    this.#depth = 0;
    this.#inString = false;
    this.#escaped = false;
    this.#isTooLong = false;
    if (mode === 'string') this.#at++;
    this.#mode = mode;
  }

  #skipString(): void {
    const window = this.#window;
    const length = this.#length;
    let at = this.#at;
    if (this.#escaped) {
      this.#escaped = false;
      at++;
    }
    while (at < length) {
      const byte = window[at];
      if (byte === quote) {
        this.#at = at + 1;
        this.#emit();
        return;
      }
      at += byte === backslash ? 2 : 1;
    }
    this.#escaped = at > length;
    this.#at = length;
    this.#forgetIfTooLong();
  }

  #skipNested(): void {
    const window = this.#window;
    const length = this.#length;
    let at = this.#at;
    let depth = this.#depth;
    let inString = this.#inString;
    if (this.#escaped) {
      this.#escaped = false;
      at++;
    }
    while (at < length) {
      const byte = window[at] as number;
      if (inString) {
        if (byte === quote) inString = false;
        at += byte === backslash ? 2 : 1;
        continue;
      }
      at++;
      if (byte === quote) inString = true;
      else if (byte === openObject || byte === openList) depth++;
      else if ((byte === closeObject || byte === closeList) && --depth === 0) {
        this.#at = at;
        this.#emit();
        return;
      }
    }
    this.#escaped = at > length;
    this.#at = length;
    this.#depth = depth;
    this.#inString = inString;
    this.#forgetIfTooLong();
  }

  #skipLiteral(): void {
    while (this.#at < this.#length) {
      const byte = this.#window[this.#at] as number;
      if (byte <= 0x20 || byte === comma || byte === closeList || byte === closeObject) {
        this.#emit();
        return;
      }
      this.#at++;
    }
    this.#forgetIfTooLong();
  }

  #forgetIfTooLong(): void {
    if (this.#at - this.#start <= this.#longest) return;
    this.#isTooLong = true;
    this.#start = this.#at;
  }

  #emit(): void {
    const text = this.#decoder.decode(this.#window.subarray(this.#start, this.#at));
    this.#start = -1;
    if (this.#isKey) {
      this.#isKey = false;
      const key = this.#isTooLong ? '' : String(valueIn(text));
      if (this.#levels.length === 1) this.#rootKey = key;
      else this.#resultKey = key;
      this.#mode = 'colon';
      return;
    }
    this.#mode = 'next';
    const level = this.#levels.at(-1);
    if (this.#isTooLong) this.#sink.tooLong(level === 'root' ? this.#rootKey : this.#resultKey);
    else if (level === 'root') this.#sink.root(this.#rootKey, text);
    else if (level === 'result') this.#sink.member(this.#resultKey, text);
    else if (level === 'list') this.#sink.item(this.#resultKey, text);
    // A result that is no object: told by a key that no result has.
    else this.#sink.root('Results[]', text);
  }

  #break(): void {
    this.#end = { kind: 'broken', at: this.#before + this.#at };
  }
}
