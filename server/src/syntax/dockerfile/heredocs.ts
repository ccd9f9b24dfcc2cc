import { lineAt } from './lines.ts';
import type { Heredoc, Word } from './tree.ts';
import { unquote } from './words.ts';

/** A word that begins a heredoc: an optional file descriptor, `<<`, an optional `-`, and a name that may be quoted. */
const heredocWord = /^\d*<<(-?)([^<]+)$/;

/** The heredocs that the words of one instruction begin; their bodies follow one another from `bodiesFrom`. */
export function readHeredocs(text: string, words: readonly Word[], bodiesFrom: number): Heredoc[] {
  const heredocs: Heredoc[] = [];
  let at = bodiesFrom;
  for (const word of words) {
    const [, dash, written] = heredocWord.exec(word.text) ?? [];
    if (written === undefined || /\s/.test(unquote(written, '\\'))) continue;
    const name = unquote(written, '\\');
    const stripsTabs = dash === '-';
    const { body, terminator, next } = readBody(text, at, name, stripsTabs);
    heredocs.push({
      name,
      quoted: name !== written,
      stripsTabs,
      range: word.range,
      body,
      ...(terminator && { terminator }),
    });
    at = next;
  }
  return heredocs;
}

function readBody(text: string, from: number, name: string, stripsTabs: boolean) {
  let at = from;
  while (at < text.length) {
    const line = lineAt(text, at);
    let first = at;
    while (stripsTabs && text[first] === '\t') first++;
    if (line.end - first === name.length && text.startsWith(name, first)) {
      return { body: { start: from, end: at }, terminator: { start: first, end: line.end }, next: line.next };
    }
    at = line.next;
  }
  return { body: { start: from, end: text.length }, terminator: undefined, next: text.length };
}
