import { aptCalls, aptMentions, assumesYes } from '../../model/apt.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import type { Instruction } from '../../syntax/dockerfile/tree.ts';
import { hasFlag } from '../../syntax/shell/command.ts';
import type { Command, Script } from '../../syntax/shell/script.ts';
import { dockerfileRule } from '../rule.ts';

export default dockerfileRule({
  id: 'apt-get-install-assume-yes',
  summary: 'Install packages with `-y`.',
  why: 'apt asks before it installs more than what was named. Nobody can answer during a build, so it gives up.',
  category: 'correctness',
  severity: 'warning',
  aliases: [
    'hadolint:DL3014',
    'trivy:DS-0021',
    'kics:APT-GET Missing Flags To Avoid Manual Input',
    "kics:APT-GET Missing '-y' To Avoid Manual Input",
  ],
  bad: `
FROM debian:12-slim
RUN apt-get update && apt-get install curl && rm -rf /var/lib/apt/lists/*
                      ^^^^^^^^^^^^^^^ 'apt-get install' stops to ask: add '-y'
=> Add '-y'
FROM debian:12-slim
RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
`,
  good: `
FROM debian:12-slim
RUN apt-get update && apt-get -qq install curl && rm -rf /var/lib/apt/lists/*
`,

  *check(dockerfile) {
    // A configuration file can say yes for all calls after it.
    if (/apt::get::assume-yes/i.test(dockerfile.text)) return;
    for (const instruction of dockerfile.instructions) {
      if (instruction.keyword !== 'RUN') continue;
      const script = dockerfile.script(instruction, aptMentions);
      for (const { command, action, actionWord } of aptCalls(script)) {
        if (action !== 'install' || command.program === 'aptitude' || asksNothing(command)) continue;
        if (isAnswered(script, command) || hasFlagVariable(dockerfile, instruction, command)) continue;
        const { end } = actionWord.range;
        // In a string that a shell is given there are words, in the array itself elements.
        const isElement = instruction.json && !command.inside.includes('string');
        yield {
          range: { start: command.programRange.start, end },
          message: `'${command.program ?? 'apt-get'} install' stops to ask: add '-y'`,
          fix: {
            title: "Add '-y'",
            safe: true,
            edits: [{ range: { start: end, end }, text: isElement ? ', "-y"' : ' -y' }],
          },
        };
      }
    }
  },
});

function asksNothing(command: Command): boolean {
  return assumesYes(command) || hasFlag(command, 's', 'simulate', 'just-print', 'dry-run', 'print-uris', 'assume-no');
}

/** `apt-get install $OPTIONS curl`: the variable may say yes, and does if it is known to. */
function hasFlagVariable(dockerfile: Dockerfile, instruction: Instruction, command: Command): boolean {
  return command.arguments.some(({ text, isLiteral }) => {
    if (isLiteral || !/^"?\$/.test(text)) return false;
    const value = dockerfile.expand(text, instruction);
    return value === undefined
      ? /opt|flag|arg/i.test(text)
      : /(?:^|\s)(?:-[a-zA-Z]*y|--(?:assume-)?yes|-qq)/.test(value);
  });
}

/** `yes | apt-get install ...` */
function isAnswered(script: Script, command: Command): boolean {
  return script.pipelines.some(
    ({ commands, range }) =>
      (commands.includes(command) || (command.runBy !== undefined && commands.includes(command.runBy))) &&
      range.start < command.range.start &&
      ['yes', 'echo', 'printf'].includes(commands[0]?.program ?? ''),
  );
}
