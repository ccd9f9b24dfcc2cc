/** One TextMate rule, as far as the grammar needs them. */
export interface GrammarRule {
  readonly name?: string;
  readonly contentName?: string;
  readonly include?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly while?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly endCaptures?: Captures;
  readonly patterns?: readonly GrammarRule[];
}

export type Captures = Readonly<Record<number, { readonly name?: string; readonly patterns?: readonly GrammarRule[] }>>;

export type Repository = Readonly<Record<string, GrammarRule>>;

export const include = (name: string): GrammarRule => ({ include: name });

/** `scopes('a', undefined, 'b')` names capture 1 `a.dockerfile` and capture 3 `b.dockerfile`. */
export function scopes(...names: readonly (string | undefined)[]): Captures {
  return Object.fromEntries(
    names.flatMap((name, index) => (name === undefined ? [] : [[index + 1, { name: `${name}.dockerfile` }]])),
  );
}

/** An end that never comes: the rule lasts until a rule around it is over. */
export const never = '(?!)';

/** The case of an instruction does not matter. A '`' may follow at once, as it may be the escape character. */
export const keyword = (names: string): string =>
  String.raw`^[ \t]*(?:((?i:ONBUILD))[ \t]+)?((?i:${names}))(?=[ \t\\${'`'}]|$)`;

export const keywordScopes = scopes('keyword.control.onbuild', 'keyword.other.special-method');

/**
 * An instruction lasts as long as its lines are continued, whatever an embedded language left open.
 * `\G` matches at the start of a line only if the innermost open rule began by taking the line end before it, and the
 * only such rules are `continuation` and the late heredocs: see there.
 * Inside a fenced block of Markdown it matches at every line; hence the second condition.
 */
export const goesOn = String.raw`\G(?!(?:FROM|RUN|CMD|ENTRYPOINT|COPY|ADD|ENV|ARG|LABEL|EXPOSE|USER|VOLUME|WORKDIR|STOPSIGNAL|SHELL|HEALTHCHECK|ONBUILD)[ \t]+[^\s=&|;)])`;

export const instruction = (names: string, patterns: readonly GrammarRule[]): GrammarRule => ({
  name: `meta.instruction.${(/^[A-Z]+/.exec(names)?.[0] ?? '').toLowerCase()}.dockerfile`,
  begin: keyword(names),
  beginCaptures: keywordScopes,
  while: goesOn,
  patterns: [include('#comment'), include('#continuation'), ...patterns],
});
