import {
  goesOn,
  include,
  instruction,
  keyword,
  keywordScopes,
  never,
  scopes,
  type GrammarRule,
  type Repository,
} from './rule.ts';

/** Which shell reads RUN and the other commands: as SHELL says, else as the escape character suggests. */
export type Shell = 'shell' | 'powershell' | 'cmd';

const shells: Readonly<Record<Shell, { readonly programs: string; readonly scope: string }>> = {
  shell: { programs: String.raw`(?:ba|da|a|k|z)?sh`, scope: 'source.shell' },
  powershell: { programs: String.raw`(?:pwsh|powershell)(?:\.exe)?`, scope: 'source.powershell' },
  cmd: { programs: String.raw`cmd(?:\.exe)?`, scope: 'source.batchfile' },
};
const everyShell: readonly Shell[] = ['shell', 'powershell', 'cmd'];

const stringWord = String.raw`[^\s"'$\\]+`;

/** Commands read by this shell, until SHELL names another one or the next stage begins. */
const section = (shell: Shell): GrammarRule => ({
  begin: String.raw`${keyword('SHELL')}(?=[ \t]*\[[ \t]*"(?i:(?:[^"\n]*[/\\])?${shells[shell].programs})")`,
  beginCaptures: { 0: { name: 'meta.instruction.shell.dockerfile' }, ...keywordScopes },
  end: String.raw`^(?=[ \t]*(?i:FROM|SHELL)[ \t])`,
  patterns: [
    {
      name: 'meta.instruction.dockerfile',
      begin: String.raw`\G`,
      while: goesOn,
      patterns: [include('#continuation'), include('#exec-form')],
    },
    include(`#file-${shell}`),
  ],
});

const commandRules = (shell: Shell): Repository => ({
  [`file-${shell}`]: {
    patterns: [
      include('#comment'),
      ...everyShell.map((other) => include(`#section-${other}`)),
      include('#heredocs'),
      include(`#commands-${shell}`),
      include('#instructions'),
    ],
  },
  [`section-${shell}`]: section(shell),
  [`commands-${shell}`]: {
    patterns: [
      instruction('RUN', [include('#flag'), include('#exec-form'), include(`#code-${shell}`)]),
      instruction('CMD|ENTRYPOINT', [include('#exec-form'), include(`#code-${shell}`)]),
      instruction('HEALTHCHECK', [
        include('#flag'),
        { match: String.raw`(?<=[ \t])(?i:NONE)(?=[ \t]|$)`, name: 'keyword.other.special-method.dockerfile' },
        {
          begin: String.raw`(?<![^ \t])(?i:CMD)(?=[ \t\\]|$)`,
          beginCaptures: { 0: { name: 'keyword.other.special-method.dockerfile' } },
          end: never,
          patterns: [include('#continuation'), include('#exec-form'), include(`#code-${shell}`)],
        },
      ]),
    ],
  },
  [`code-${shell}`]: {
    begin: String.raw`(?=\S)`,
    end: never,
    contentName: `meta.embedded.line.${shell}`,
    patterns: [
      include('#continuation'),
      ...(shell === 'shell' ? [include('#first-command')] : []),
      include(shells[shell].scope),
      include('#nothing'),
    ],
  },
});

export const instructionRules: Repository = {
  ...(Object.assign({}, ...everyShell.map(commandRules)) as Repository),
  // VS Code's grammar for the shell looks for a command at the start of a line, or after another: not after 'RUN '.
  'first-command': {
    name: 'meta.statement.shell',
    begin: String.raw`\G(?!(?:if|then|elif|else|fi|for|while|until|do|done|case|esac|select|time|in|function)(?![\w-])|[({\[!<#&|;)])`,
    end: String.raw`(?=[\n&);${'`'}{|}]|[\t ]*#|\])(?<!\\)`,
    patterns: [include('source.shell#typical_statements')],
  },
  'run-line': { patterns: [include('#flag'), include('#heredoc-operator'), include('#code-shell')] },
  instructions: {
    patterns: [
      instruction('FROM', [
        include('#flag'),
        {
          match: String.raw`(?<=[ \t])((?i:AS))(?:[ \t]+([^\s\\]+))?(?=[ \t\\]|$)`,
          captures: scopes('keyword.other.special-method', 'entity.name.type.stage'),
        },
        include('#image'),
      ]),
      instruction('COPY|ADD', [include('#copy-arguments')]),
      instruction('ENV', [
        // The old form, `ENV KEY the rest is the value`
        {
          begin: String.raw`\G[ \t]+([A-Za-z_][\w.-]*)(?=[ \t]+[^\s\\])`,
          beginCaptures: scopes('variable.other.assignment'),
          end: never,
          patterns: [include('#continuation'), include('#words')],
        },
        include('#pairs'),
      ]),
      instruction('ARG', [
        { match: String.raw`[A-Za-z_]\w*`, name: 'variable.other.assignment.dockerfile' },
        include('#value'),
      ]),
      instruction('LABEL', [include('#pairs')]),
      instruction('EXPOSE', [
        include('#variable'),
        include('#quoted'),
        {
          match: String.raw`(\d+)(?:(-)(\d+))?`,
          captures: scopes('constant.numeric.port', 'keyword.operator.range', 'constant.numeric.port'),
        },
        {
          match: String.raw`(/)((?i:tcp|udp|sctp))(?![\w-])`,
          captures: scopes('punctuation.separator.protocol', 'constant.language.protocol'),
        },
      ]),
      instruction('USER', [
        include('#variable'),
        include('#quoted'),
        { match: ':', name: 'punctuation.separator.user.dockerfile' },
        { match: String.raw`(?<=[ \t:])\d+(?=[\s:]|$)`, name: 'constant.numeric.user.dockerfile' },
        { match: String.raw`[^\s:"'$\\]+`, name: 'string.unquoted.dockerfile' },
      ]),
      instruction('STOPSIGNAL', [
        include('#variable'),
        include('#quoted'),
        { match: String.raw`(?:SIG)?[A-Z]+\d*(?:[+-]\d+)?`, name: 'constant.language.signal.dockerfile' },
        { match: String.raw`\d+`, name: 'constant.numeric.signal.dockerfile' },
      ]),
      instruction('VOLUME', [include('#path-list'), include('#words')]),
      instruction('WORKDIR', [include('#words')]),
      instruction('SHELL', [include('#exec-form')]),
      instruction('MAINTAINER', [include('#quoted'), { match: stringWord, name: 'string.unquoted.dockerfile' }]),
      {
        match: String.raw`^[ \t]*((?i:ONBUILD))[ \t]*$`,
        captures: scopes('keyword.control.onbuild'),
      },
      {
        name: 'meta.instruction.dockerfile',
        begin: String.raw`^[ \t]*(?:((?i:ONBUILD))[ \t]+)?([A-Za-z][\w-]*)(?=[ \t])`,
        beginCaptures: scopes('keyword.control.onbuild', 'invalid.illegal.instruction'),
        while: goesOn,
        patterns: [include('#continuation'), include('#words')],
      },
    ],
  },
  pairs: {
    patterns: [
      include('#value'),
      {
        match: String.raw`("[^"\n]*"|'[^'\n]*')(?==)`,
        name: 'variable.other.assignment.dockerfile',
      },
      {
        begin: String.raw`(?<![^\s])(?=[^\s="'\\])`,
        end: String.raw`(?=[=\s]|$)`,
        patterns: [
          include('#continuation'),
          include('#variable'),
          { match: String.raw`[^\s=$\\]+`, name: 'variable.other.assignment.dockerfile' },
        ],
      },
      include('#quoted'),
    ],
  },
};
