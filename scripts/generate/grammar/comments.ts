import { include, never, scopes, type GrammarRule, type Repository } from './rule.ts';

const pragma = 'keyword.other.pragma';
const operator = 'keyword.operator';
const ids = 'variable.parameter.rule';

const directive = String.raw`^[ \t]*#[ \t]*(?i:syntax|escape|check)[ \t]*=`;
const directiveName = (name: string): string => String.raw`^[ \t]*(#)[ \t]*((?i:${name}))[ \t]*(=)`;
const directiveScopes = scopes('punctuation.definition.comment', 'keyword.other.directive', operator);

const directives: readonly GrammarRule[] = [
  {
    name: 'comment.line.directive.dockerfile',
    begin: directiveName('syntax'),
    beginCaptures: directiveScopes,
    end: '$',
    patterns: [include('#image')],
  },
  {
    name: 'comment.line.directive.dockerfile',
    begin: directiveName('check'),
    beginCaptures: directiveScopes,
    end: '$',
    patterns: [include('#check-options')],
  },
  {
    name: 'comment.line.directive.dockerfile',
    begin: directiveName('escape'),
    beginCaptures: directiveScopes,
    end: '$',
    patterns: [{ match: String.raw`(?<=[= \t])\\(?=[ \t]*$)`, name: 'constant.character.escape.dockerfile' }],
  },
];

export const commentRules: Repository = {
  // Only before the first other line of the file.
  directives: {
    begin: String.raw`\A(?=[ \t]*#[ \t]*(?i:syntax|escape|check)[ \t]*=)`,
    end: `^(?!${directive.slice(1)})`,
    patterns: [include('#escape-backtick'), ...directives],
  },
  // To the end of the file: the injections ask for this scope.
  'escape-backtick': {
    name: 'meta.escape.backtick.dockerfile',
    begin: String.raw`${directiveName('escape')}[ \t]*(${'`'})[ \t]*$`,
    beginCaptures: {
      0: { name: 'comment.line.directive.dockerfile' },
      ...directiveScopes,
      4: { name: 'constant.character.escape.dockerfile' },
    },
    end: never,
    patterns: [
      { begin: String.raw`\G`, end: `^(?!${directive.slice(1)})`, patterns: directives },
      include('#file-cmd'),
    ],
  },
  comment: {
    name: 'comment.line.number-sign.dockerfile',
    begin: String.raw`^[ \t]*(#)`,
    beginCaptures: scopes('punctuation.definition.comment'),
    end: '$',
    patterns: [
      {
        match: String.raw`\G[ \t]*(shipshape)[ \t]+(ignore(?:-file)?)(?:(=)([\w,-]*)(?:[ \t]+(because)(?=[ \t]))?)?`,
        captures: scopes(pragma, pragma, operator, ids, pragma),
      },
      {
        match: String.raw`\G[ \t]*(hadolint)[ \t]+(?:(global)[ \t]+)?(ignore|shell)[ \t]*(=)([\w,. \t/-]*)`,
        captures: scopes(pragma, pragma, pragma, operator, ids),
      },
      {
        begin: String.raw`\G[ \t]*(check)(=)(?=(?:skip|error|experimental)=)`,
        beginCaptures: scopes(pragma, operator),
        end: '(?=$)',
        patterns: [include('#check-options')],
      },
      {
        match: String.raw`\G[ \t]*(trivy)(:)(ignore)(:)([\w.-]+)`,
        captures: scopes(pragma, operator, pragma, operator, ids),
      },
      {
        match: String.raw`\G[ \t]*(checkov)(:)(skip)(=)(\w+)`,
        captures: scopes(pragma, operator, pragma, operator, ids),
      },
      {
        match: String.raw`\G[ \t]*(kics-scan)[ \t]+(?:(ignore(?:-line|-block)?)|((?:dis|en)able)(=)([\w,-]*))`,
        captures: scopes(pragma, pragma, pragma, operator, ids),
      },
      { match: String.raw`\G[ \t]*(dockerfile-utils)(:)[ \t]*(ignore)`, captures: scopes(pragma, operator, pragma) },
    ],
  },
  'check-options': {
    patterns: [
      {
        match: String.raw`(skip|error|experimental)(=)`,
        captures: scopes('variable.parameter.check', operator),
      },
      { match: String.raw`\b(?:true|false|all)\b`, name: 'constant.language.dockerfile' },
      { match: String.raw`[A-Za-z]\w*`, name: `${ids}.dockerfile` },
    ],
  },
};
