import type { DockerfileTree, Instruction } from '../syntax/dockerfile/tree.ts';
import type { ShellInForce, Stage } from './dockerfile.ts';

const linuxDefault: ShellInForce = { words: ['/bin/sh', '-c'], kind: 'posix' };
const windowsDefault: ShellInForce = { words: ['cmd', '/S', '/C'], kind: 'cmd' };
const windowsImage = /(?:^|\/)windows(?:\/|$)|windowsservercore|nanoserver/;
const pragma = /^hadolint\s+shell\s*=\s*(\S+)/;

/** The shell that runs the shell form of an instruction: the last SHELL above it here or in the stages this one is based on. */
export function shellInForce(tree: DockerfileTree, stage: Stage | undefined, instruction: Instruction): ShellInForce {
  const own = stage?.instructions ?? tree.instructions;
  const found = lastShell(own, instruction.range.start) ?? inherited(stage);
  const named = found ?? namedByComment(tree, instruction);
  if (named) return named;
  return isWindows(tree, stage) ? windowsDefault : linuxDefault;
}

function inherited(stage: Stage | undefined): ShellInForce | undefined {
  for (const ancestor of stage?.lineage.slice(1) ?? []) {
    const found = lastShell(ancestor.instructions, Number.POSITIVE_INFINITY);
    if (found) return found;
  }
  return undefined;
}

function lastShell(instructions: readonly Instruction[], before: number): ShellInForce | undefined {
  const shell = instructions.findLast(
    (candidate) => candidate.keyword === 'SHELL' && candidate.json && candidate.range.start < before,
  );
  const words = shell?.json?.map((element) => element.value);
  return words && shell ? { words, instruction: shell, kind: kindOf(words[0] ?? '') } : undefined;
}

/** hadolint's `# hadolint shell=powershell` tells what a base image's own default is. */
function namedByComment(tree: DockerfileTree, instruction: Instruction): ShellInForce | undefined {
  const comment = tree.comments.findLast(
    ({ range, text }) => range.start < instruction.range.start && pragma.test(text),
  );
  const [, program] = comment ? (pragma.exec(comment.text) ?? []) : [];
  return program === undefined ? undefined : { words: [program, '-c'], kind: kindOf(program) };
}

function isWindows(tree: DockerfileTree, stage: Stage | undefined): boolean {
  const base = stage?.lineage.at(-1)?.image.text.toLowerCase();
  if (base !== undefined && windowsImage.test(base)) return true;
  // Only Windows files need the backtick: a backslash is their path separator.
  return tree.escape === '`';
}

function kindOf(program: string): ShellInForce['kind'] {
  const name = (program.toLowerCase().split(/[\\/]/).at(-1) ?? '').replace(/\.exe$/, '');
  if (['sh', 'bash', 'ash', 'dash', 'zsh', 'ksh', 'mksh', 'busybox', 'rbash'].includes(name)) return 'posix';
  if (name === 'powershell' || name === 'pwsh') return 'powershell';
  return name === 'cmd' ? 'cmd' : 'other';
}
