/** The part of the Kusto query language that questions about deployments are written in, as a tree. */
export interface Query {
  readonly table: string;
  readonly operators: readonly Operator[];
}

export type Operator =
  | { readonly kind: 'where'; readonly condition: Expression }
  | { readonly kind: 'extend' | 'project'; readonly columns: readonly Column[] }
  | { readonly kind: 'summarize'; readonly columns: readonly Column[]; readonly by: readonly Column[] }
  | { readonly kind: 'order'; readonly by: readonly { readonly value: Expression; readonly ascending: boolean }[] }
  | { readonly kind: 'take'; readonly count: number };

export interface Column {
  readonly name: string;
  readonly value: Expression;
}

export type Expression =
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  /** In milliseconds. */
  | { readonly kind: 'span'; readonly value: number }
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly given: readonly Expression[] };

export class KqlError extends Error {
  readonly code: 'SyntaxError' | 'SemanticError';

  constructor(code: 'SyntaxError' | 'SemanticError', message: string) {
    super(message);
    this.code = code;
  }
}

const comparisons = [
  '==',
  '!=',
  '=~',
  '!~',
  '<=',
  '>=',
  '<',
  '>',
  'contains',
  '!contains',
  'has',
  '!has',
  'startswith',
  'endswith',
  'in',
  '!in',
  'in~',
  'has_any',
  'has_all',
];
const token =
  /\s*(?:(\/\/[^\n]*)|(@"(?:[^"]|"")*"|@'(?:[^']|'')*')|("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(\d+(?:\.\d+)?(?:ms|[dhms])\b)|(\d+(?:\.\d+)?)|(in~|!?[A-Za-z_]\w*)|(==|!=|=~|!~|<=|>=|[|,()<>=+\-*/]))/y;

interface Token {
  readonly kind: 'text' | 'span' | 'number' | 'word' | 'sign';
  readonly text: string;
}

export function parseKql(source: string): Query {
  const tokens = tokensOf(source);
  let next = 0;
  const peek = (ahead = 0): string => tokens[next + ahead]?.text ?? '';
  const fail = (): KqlError =>
    new KqlError('SyntaxError', `Syntax Error: A recognition error occurred at '${peek() || 'the end'}'.`);
  const take = (text?: string): string => {
    const found = tokens[next];
    if (found === undefined || (text !== undefined && found.text.toLowerCase() !== text)) throw fail();
    next += 1;
    return found.text;
  };
  const takes = (text: string): boolean => {
    if (peek().toLowerCase() !== text || tokens[next]?.kind === 'text') return false;
    next += 1;
    return true;
  };
  const list = <T>(one: () => T): readonly T[] => {
    const all = [one()];
    while (takes(',')) all.push(one());
    return all;
  };

  const primary = (): Expression => {
    const found = tokens[next];
    if (found === undefined) throw fail();
    next += 1;
    switch (found.kind) {
      case 'text':
        return { kind: 'value', value: found.text };
      case 'number':
        return { kind: 'value', value: Number(found.text) };
      case 'span':
        return { kind: 'span', value: spanOf(found.text) };
      case 'sign': {
        if (found.text !== '(') throw fail();
        const inner = or();
        take(')');
        return inner;
      }
      case 'word':
        if (takes('(')) {
          const given = peek() === ')' ? [] : list(or);
          take(')');
          return { kind: 'call', name: found.text.toLowerCase(), given };
        }
        if (/^(true|false)$/i.test(found.text)) return { kind: 'value', value: found.text.toLowerCase() === 'true' };
        return { kind: 'column', name: found.text };
    }
  };
  const binary = (inner: () => Expression, signs: readonly string[]): Expression => {
    let left = inner();
    while (tokens[next]?.kind !== 'text' && signs.includes(peek().toLowerCase())) {
      const name = take().toLowerCase();
      left = { kind: 'call', name, given: [left, inner()] };
    }
    return left;
  };
  const sum = (): Expression => binary(() => binary(primary, ['*', '/']), ['+', '-']);
  const comparison = (): Expression => {
    const left = sum();
    const name = peek().toLowerCase();
    if (tokens[next]?.kind === 'text' || !comparisons.includes(name)) return left;
    take();
    if (!['in', '!in', 'in~', 'has_any', 'has_all'].includes(name)) return { kind: 'call', name, given: [left, sum()] };
    take('(');
    const given = [left, ...list(or)];
    take(')');
    return { kind: 'call', name, given };
  };
  const and = (): Expression => binary(comparison, ['and']);
  const or = (): Expression => binary(and, ['or']);

  const column = (): Column => {
    if (tokens[next]?.kind === 'word' && peek(1) === '=') {
      const name = take();
      take('=');
      return { name, value: or() };
    }
    const value = or();
    return { name: nameOf(value), value };
  };
  const ordered = (): { readonly value: Expression; readonly ascending: boolean } => {
    const value = or();
    const ascending = takes('asc');
    if (!ascending) takes('desc');
    return { value, ascending };
  };

  const operator = (): Operator => {
    const name = take().toLowerCase();
    switch (name) {
      case 'where':
        return { kind: 'where', condition: or() };
      case 'extend':
      case 'project':
        return { kind: name, columns: list(column) };
      case 'distinct':
        return { kind: 'summarize', columns: [], by: list(column) };
      case 'summarize': {
        const columns = peek().toLowerCase() === 'by' ? [] : list(column);
        return { kind: 'summarize', columns, by: takes('by') ? list(column) : [] };
      }
      case 'order':
      case 'sort':
        take('by');
        return { kind: 'order', by: list(ordered) };
      case 'take':
      case 'limit':
        return { kind: 'take', count: Number(take()) };
      default:
        next -= 1;
        throw fail();
    }
  };

  const table = take();
  const operators: Operator[] = [];
  while (takes('|')) operators.push(operator());
  if (next < tokens.length) throw fail();
  return { table, operators };
}

function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  const expression = new RegExp(token);
  while (source.slice(expression.lastIndex).trim() !== '') {
    const at = expression.lastIndex;
    const found = expression.exec(source);
    if (found === null) {
      throw new KqlError(
        'SyntaxError',
        `Syntax Error: A recognition error occurred at '${source.slice(at, at + 20)}'.`,
      );
    }
    const [, comment, verbatim, text, span, number, word, sign] = found;
    if (comment !== undefined) continue;
    if (verbatim !== undefined) {
      const quote = verbatim.charAt(1);
      tokens.push({ kind: 'text', text: verbatim.slice(2, -1).replaceAll(quote + quote, quote) });
    } else if (text !== undefined) tokens.push({ kind: 'text', text: text.slice(1, -1).replace(/\\(.)/g, '$1') });
    else if (span !== undefined) tokens.push({ kind: 'span', text: span });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
  }
  return tokens;
}

/** What a column without a name is called. */
function nameOf(value: Expression): string {
  if (value.kind === 'column') return value.name;
  if (value.kind !== 'call') return 'Column1';
  const [first, second] = value.given;
  if (value.name === 'bin' && first?.kind === 'column') return first.name;
  const of = first?.kind === 'column' ? first.name : '';
  return second?.kind === 'value' ? `${value.name}_${of}_${String(second.value)}` : `${value.name}_${of}`;
}

function spanOf(text: string): number {
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[/[a-z]+$/.exec(text)?.[0] ?? 'ms'] ?? 1;
  return Number.parseFloat(text) * unit;
}
