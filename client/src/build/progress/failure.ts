/** What a builder says at the end, beside its progress. */
export interface LastWord {
  readonly message: string;
  /** Of the Dockerfile, counted from 1. */
  readonly lines?: { readonly first: number; readonly last: number };
}

const prefixes =
  /^(?:ERROR: |Error: |error: |Error response from daemon: |failed to (?:build|solve): |failed to solve with frontend [\w.]+: |failed to (?:build|create) LLB(?: definition)?: |failed to receive status: |rpc error: code = \w+ desc = |(?:Internal|Unknown|Unavailable): |failed to compute cache key: |failed to calculate checksum of ref \S+: |unable to prepare context: |could not parse secrets: \[[^\]]*\]: |building at STEP "(?:[^"\\]|\\.)*": |Build error: )+/;

/** What programs add to an error: how to call for help, what else they offer. */
const noise =
  /^(?:See '.*--help'|Run '.*--help'|Usage: |\s*View build details: |\s*What's next:|\s*Learn more |DEPRECATED: | {12}|FATA\[|time="|-{3,}$|\s*$)/;

const lost = /^(?:error reading from server|transport is closing|unexpected EOF$|EOF$|connection error: )/;

export function withoutPrefixes(message: string): string {
  // Podman shows its own parse of the instruction behind some.
  const plain = message
    .trim()
    .replace(prefixes, '')
    .replace(/ &imagebuilder\.Step\{.*$/s, '');
  return lost.test(plain) ? `The builder stopped answering: ${plain}` : plain;
}

/** The code that the failing instruction's own command ended with. */
export function exitCodeIn(message: string): number | undefined {
  const code = /(?:exit code: |returned a non-zero code: |exit status )(\d+)\b/.exec(message)?.[1];
  return code === undefined ? undefined : Number(code);
}

/** What the lines beside the progress come to; `fallback` is the failing step's own message. */
export function lastWord(loose: readonly string[], fallback: string | undefined): LastWord {
  const start = loose.findLastIndex((line) => /^(?:ERROR|Error|error): /.test(line));
  const tail = (start < 0 ? loose : loose.slice(start)).filter((line) => !noise.test(line) && !isExcerpt(line));
  const said = start < 0 ? (fallback ?? tail.at(-1)) : tail.join('\n');
  const message = withoutPrefixes(said ?? '') || 'The builder gave no reason';
  const lines = excerptIn(loose) ?? lineIn(message);
  return { message, ...(lines && { lines }) };
}

/** The marked lines of the builder's own excerpt: `   7 | >>> RUN npm ci`. */
function excerptIn(loose: readonly string[]): LastWord['lines'] {
  const marked = loose.flatMap((line) => /^\s*(\d+) \| >>> ?/.exec(line)?.[1] ?? []).map(Number);
  const [first] = marked;
  const last = marked.at(-1);
  if (first !== undefined && last !== undefined && last >= first) return { first, last };
  return undefined;
}

function lineIn(message: string): LastWord['lines'] {
  const line = /\b(?:parse|syntax) error on line (\d+)\b/i.exec(message)?.[1];
  return line === undefined ? undefined : { first: Number(line), last: Number(line) };
}

function isExcerpt(line: string): boolean {
  return /^\s*\d+ \| /.test(line);
}
