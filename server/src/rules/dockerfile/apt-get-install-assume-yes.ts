import { aptCalls, aptMentions, assumesYes } from '../../model/apt.ts';
import type { Script } from '../../syntax/shell/script.ts';
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
        if (
          action !== 'install' ||
          command.program === 'aptitude' ||
          assumesYes(command) ||
          isAnswered(script, command)
        )
          continue;
        const at = { start: actionWord.range.end, end: actionWord.range.end };
        yield {
          range: { start: command.programRange.start, end: actionWord.range.end },
          message: `'${command.program ?? 'apt-get'} install' stops to ask: add '-y'`,
          fix: { title: "Add '-y'", safe: true, edits: [{ range: at, text: instruction.json ? ', "-y"' : ' -y' }] },
        };
      }
    }
  },
});

/** `yes | apt-get install ...` */
function isAnswered(script: Script, command: Script['commands'][number]): boolean {
  return script.pipelines.some(
    ({ commands, range }) =>
      (commands.includes(command) || (command.runBy !== undefined && commands.includes(command.runBy))) &&
      range.start < command.range.start &&
      ['yes', 'echo', 'printf'].includes(commands[0]?.program ?? ''),
  );
}
