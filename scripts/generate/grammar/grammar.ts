import { argumentRules } from './arguments.ts';
import { commentRules } from './comments.ts';
import { heredocRules } from './heredocs.ts';
import { instructionRules } from './instructions.ts';
import { include, never, type GrammarRule, type Repository } from './rule.ts';

const backtick = 'meta.escape.backtick.dockerfile';
const lines = 'meta.instruction - comment.line.number-sign.dockerfile - meta.embedded.block - string.unquoted.heredoc';

/** The TextMate grammar for Dockerfiles. JSON has no comments and its expressions share parts: hence written here. */
export const dockerfileGrammar = {
  name: 'Dockerfile',
  scopeName: 'source.dockerfile',
  patterns: [include('#directives'), include('#file-shell')],
  // Line ends belong to the Dockerfile, however deep inside an embedded language they are. `L:` puts these first.
  injections: {
    [`L:${lines} - ${backtick}`]: { patterns: [include('#continuation')] },
    [`L:${backtick} ${lines}`]: { patterns: [include('#backtick-continuation')] },
    [`L:${backtick} ${lines} - meta.json-form - meta.embedded`]: { patterns: [include('#backtick-escape')] },
    'L:meta.embedded.line.shell - string.quoted - comment - meta.continuation, L:meta.embedded.line.powershell - string.quoted - comment - meta.continuation':
      {
        patterns: [include('#trailing-comment')],
      },
    'L:meta.embedded.line.shell - string.quoted - comment - meta.continuation': {
      patterns: [include('#heredoc-operator')],
    },
    'L:meta.embedded.line.shell meta.statement.shell - meta.statement.command - string - comment - meta.continuation': {
      patterns: [include('#closing-keyword')],
    },
    'L:meta.instruction.run - meta.heredoc - string.quoted - comment - meta.continuation': {
      patterns: [include('#late-run-heredocs')],
    },
    'L:meta.instruction.copy - meta.heredoc - string.quoted - comment - meta.continuation': {
      patterns: [include('#late-copy-heredocs')],
    },
    'L:meta.heredoc.expanded.dockerfile meta.embedded.block - meta.heredoc.script, L:meta.heredoc.expanded.dockerfile string.unquoted.heredoc':
      {
        patterns: [include('#expansion')],
      },
  } satisfies Readonly<Record<string, GrammarRule>>,
  repository: {
    ...commentRules,
    // Taking the line end makes `\G` match at the start of the next line, which keeps the instruction alive; the rule
    // stays open, and so keeps that up, over the comments and blank lines that Docker drops.
    continuation: continuation(String.raw`\\`),
    'backtick-continuation': {
      patterns: [
        continuation('`'),
        // So that `\` at the end of `COPY a C:\` continues nothing.
        { match: String.raw`\\(?=[ \t]*$)` },
      ],
    },
    'backtick-escape': {
      patterns: [
        { match: '`.', name: 'constant.character.escape.dockerfile' },
        { match: String.raw`[^\s"'$\\${'`'}=,]*\\[^\s"'$${'`'},]*`, name: 'string.unquoted.dockerfile' },
      ],
    },
    // Docker joins the lines first: a comment at the end of a continued line is one to the end of the instruction.
    'trailing-comment': {
      name: 'comment.line.number-sign.shell',
      begin: String.raw`(?<![^\s;&|(])[ \t]*(?<![^\s;&|(])(#)`,
      beginCaptures: { 1: { name: 'punctuation.definition.comment.shell' } },
      end: never,
      patterns: [include('#continuation')],
    },
    // VS Code's grammar for the shell takes these for commands if a line is continued before them.
    'closing-keyword': {
      match: String.raw`^[ \t]*(fi|done)(?=[;)|&])`,
      captures: { 1: { name: 'keyword.control.$1.shell' } },
    },
    expansion: {
      patterns: [
        { match: String.raw`\\[$\\${'`'}]`, name: 'constant.character.escape.dockerfile' },
        include('#variable'),
      ],
    },
    nothing: { match: never },
    ...argumentRules,
    ...heredocRules,
    ...instructionRules,
  } satisfies Repository,
};

function continuation(character: string): GrammarRule {
  return {
    name: 'meta.continuation.dockerfile',
    begin: String.raw`(?<!${character})(${character})[ \t]*\n`,
    beginCaptures: { 1: { name: 'constant.character.escape.line-continuation.dockerfile' } },
    end: String.raw`^(?![ \t]*(?:#|$))`,
    patterns: [include('#comment')],
  };
}
