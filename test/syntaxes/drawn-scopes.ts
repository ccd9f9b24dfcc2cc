import type { Token, Tokenize } from './tokenize.ts';

// A fixture is a Dockerfile with its scopes drawn under the lines:
//
//     USER app
//     ^^^^ keyword.other.special-method
//
// says that the scope covers exactly these characters; `~scope` that it covers them and perhaps their neighbours;
// `!scope` that it covers none of them. A scope may be named by its beginning.
const drawing = /^( *)(\^+)((?: [~!]?[\w.-]+)+)$/;

/** What of the drawing does not hold, one line each. */
export function mistakes(fixture: string, tokenize: Tokenize): readonly string[] {
  const rows = fixture.split('\n');
  const isDrawing = rows.map((row) => drawing.test(row));
  const lines = tokenize(rows.filter((_, index) => !isDrawing[index]).join('\n'));
  const found: string[] = [];
  let line = -1;
  for (const [index, row] of rows.entries()) {
    const [, indent = '', carets = '', scopes = ''] = drawing.exec(row) ?? [];
    if (carets === '') line++;
    const range = { start: indent.length, end: indent.length + carets.length };
    for (const expected of scopes.split(' ').filter((scope) => scope !== '')) {
      const sign = /^[~!]/.exec(expected)?.[0] ?? '=';
      if (holds(sign, expected.replace(/^[~!]/, ''), range, lines[line] ?? [])) continue;
      found.push(
        `line ${index + 1}: ${expected} at ${range.start}-${range.end}, found ${describe(lines[line] ?? [], range)}`,
      );
    }
  }
  return found;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function holds(sign: string, scope: string, { start, end }: Range, tokens: readonly Token[]): boolean {
  const has = (at: number): boolean =>
    tokens.some(
      (token) => token.start <= at && at < token.end && token.scopes.some((name) => `${name}.`.startsWith(`${scope}.`)),
    );
  const inside = Array.from({ length: end - start }, (_, offset) => has(start + offset));
  if (sign === '!') return !inside.includes(true);
  return !inside.includes(false) && (sign === '~' || (!has(start - 1) && !has(end)));
}

function describe(tokens: readonly Token[], { start, end }: Range): string {
  return tokens
    .filter((token) => token.start < end && start < token.end)
    .map((token) => `${token.start}-${token.end} ${token.scopes.slice(1).join(' ')}`)
    .join('; ');
}
