/** Pieces of bash and jq, each safe for any text in it. */

/** One word of bash, whatever is in it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** In double quotes: text as it is, and variables to fill in. */
export function doubleQuoted(parts: readonly (string | { readonly variable: string })[]): string {
  const inner = parts.map((part) =>
    typeof part === 'string' ? part.replaceAll(/["\\$`]/g, '\\$&') : `\${${part.variable}}`,
  );
  return `"${inner.join('')}"`;
}

/** Of one line whatever is in the text. */
export function comment(text: string): string {
  return `# ${text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')}`;
}

/** A JSON text is a program of jq as it stands. */
export function jqText(text: string): string {
  return JSON.stringify(text);
}

/** What bash allows as a name: letters, digits and underscores. What is one already stays. */
export function variableName(text: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) return text;
  const plain = text
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return /^[0-9]/.test(plain) || plain === '' ? `_${plain}` : plain;
}
