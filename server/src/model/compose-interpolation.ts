/** One `$NAME` or `${NAME...}` in a value. Offsets are into the value. */
export interface Interpolation {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  /** `:-`, `-`, `:?`, `?`, `:+`, `+`; absent for the bare forms. */
  readonly operator?: string;
  /** After the operator; it may hold further variables. */
  readonly argument?: string;
}

/** A default in a default in a default; nothing real has more. */
const deepestDefault = 20;

/** True when Compose takes the value as it stands, but for `$$`, which is a `$`. */
export function isLiteral(text: string): boolean {
  return !text.includes('$') || interpolationsIn(text).length === 0;
}

/** The outermost variables of a value, in order. What Compose would reject is no variable. */
export function interpolationsIn(text: string): readonly Interpolation[] {
  const found: Interpolation[] = [];
  const closing = text.includes('${') ? closingBraces(text) : undefined;
  for (let i = text.indexOf('$'); i >= 0; i = text.indexOf('$', i)) {
    if (text[i + 1] === '$') {
      i += 2;
      continue;
    }
    const interpolation = text[i + 1] === '{' ? braced(text, i, closing?.get(i)) : bare(text, i);
    if (interpolation) found.push(interpolation);
    i = interpolation?.end ?? i + 1;
  }
  return found;
}

/**
 * The value with defaults in the place of variables (`${TAG:-1.2}` is `1.2`), and `$$` as `$`;
 * `undefined` when a variable has no default.
 */
export function withDefaults(text: string, depth = 0): string | undefined {
  if (!text.includes('$')) return text;
  if (depth > deepestDefault) return undefined;
  let done = '';
  let next = 0;
  for (const { start, end, operator, argument } of interpolationsIn(text)) {
    const value = operator === ':-' || operator === '-' ? withDefaults(argument ?? '', depth + 1) : undefined;
    if (value === undefined) return undefined;
    done += unescape(text.slice(next, start)) + value;
    next = end;
  }
  return done + unescape(text.slice(next));
}

/** Cuts at the separators outside of variables, as `${DATA:-./data}:/data`. */
export function splitOutside(text: string, separator: string): readonly string[] {
  if (!text.includes('$')) return text.split(separator);
  const parts: string[] = [];
  let from = 0;
  let next = 0;
  const variables = interpolationsIn(text);
  for (let i = 0; i < text.length; i++) {
    const variable = variables[next];
    if (variable && i === variable.start) {
      i = variable.end - 1;
      next++;
    } else if (text[i] === separator) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  return [...parts, text.slice(from)];
}

function bare(text: string, start: number): Interpolation | undefined {
  const name = /^[A-Za-z_]\w*/.exec(text.slice(start + 1, start + 200))?.[0];
  return name === undefined ? undefined : { start, end: start + 1 + name.length, name };
}

function braced(text: string, start: number, end: number | undefined): Interpolation | undefined {
  if (end === undefined) return undefined;
  const match = /^([A-Za-z_]\w*)(?:(:?[-?+])([^]*))?$/.exec(text.slice(start + 2, end));
  if (!match?.[1]) return undefined;
  const [, name, operator, argument] = match;
  return { start, end: end + 1, name, ...(operator !== undefined && { operator, argument: argument ?? '' }) };
}

/** Where the brace of each `${` is closed, by the place of its `$`; all at once, as most of a long text may be braces. */
function closingBraces(text: string): ReadonlyMap<number, number> {
  const closing = new Map<number, number>();
  const open: number[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '$' && text[i + 1] === '{') open.push(i);
    else if (text[i] === '}') {
      const start = open.pop();
      if (start !== undefined) closing.set(start, i);
    }
  }
  return closing;
}

function unescape(text: string): string {
  return text.replaceAll('$$', '$');
}
