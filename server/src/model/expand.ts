/**
 * What a variable is where it is used: a value, nothing at all (the builder then takes it for empty), declared without a value that the build may give,
 * or something only the build will tell.
 */
export type VariableValue = { readonly value: string } | 'unset' | 'declared' | 'unknown';

/** Nothing real nests deeper or gets longer; what does is treated as unknown. */
const deepestNesting = 20;
const longestValue = 10_000;

const nameAt = /[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?!$-]/y;

/**
 * A word as the builder leaves it: quotes and escapes taken off, variables replaced with all the modifiers it knows.
 * `undefined` when the result hangs on a variable that is not known.
 * See https://docs.docker.com/reference/dockerfile/#environment-replacement
 */
export function expandWord(
  text: string,
  lookup: (name: string) => VariableValue,
  escape: string,
  depth = 0,
): string | undefined {
  let out = '';
  if (depth > deepestNesting || text.length > longestValue) return undefined;
  let quote = '';
  for (let i = 0; i < text.length;) {
    const character = text[i] ?? '';
    if (quote === "'") {
      if (character === "'") quote = '';
      else out += character;
      i++;
    } else if (character === escape && i + 1 < text.length) {
      const next = text[i + 1] ?? '';
      const isEscape = quote === '' || next === '"' || next === '$' || next === escape;
      out += isEscape ? next : character + next;
      i += 2;
    } else if (character === '$') {
      const variable = readVariable(text, i, escape);
      if (!variable) {
        out += character;
        i++;
        continue;
      }
      const value = variableText(variable, lookup, escape, depth);
      if (out.length > longestValue) return undefined;
      if (value === undefined) return undefined;
      out += value;
      i = variable.end;
    } else if (character === quote) {
      quote = '';
      i++;
    } else if (quote === '' && (character === '"' || character === "'")) {
      quote = character;
      i++;
    } else {
      out += character;
      i++;
    }
  }
  return out;
}

interface VariableUse {
  readonly name: string;
  /** `:-`, `+`, `##`, ...; empty for a plain `$X` or `${X}`. */
  readonly modifier: string;
  readonly operand: string;
  readonly start: number;
  readonly end: number;
}

function readVariable(text: string, dollar: number, escape: string): VariableUse | undefined {
  const braced = text[dollar + 1] === '{';
  nameAt.lastIndex = dollar + (braced ? 2 : 1);
  const name = nameAt.exec(text)?.[0];
  if (name === undefined) return undefined;
  const afterName = nameAt.lastIndex;
  if (!braced) return { name, modifier: '', operand: '', start: dollar, end: afterName };
  const close = closingBrace(text, afterName, escape);
  if (close === undefined) return undefined;
  const inside = text.slice(afterName, close);
  const modifier = /^(?::[-+?]|##?|%%?|\/\/?|[-+?])/.exec(inside)?.[0] ?? '';
  return { name, modifier, operand: inside.slice(modifier.length), start: dollar, end: close + 1 };
}

function closingBrace(text: string, from: number, escape: string): number | undefined {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    const character = text[i];
    if (character === escape) i++;
    else if (character === '{' && text[i - 1] === '$') depth++;
    else if (character === '}' && --depth === 0) return i;
  }
  return undefined;
}

function variableText(
  use: VariableUse,
  lookup: (name: string) => VariableValue,
  escape: string,
  depth: number,
): string | undefined {
  const found = lookup(use.name);
  const operand = () => expandWord(use.operand, lookup, escape, depth + 1);
  if (found === 'unknown' || (found === 'declared' && !use.modifier.endsWith('-'))) return undefined;
  if (found === 'unset' && use.modifier === '') return '';
  const value = typeof found === 'string' ? undefined : found.value;
  switch (use.modifier) {
    case ':-':
      return value === undefined || value === '' ? operand() : value;
    case '-':
      return value ?? operand();
    case ':+':
      return value === undefined || value === '' ? '' : operand();
    case '+':
      return value === undefined ? '' : operand();
    case ':?':
      return value === '' ? undefined : value;
    case '':
    case '?':
      return value;
    default:
      return value === undefined ? undefined : withPattern(value, use.modifier, operand());
  }
}

function withPattern(value: string, modifier: string, operand: string | undefined): string | undefined {
  // Long patterns with many stars would take a backtracking matcher forever.
  if (operand === undefined || operand.length > 100 || value.length > 1000) return undefined;
  if (modifier.startsWith('/')) {
    const slash = operand.indexOf('/');
    const pattern = globPattern(slash < 0 ? operand : operand.slice(0, slash));
    const replacement = slash < 0 ? '' : operand.slice(slash + 1);
    return value.replace(new RegExp(pattern, modifier === '//' ? 'g' : ''), () => replacement);
  }
  const greedy = modifier.length === 2;
  const candidates = Array.from({ length: value.length + 1 }, (_, i) => i);
  const isPrefix = modifier.startsWith('#');
  const matches = new RegExp(`^${globPattern(operand)}$`);
  // Cutting at every place, shortest part first, needs no regular expression that is lazy at its right end.
  const lengths = greedy ? candidates.toReversed() : candidates;
  for (const length of lengths) {
    const part = isPrefix ? value.slice(0, length) : value.slice(value.length - length);
    if (matches.test(part)) return isPrefix ? value.slice(length) : value.slice(0, value.length - length);
  }
  return value;
}

function globPattern(glob: string): string {
  return glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
}
