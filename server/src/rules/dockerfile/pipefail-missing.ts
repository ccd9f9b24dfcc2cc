import { baseOf } from '../../model/base-image.ts';
import type { Dockerfile, Stage } from '../../model/dockerfile.ts';
import type { Command, Pipeline, Script } from '../../syntax/shell/script.ts';
import type { Instruction } from '../../syntax/dockerfile/tree.ts';
import { newlineOf } from '../../text/lines.ts';
import type { Fix } from '../../text/problem.ts';
import { dockerfileRule } from '../rule.ts';

export default dockerfileRule({
  id: 'pipefail-missing',
  summary: 'Let a pipe fail when any of its commands fails.',
  why: 'A shell reports only how the last command of a pipe ended. When the download in `curl ... | tar x` breaks off, the build goes on with half an archive.',
  category: 'reliability',
  severity: 'info',
  aliases: ['hadolint:DL4006', 'kics:Shell Running A Pipe Without Pipefail Flag'],
  bad: `
FROM debian:12-slim
RUN curl -fsSL https://example.com/tool.tar.gz | tar -xz -C /opt
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Only the end of this pipe is checked: set the shell option 'pipefail'
=> Set 'pipefail' with SHELL
FROM debian:12-slim
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN curl -fsSL https://example.com/tool.tar.gz | tar -xz -C /opt
`,
  good: `
FROM debian:12-slim
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN curl -fsSL https://example.com/tool.tar.gz | tar -xz -C /opt
`,

  *check(dockerfile) {
    for (const instruction of dockerfile.instructions) {
      if (instruction.keyword !== 'RUN') continue;
      const script = dockerfile.script(instruction, ['|']);
      const pipeline = script.pipelines.find((candidate) => isUnchecked(dockerfile, instruction, script, candidate));
      if (!pipeline) continue;
      const fix = shellFix(dockerfile, instruction);
      yield {
        range: pipeline.range,
        message: "Only the end of this pipe is checked: set the shell option 'pipefail'",
        ...(fix && { fix }),
      };
    }
  },
});

function isUnchecked(dockerfile: Dockerfile, instruction: Instruction, script: Script, pipeline: Pipeline): boolean {
  const { commands, followedBy, range, inside } = pipeline;
  if (followedBy === '||' || inside.includes('substitution')) return false;
  if (commands.some(({ program }) => program === 'pwsh' || program === 'powershell')) return false;
  if (script.commands.some((command) => command.range.start < range.start && setsPipefail(command))) return false;
  return !shellHasPipefail(dockerfile, instruction);
}

/** `set -o pipefail`, `set -euxo pipefail`, or a shell that is started with the option. */
function setsPipefail({ program, arguments: args }: Command): boolean {
  if (program === undefined || !['set', 'bash', 'ash', 'zsh', 'ksh', 'sh'].includes(program)) return false;
  return args.some(({ value }, i) => value === 'pipefail' && /^-\w*o$/.test(args[i - 1]?.value ?? ''));
}

/** The option in SHELL counts where the shell knows it: dash, the `/bin/sh` of Debian and Ubuntu, does not. */
function shellHasPipefail(dockerfile: Dockerfile, instruction: Instruction): boolean {
  const { words } = dockerfile.shellOf(instruction);
  if (!words.some((word, i) => word === 'pipefail' && /^-\w*o$/.test(words[i - 1] ?? ''))) return false;
  const program = words[0]?.split('/').at(-1) ?? '';
  const stage = dockerfile.stageOf(instruction);
  const os = stage && baseOf(stage).os;
  return !(program === 'dash' || (program === 'sh' && (os === 'debian' || os === 'ubuntu')));
}

/** A SHELL line before the first RUN of the stage that pipes, with the shell that the base image has. */
function shellFix(dockerfile: Dockerfile, instruction: Instruction): Fix | undefined {
  const stage = dockerfile.stageOf(instruction);
  if (!stage || instruction.isTrigger || instruction.json || instruction.heredocs.length > 0) return undefined;
  if (dockerfile.shellOf(instruction).instruction) return undefined;
  const shell = shellLine(stage);
  const at = firstPipingRun(dockerfile, stage) ?? instruction.range.start;
  return shell === undefined
    ? undefined
    : {
        title: "Set 'pipefail' with SHELL",
        safe: false,
        edits: [{ range: { start: at, end: at }, text: `${shell}${newlineOf(dockerfile.text)}` }],
      };
}

function shellLine(stage: Stage): string | undefined {
  const { os } = baseOf(stage);
  if (os === 'alpine') return 'SHELL ["/bin/ash", "-o", "pipefail", "-c"]';
  if (
    os !== undefined &&
    /^(?:debian|ubuntu|fedora|centos|rhel|rocky|alma|oracle|amazon|azurelinux3$|opensuse|arch)/.test(os)
  ) {
    return 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]';
  }
  return undefined;
}

function firstPipingRun(dockerfile: Dockerfile, stage: Stage): number | undefined {
  return stage.instructions.find(
    (candidate) => candidate.keyword === 'RUN' && dockerfile.script(candidate, ['|']).pipelines.length > 0,
  )?.range.start;
}
