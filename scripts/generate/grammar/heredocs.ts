import { otherLanguages, shell, type EmbeddedLanguage } from './languages.ts';
import { include, keyword, keywordScopes, never, type GrammarRule, type Repository } from './rule.ts';

// BuildKit takes a word for a heredoc only if it begins with `<<`: not `cat<<EOF`, `<<<`, or a `<<` inside quotes.
const delimiter = String.raw`[A-Za-z_][\w.-]*`;
const anyHeredoc = String.raw`(?<=[ \t])\d*<<-?["']?${delimiter}["']?(?=[ \t]|$)`;
const otherWords = String.raw`(?:(?!(?<=[ \t])\d*<<-?["']?[A-Za-z_])(?:[^"'\n\\]|\\.|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'))*?`;
const quotes = { literal: `["']`, expanded: '' } as const;
type Kind = keyof typeof quotes;
const kinds: readonly Kind[] = ['literal', 'expanded'];

const back = (capture: number): string => `\\${capture}`;

/** The next heredoc on the line; captures dash, quote and delimiter as `first`, `first + 1` and `first + 2`. */
function heredoc(first: number, quote = `["']?`): string {
  return String.raw`${otherWords}(?<=[ \t])\d*<<(-?)(${quote})(${delimiter})${back(first + 1)}(?=[ \t]|$)`;
}

// Without its end a heredoc would take the rest of the file, at every keystroke until the end is written. Words that
// may well begin a line of SQL or of prose (FROM, COPY, ADD, USER) do not count.
const nextInstruction = String.raw`(?:RUN|WORKDIR|ENTRYPOINT|HEALTHCHECK|STOPSIGNAL|ONBUILD|CMD|EXPOSE|VOLUME)[ \t]+[^\s=(]`;

/** `(?!\1)\t`: tabs may stand before the terminator only where capture 1 is a dash, and not where it is empty. */
const terminator = (first: number): string => String.raw`(?:(?!${back(first)})\t)*(${back(first + 2)})$`;
const end = (first: number): string => `^${terminator(first)}|^(?=${nextInstruction})`;
const endCaptures = { 1: { name: 'constant.other.heredoc-delimiter.dockerfile' } };

/** `python3 -u - <<EOF`, `<<EOF python3`, `cat <<EOF | python3`. */
function fedTo(programs: string): string {
  return [
    String.raw`[^\n]*(?<=[ \t/;&|(])(?:${programs})(?:[ \t]+(?:-\S*|/dev/stdin))*[ \t]+${anyHeredoc}`,
    String.raw`[^\n]*${anyHeredoc}[ \t]+(?:\|[ \t]*)?(?:\S*/)?(?:env[ \t]+)?(?:${programs})(?=[ \t]|$)`,
  ].join('|');
}

/** `cat <<EOF > /x.json`, `tee /x.json <<EOF`, `cat > /x.json <<EOF`. */
const writtenTo = (files: string): string =>
  String.raw`[^\n]*(?:>[ \t]*|(?<=[ \t])tee[ \t]+(?:-a[ \t]+)?)["']?[^\s"'>]*(?:${files})["']?(?=[ \t]|$)`;

/** The last word of a COPY, or the heredoc's own name where that is a folder. */
const copiedTo = (files: string): string =>
  String.raw`[^\n]*[ \t]["']?[^\s"'<]*(?:${files})["']?[ \t]*$|[^\n]*<<-?["']?[\w.-]*(?:${files})["']?[ \t]+\S*/[ \t]*$`;

interface Lines {
  readonly contentName?: string;
  readonly patterns: readonly GrammarRule[];
}

const text: Lines = { contentName: 'string.unquoted.heredoc.dockerfile', patterns: [include('#nothing')] };

/** `#nothing` keeps the rule where the editor has no grammar for the language. */
const embedded = ({ name, scope }: EmbeddedLanguage): Lines => ({
  contentName: `meta.embedded.block.${name}`,
  patterns: [...(name === 'php' ? [include('#php-tag')] : []), include(scope), include('#nothing')],
});

/** Without a command the lines are a script: its first line may name an interpreter, else the shell reads it. */
const script: Lines = {
  patterns: [
    ...otherLanguages.flatMap((language) =>
      language.programs === undefined ? [] : [{ ...shebang(language.programs), end: never, ...embedded(language) }],
    ),
    { begin: '^', end: never, ...embedded(shell) },
  ],
};

function shebang(programs: string): GrammarRule {
  return {
    begin: String.raw`^(#!)(?:[^\n]*[/ \t])?(?:${programs})(?=[ \t]|$).*$`,
    beginCaptures: {
      0: { name: 'comment.line.shebang.dockerfile' },
      1: { name: 'punctuation.definition.comment.dockerfile' },
    },
  };
}

interface Choice {
  /** What the line looks like from behind the instruction's name on: a regular expression. */
  readonly when: string;
  readonly lines: Lines;
  readonly name?: string;
}

const languages = [shell, ...otherLanguages];
const chosenBy = (test: (language: EmbeddedLanguage) => string | undefined): readonly Choice[] =>
  languages.flatMap((language) => {
    const when = test(language);
    return when === undefined ? [] : [{ when, lines: embedded(language) }];
  });

const alone = (start: string): string => String.raw`${start}(?:--\S+[ \t]+)*${anyHeredoc}[ \t]*$`;
const fedToProgram = chosenBy(({ programs }) => programs && fedTo(programs));
const writtenToFile = chosenBy(({ files }) => writtenTo(files));
const copiedToFile = chosenBy(({ files }) => copiedTo(files));
const scriptName = 'meta.heredoc.script.dockerfile';

const runChoices: readonly Choice[] = [
  ...fedToProgram,
  { when: alone(String.raw`[ \t]+`), lines: script, name: scriptName },
  ...writtenToFile,
  { when: '', lines: text },
];
const copyChoices: readonly Choice[] = [...copiedToFile, { when: '', lines: text }];

/** The rest of the instruction's line, then every line before the terminator, whatever state these leave behind. */
const body = ({ when, lines, name }: Choice, line: string): GrammarRule => ({
  ...(name === undefined ? {} : { name }),
  begin: String.raw`\G(?=${when})(?=${heredoc(1)})(.*)$`,
  beginCaptures: { 4: { patterns: [include(line)] } },
  while: `^(?!${nextInstruction})(?!${terminator(1)})`,
  ...lines,
});

/**
 * A heredoc that only a later line of the instruction names. To keep the instruction alive it must stay the innermost
 * open rule and have taken the line end: so each line of the body is tokenized for itself.
 */
const lateBody = ({ when, lines, name }: Choice, line: string): GrammarRule => ({
  ...(name === undefined ? {} : { name }),
  begin: String.raw`\G(?=${when})(?=${heredoc(1)})(.*)\n`,
  beginCaptures: { 4: { patterns: [include(line)] } },
  end: end(1),
  endCaptures,
  ...(lines.contentName === undefined ? {} : { contentName: lines.contentName }),
  patterns: [{ match: '.+', captures: { 0: { patterns: lines.patterns } } }],
});

const late = (kind: Kind, bodies: string): GrammarRule => ({
  name: `meta.heredoc.${kind}.dockerfile`,
  begin: String.raw`^(?=${heredoc(1, quotes[kind])})(?!${otherWords}\\[ \t]*$)`,
  end: never,
  patterns: [include(bodies)],
});

/** An instruction with one heredoc. The body ends before its terminator, this takes it. */
const single = (names: string, kind: Kind, bodies: string): GrammarRule => ({
  name: `meta.instruction.${names === 'RUN' ? 'run' : 'copy'}.dockerfile meta.heredoc.${kind}.dockerfile`,
  begin: String.raw`${keyword(names)}(?=${heredoc(3, quotes[kind])}(?!${otherWords}${anyHeredoc}))`,
  beginCaptures: keywordScopes,
  end: end(3),
  endCaptures,
  patterns: [include(bodies)],
});

/** The first `count` heredocs of a line that has several: inside are those before the last, then come the lines of the last. */
const several = (count: number, kind: Kind, start: string, first: number, inner: string): GrammarRule => {
  const before = Array.from({ length: count - 1 }, (_, index) => heredoc(first + 3 * index)).join('');
  const last = first + 3 * (count - 1);
  const line = count === 1 ? { text: '(.*)$', captures: { [last + 3]: { patterns: [include(inner)] } } } : undefined;
  return {
    begin: `${start}(?=${before}${heredoc(last, quotes[kind])})${line?.text ?? ''}`,
    ...(line === undefined ? {} : { beginCaptures: line.captures }),
    end: end(last),
    endCaptures,
    patterns: [
      ...(count === 1 ? [] : [include(inner)]),
      ...(kind === 'expanded' ? [include('#expansion')] : []),
      { match: kind === 'expanded' ? String.raw`[^$\\\n]+|[$\\]` : '.+', name: 'string.unquoted.heredoc.dockerfile' },
    ],
  };
};

const most = 3;

function severalRules(names: string, id: string, line: string): Repository {
  const inner = (count: number): readonly GrammarRule[] =>
    kinds.map((kind) => several(count, kind, String.raw`\G`, 1, count === 1 ? line : `#${id}-${count - 1}`));
  const outer = [3, 2].flatMap((count) =>
    kinds.map((kind) => ({
      name: 'meta.instruction.dockerfile',
      ...several(count, kind, keyword(names), 3, `#${id}-${count - 1}`),
      beginCaptures: keywordScopes,
    })),
  );
  return {
    [id]: { patterns: outer },
    ...Object.fromEntries(
      Array.from({ length: most - 1 }, (_, index) => [`${id}-${index + 1}`, { patterns: inner(index + 1) }]),
    ),
  };
}

export const heredocRules: Repository = {
  heredocs: {
    patterns: [
      include('#run-heredocs'),
      include('#copy-heredocs'),
      ...kinds.map((kind) => single('RUN', kind, '#run-heredoc-bodies')),
      ...kinds.map((kind) => single('COPY|ADD', kind, '#copy-heredoc-bodies')),
    ],
  },
  ...severalRules('RUN', 'run-heredocs', '#run-line'),
  ...severalRules('COPY|ADD', 'copy-heredocs', '#copy-arguments'),
  'run-heredoc-bodies': { patterns: runChoices.map((choice) => body(choice, '#run-line')) },
  'copy-heredoc-bodies': { patterns: copyChoices.map((choice) => body(choice, '#copy-arguments')) },
  'late-run-heredocs': { patterns: kinds.map((kind) => late(kind, '#late-run-bodies')) },
  'late-copy-heredocs': { patterns: kinds.map((kind) => late(kind, '#late-copy-bodies')) },
  'late-run-bodies': {
    patterns: [
      ...fedToProgram,
      { when: alone(String.raw`[ \t]*`), lines: embedded(shell), name: scriptName },
      ...writtenToFile,
      { when: '', lines: text },
    ].map((choice) => lateBody(choice, '#run-line')),
  },
  'late-copy-bodies': { patterns: copyChoices.map((choice) => lateBody(choice, '#copy-arguments')) },
  'php-tag': { match: String.raw`<\?(?:php|=)?|\?>`, name: 'punctuation.section.embedded.php' },
  'heredoc-operator': {
    match: String.raw`(?<=[ \t])(\d*<<-?)(["']?)(${delimiter})(\2)(?=[ \t]|$)`,
    captures: {
      1: { name: 'keyword.operator.heredoc.dockerfile' },
      2: { name: 'punctuation.definition.string.dockerfile' },
      3: { name: 'constant.other.heredoc-delimiter.dockerfile' },
      4: { name: 'punctuation.definition.string.dockerfile' },
    },
  },
};
