import type { Comment, DockerfileTree, Instruction } from '../syntax/dockerfile/tree.ts';
import { lastFrom, type Range } from '../text/range.ts';
import type { ShellInForce, Stage } from './dockerfile.ts';

const linuxDefault: ShellInForce = { words: ['/bin/sh', '-c'], kind: 'posix' };
const windowsDefault: ShellInForce = { words: ['cmd', '/S', '/C'], kind: 'cmd' };
const windowsImage = /(?:^|\/)windows(?:\/|$)|windowsservercore|nanoserver/;
const pragma = /^hadolint\s+shell\s*=\s*(\S+)/;

/** What in a file chooses shells, found once: most files have nothing of the kind, and every RUN asks. */
export interface ShellChoices {
  readonly tree: DockerfileTree;
  readonly instructions: readonly Instruction[];
  /** hadolint's `# hadolint shell=powershell` tells what a base image's own default is. */
  readonly comments: readonly Comment[];
}

export function shellChoicesIn(tree: DockerfileTree): ShellChoices {
  return {
    tree,
    instructions: tree.instructions.filter(({ keyword, json }) => keyword === 'SHELL' && json),
    comments: tree.comments.filter(({ text }) => pragma.test(text)),
  };
}

/** The shell that runs the shell form of an instruction: the last SHELL above it here or in the stages this one is based on. */
export function shellInForce(choices: ShellChoices, stage: Stage | undefined, instruction: Instruction): ShellInForce {
  const { start } = instruction.range;
  const chosen =
    lastShell(choices, { start: stage?.range.start ?? 0, end: start }) ??
    firstOf(stage?.lineage.slice(1) ?? [], ({ range }) => lastShell(choices, range)) ??
    namedByComment(choices, start);
  if (chosen) return chosen;
  return isWindows(choices.tree, stage) ? windowsDefault : linuxDefault;
}

function lastShell({ instructions }: ShellChoices, within: Range): ShellInForce | undefined {
  const last = lastFrom(instructions, within.end - 1);
  const shell = last && last.range.start >= within.start ? last : undefined;
  const words = shell?.json?.map((element) => element.value);
  return words && shell ? { words, instruction: shell, kind: kindOf(words[0] ?? '') } : undefined;
}

function namedByComment({ comments }: ShellChoices, before: number): ShellInForce | undefined {
  const comment = lastFrom(comments, before - 1);
  const [, program] = comment ? (pragma.exec(comment.text) ?? []) : [];
  return program === undefined ? undefined : { words: [program, '-c'], kind: kindOf(program) };
}

function firstOf<Item, Found>(items: readonly Item[], find: (item: Item) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
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
