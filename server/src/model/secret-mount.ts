import type { Instruction } from '../syntax/dockerfile/tree.ts';
import type { Fix } from '../text/problem.ts';
import type { Dockerfile, Variable } from './dockerfile.ts';
import { linesOfInstruction } from './instruction-lines.ts';
import { variablesOf } from './variables.ts';

/** Older syntaxes do not know `env=`, by which a mounted secret becomes a variable. */
const oldSyntax = /^docker\/dockerfile:1\.[0-9](?:[.-]|$)/;

/** Takes the ARG away and mounts the secret under its name where it is used; `undefined` unless nothing but a RUN's shell uses it. */
export function secretMountFix(dockerfile: Dockerfile, { name, value, instruction }: Variable): Fix | undefined {
  const { text, tree } = dockerfile;
  const stage = dockerfile.stageOf(instruction);
  const isAlone = instruction.words.length === 1 && !instruction.isTrigger;
  if (!stage || !isAlone || (value ?? '') !== '' || !/^\w+$/.test(name)) return undefined;
  if (tree.directives.some((directive) => directive.name === 'syntax' && oldSyntax.test(directive.value)))
    return undefined;
  const others = dockerfile.instructions.filter((other) => {
    const isLater = other.range.start > instruction.range.end;
    return isLater && dockerfile.stageOf(other)?.lineage.includes(stage) === true;
  });
  if (others.some((other) => declares(other, name, text))) return undefined;
  const use = new RegExp(`\\$(?:${name}\\b|\\{${name}\\b)`);
  const users = others.filter(({ range }) => use.test(text.slice(range.start, range.end)));
  const isClean = users.every((user) => user.keyword === 'RUN' && !user.isTrigger && isShell(dockerfile, user));
  if (users.length === 0 || !isClean) return undefined;
  const mounts = users.map(({ flags, argumentsRange }) => {
    const at = flags[0]?.range.start ?? argumentsRange.start;
    return { range: { start: at, end: at }, text: `--mount=type=secret,id=${name},env=${name} ` };
  });
  const globals = globalDeclarations(dockerfile, name, instruction);
  if (!globals) return undefined;
  const gone = [instruction, ...globals].map((each) => ({ range: linesOfInstruction(dockerfile, each), text: '' }));
  const edits = [...gone, ...mounts];
  return { title: `Mount the secret '${name}' where it is used`, safe: false, edits };
}

/** The ARGs above FROM that the one in the stage repeats; `undefined` where these serve something else as well. */
function globalDeclarations(
  dockerfile: Dockerfile,
  name: string,
  own: Instruction,
): readonly Instruction[] | undefined {
  const globals = dockerfile.globalArguments.filter((variable) => variable.name === name);
  if (globals.length === 0) return [];
  const isUsed = dockerfile.instructions.some((other) => {
    if (other === own || globals.some(({ instruction }) => instruction === other)) return false;
    const isFrom = other.keyword === 'FROM' && dockerfile.text.slice(other.range.start, other.range.end).includes(name);
    return isFrom || declares(other, name, dockerfile.text);
  });
  const isAlone = globals.every(({ value, instruction }) => value === undefined && instruction.words.length === 1);
  return isUsed || !isAlone ? undefined : globals.map(({ instruction }) => instruction);
}

function declares(instruction: Instruction, name: string, text: string): boolean {
  const { keyword } = instruction;
  return (keyword === 'ARG' || keyword === 'ENV') && variablesOf(instruction, text).some((each) => each.name === name);
}

function isShell(dockerfile: Dockerfile, run: Instruction): boolean {
  return dockerfile.shellOf(run).kind === 'posix' && !run.flags.some(({ value = '' }) => value.includes('type=secret'));
}

/** `ARG TOKEN` that only tells which secret the RUNs mount: it is given no value, and nothing reads it. */
export function isOnlyMounted(dockerfile: Dockerfile, { name, value }: Variable): boolean {
  if (value !== undefined) return false;
  const mounts = dockerfile.instructions
    .flatMap(({ flags }) => flags)
    .filter((flag) => flag.name === 'mount' && /(?:^|,)type=secret(?:,|$)/.test(flag.value ?? ''));
  const isMounted = mounts.some((flag) =>
    [...(flag.value ?? '').matchAll(/(?:^|,)(?:id|env)=([^,]+)/g)].some(
      ([, id]) => id?.toLowerCase() === name.toLowerCase(),
    ),
  );
  return isMounted && !new RegExp(`^(?!.*type=secret).*\\$\\{?${name}\\b`, 'm').test(dockerfile.text);
}
