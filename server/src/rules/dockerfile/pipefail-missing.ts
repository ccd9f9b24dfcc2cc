import { baseOf } from '../../model/base-image.ts';
import type { Dockerfile, Stage } from '../../model/dockerfile.ts';
import { placeAbove } from '../../model/instruction-lines.ts';
import type { Command, Pipeline, Script } from '../../syntax/shell/script.ts';
import type { Instruction } from '../../syntax/dockerfile/tree.ts';
import { newlineOf } from '../../text/lines.ts';
import type { Edit, Fix } from '../../text/problem.ts';
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
    const fixes = new Map<number, Fix>();
    for (const instruction of dockerfile.instructions) {
      const pipeline = uncheckedPipeline(dockerfile, instruction);
      if (!pipeline) continue;
      const fix = isRunByShell(dockerfile, instruction, pipeline) ? shellFix(dockerfile, instruction) : undefined;
      const place = fix?.edits[0]?.range.start ?? 0;
      // One SHELL mends them all, so they share its fix.
      if (fix && !fixes.has(place)) fixes.set(place, fix);
      const shared = fix && fixes.get(place);
      yield {
        range: pipeline.range,
        message: "Only the end of this pipe is checked: set the shell option 'pipefail'",
        ...(shared && { fix: shared }),
      };
    }
  },
});

function uncheckedPipeline(dockerfile: Dockerfile, instruction: Instruction): Pipeline | undefined {
  if (instruction.keyword !== 'RUN') return undefined;
  const script = dockerfile.script(instruction, ['|']);
  return script.pipelines.find((candidate) => isUnchecked(dockerfile, instruction, script, candidate));
}

/** These only print; and `yes`, which ends when nobody reads it any more, would make every such pipe fail. */
const cannotFail = new Set(['echo', 'printf', 'yes', 'true', ':']);

function isUnchecked(dockerfile: Dockerfile, instruction: Instruction, script: Script, pipeline: Pipeline): boolean {
  const { commands, followedBy, range, inside } = pipeline;
  if (followedBy === '||' || inside.includes('substitution')) return false;
  if (commands.slice(0, -1).every(({ program }) => program !== undefined && cannotFail.has(program))) return false;
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

/** A SHELL line before the first such RUN of the stage, with the shell that the base image has; or the option in the SHELL there is. */
function shellFix(dockerfile: Dockerfile, instruction: Instruction): Fix | undefined {
  const stage = dockerfile.stageOf(instruction);
  if (!stage) return undefined;
  const { instruction: chosen, words } = dockerfile.shellOf(instruction);
  if (chosen) {
    const flag = chosen.json?.at(-1);
    const knowsOption = /(?:^|\/)(?:bash|ash|zsh|ksh)$/.test(words[0] ?? '') && /^-\w*c$/.test(flag?.value ?? '');
    if (!flag || !knowsOption) return undefined;
    const { start } = flag.range;
    return fixWith([{ range: { start, end: start }, text: '"-o", "pipefail", ' }]);
  }
  const first = stage.instructions.find((candidate) => {
    const pipeline = uncheckedPipeline(dockerfile, candidate);
    return pipeline && isRunByShell(dockerfile, candidate, pipeline);
  });
  const shell = shellLine(stage);
  if (!first || shell === undefined || instruction.isTrigger) return undefined;
  const at = placeAbove(dockerfile, first);
  return fixWith([{ range: { start: at, end: at }, text: `${shell}${newlineOf(dockerfile.text)}` }]);
}

function fixWith(edits: readonly Edit[]): Fix {
  return { title: "Set 'pipefail' with SHELL", safe: false, edits };
}

/** Not so for an array, `bash -c '...'`, `<<EOF bash` and a script with a `#!` line: SHELL does not run these. */
function isRunByShell({ text }: Dockerfile, { json, words, heredocs }: Instruction, { inside }: Pipeline): boolean {
  const [heredoc] = heredocs;
  if (json || inside.includes('string')) return false;
  return heredoc === undefined || (words.length === 1 && !text.startsWith('#!', heredoc.body.start));
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
