import { include, scopes, type GrammarRule, type Repository } from './rule.ts';

const unquoted = (characters: string): GrammarRule => ({ match: characters, name: 'string.unquoted.dockerfile' });
const wordEnd = String.raw`(?=[ \t]|$)`;

const flag = (names: string, patterns: readonly GrammarRule[]): GrammarRule => ({
  name: 'meta.flag.dockerfile',
  begin: String.raw`(?<![^ \t])((--)${names})(?:(=)|${wordEnd})`,
  beginCaptures: scopes(
    'entity.other.attribute-name.flag',
    'punctuation.definition.flag',
    'keyword.operator.assignment',
  ),
  end: wordEnd,
  patterns: [include('#continuation'), include('#variable'), include('#quoted'), ...patterns],
});

const jsonList = (inside: readonly GrammarRule[]): GrammarRule => ({
  name: 'meta.json-form.dockerfile',
  // Only if it goes on as JSON would: `RUN [ "$x" = y ] && ...` is a command.
  begin: String.raw`\[(?=[ \t]*(?:\\?[ \t]*$|\][ \t]*$|"(?:[^"\\\n]|\\.)*"[ \t]*(?:,|\][ \t]*$|[\\${'`'}]?[ \t]*$)|'[^'\n]*'[ \t]*(?:,|\][ \t]*$)))`,
  beginCaptures: { 0: { name: 'punctuation.definition.array.begin.dockerfile' } },
  end: String.raw`\]`,
  endCaptures: { 0: { name: 'punctuation.definition.array.end.dockerfile' } },
  patterns: [
    include('#continuation'),
    ...inside,
    { match: ',', name: 'punctuation.separator.array.dockerfile' },
    { match: String.raw`'[^'\n]*'?`, name: 'invalid.illegal.single-quote.dockerfile' },
  ],
});

const jsonString = (inside: readonly GrammarRule[]): GrammarRule => ({
  name: 'string.quoted.double.json-form.dockerfile',
  begin: '"',
  beginCaptures: { 0: { name: 'punctuation.definition.string.begin.dockerfile' } },
  end: '"',
  endCaptures: { 0: { name: 'punctuation.definition.string.end.dockerfile' } },
  patterns: [
    include('#continuation'),
    { match: String.raw`\\(?:["\\/bfnrt]|u\h{4})`, name: 'constant.character.escape.json.dockerfile' },
    { match: String.raw`\\.`, name: 'invalid.illegal.escape.dockerfile' },
    ...inside,
  ],
});

export const argumentRules: Repository = {
  variable: {
    patterns: [
      {
        match: String.raw`(\$)([A-Za-z_]\w*)`,
        captures: scopes('punctuation.definition.variable', 'variable.other'),
      },
      {
        name: 'meta.expansion.dockerfile',
        begin: String.raw`(\$\{)([A-Za-z_]\w*)(:?[-+?]|##?|%%?|//?)?`,
        beginCaptures: scopes('punctuation.definition.variable.begin', 'variable.other', 'keyword.operator.expansion'),
        end: String.raw`(\})|$`,
        endCaptures: scopes('punctuation.definition.variable.end'),
        patterns: [
          include('#continuation'),
          include('#variable'),
          include('#quoted'),
          include('#escape'),
          unquoted(String.raw`[^$}"'\\\s]+`),
        ],
      },
    ],
  },
  escape: { match: String.raw`\\.`, name: 'constant.character.escape.dockerfile' },
  quoted: {
    patterns: [
      {
        name: 'string.quoted.double.dockerfile',
        begin: '"',
        beginCaptures: { 0: { name: 'punctuation.definition.string.begin.dockerfile' } },
        end: '"',
        endCaptures: { 0: { name: 'punctuation.definition.string.end.dockerfile' } },
        patterns: [include('#continuation'), include('#escape'), include('#variable')],
      },
      {
        name: 'string.quoted.single.dockerfile',
        begin: "'",
        beginCaptures: { 0: { name: 'punctuation.definition.string.begin.dockerfile' } },
        end: "'",
        endCaptures: { 0: { name: 'punctuation.definition.string.end.dockerfile' } },
        patterns: [include('#continuation')],
      },
    ],
  },
  flag: {
    patterns: [
      flag('mount', [
        { match: ',', name: 'punctuation.separator.dockerfile' },
        {
          match: String.raw`(?<=[=,])([A-Za-z-]+)(=)`,
          captures: scopes('variable.parameter.mount', 'keyword.operator.assignment'),
        },
        {
          match: String.raw`(?<=type=)(?:bind|cache|tmpfs|secret|ssh)(?=[,\s\\]|$)|(?<=sharing=)(?:shared|private|locked)(?=[,\s\\]|$)`,
          name: 'support.constant.mount.dockerfile',
        },
        {
          match: String.raw`(?<=from=)[^,\s"'$\\]+`,
          captures: { 0: { patterns: [include('#image')] } },
        },
        {
          match: String.raw`(?<=[=,])(?:ro|rw|readonly|readwrite|required)(?=[,\s\\]|$)`,
          name: 'variable.parameter.mount.dockerfile',
        },
        include('#constant'),
        unquoted(String.raw`[^,\s"'$\\]+`),
      ]),
      flag('from', [include('#image')]),
      flag('platform', [
        { match: '/', name: 'punctuation.separator.dockerfile' },
        { match: String.raw`[\w.-]+`, name: 'support.constant.platform.dockerfile' },
      ]),
      flag(String.raw`[A-Za-z][\w-]*`, [
        {
          match: String.raw`(?<==)(?:none|host|default|sandbox|insecure)${wordEnd}`,
          name: 'support.constant.dockerfile',
        },
        include('#constant'),
        unquoted(String.raw`[^\s"'$\\]+`),
      ]),
    ],
  },
  constant: {
    patterns: [
      { match: String.raw`(?<==)(?:true|false)(?=[,\s\\]|$)`, name: 'constant.language.boolean.dockerfile' },
      {
        match: String.raw`(?<==)((?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+)(?=[,\s\\]|$)`,
        name: 'constant.numeric.duration.dockerfile',
      },
      { match: String.raw`(?<==)\d+(?=[,:\s\\]|$)`, name: 'constant.numeric.dockerfile' },
    ],
  },
  image: {
    patterns: [
      include('#variable'),
      include('#quoted'),
      { match: String.raw`(?<![^\s=])scratch(?=\s|$)`, name: 'constant.language.scratch.dockerfile' },
      { match: String.raw`(?<==)\d+(?=\s|$)`, name: 'constant.numeric.stage.dockerfile' },
      {
        match: String.raw`(?<![^\s=])((?:localhost|[\w-]+(?:\.[\w-]+)+)(?::\d+)?|[\w.-]+:\d+)(/)`,
        captures: scopes('entity.name.namespace.registry', 'punctuation.separator.path'),
      },
      { match: '/', name: 'punctuation.separator.path.dockerfile' },
      {
        match: String.raw`(@)([\w.+-]+)(:)([0-9A-Fa-f]+)`,
        captures: scopes(
          'punctuation.separator.digest',
          'support.constant.digest-algorithm',
          'punctuation.separator.digest',
          'constant.numeric.digest',
        ),
      },
      {
        begin: String.raw`:(?![^\s/]*/)`,
        beginCaptures: { 0: { name: 'punctuation.separator.tag.dockerfile' } },
        end: String.raw`(?=[@\s]|$)`,
        patterns: [
          include('#continuation'),
          include('#variable'),
          { match: String.raw`[\w.-]+`, name: 'constant.numeric.tag.dockerfile' },
        ],
      },
      { match: String.raw`[\w][\w.-]*`, name: 'entity.name.type.image.dockerfile' },
    ],
  },
  'exec-form': jsonList([include('#shell-in-exec-form'), jsonString([])]),
  // `["sh", "-c", "..."]`
  'shell-in-exec-form': {
    match: String.raw`((")-[a-z]*c("))([ \t]*)(,)([ \t]*)(")((?:[^"\\\n]|\\.)*)(")`,
    captures: {
      1: { name: 'string.quoted.double.json-form.dockerfile' },
      2: { name: 'punctuation.definition.string.begin.dockerfile' },
      3: { name: 'punctuation.definition.string.end.dockerfile' },
      5: { name: 'punctuation.separator.array.dockerfile' },
      7: { name: 'string.quoted.double.json-form.dockerfile punctuation.definition.string.begin.dockerfile' },
      8: { patterns: [include('#code-shell')] },
      9: { name: 'string.quoted.double.json-form.dockerfile punctuation.definition.string.end.dockerfile' },
    },
  },
  'path-list': jsonList([jsonString([include('#variable')])]),
  // KEY=value of ENV, ARG and LABEL. The value goes on over continued lines, so only a blank or the end stops it.
  value: {
    name: 'meta.value.dockerfile',
    begin: '=',
    beginCaptures: { 0: { name: 'keyword.operator.assignment.dockerfile' } },
    end: wordEnd,
    patterns: [
      include('#continuation'),
      include('#escape'),
      include('#variable'),
      include('#quoted'),
      { match: String.raw`(?<==)(?:true|false)${wordEnd}`, name: 'constant.language.boolean.dockerfile' },
      { match: String.raw`(?<==)-?\d+(?:\.\d+)*${wordEnd}`, name: 'constant.numeric.dockerfile' },
      unquoted(String.raw`[^\s"'$\\]+`),
    ],
  },
  words: {
    patterns: [include('#escape'), include('#variable'), include('#quoted'), unquoted(String.raw`[^\s"'$\\]+|\$`)],
  },
  'copy-arguments': {
    patterns: [include('#flag'), include('#heredoc-operator'), include('#path-list'), include('#words')],
  },
};
