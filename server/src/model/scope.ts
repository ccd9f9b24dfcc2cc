import type { DockerfileTree, Instruction } from '../syntax/dockerfile/tree.ts';
import { lastFrom } from '../text/range.ts';
import type { Stage, Variable } from './dockerfile.ts';
import { expandWord, type VariableValue } from './expand.ts';
import { variablesOf } from './variables.ts';

/** Set by the builder itself, to what the build is for. */
const platformArguments = /^(?:TARGET|BUILD)(?:PLATFORM|OS|OSVERSION|ARCH|VARIANT)$|^TARGETSTAGE$/;

/** How far one variable may lead to another; real files stay far below, and a hostile one must not exhaust the stack. */
const deepestChain = 50;

/** Finds the values of variables, each worked out once: a file in which every ARG doubles the one before must not take forever. */
export interface Scope {
  /** The value an ARG above the first FROM gives, as FROM sees it. */
  globalValue(name: string, before: number): VariableValue;
  /**
   * The value where an instruction uses it. FROM sees the ARGs above the first FROM; everything else sees the ENVs and ARGs of its stage and of the
   * stages that one is based on, ENV before ARG. What the outermost base image sets is unknown.
   */
  valueAt(name: string, stages: readonly Stage[], at: Instruction): VariableValue;
}

export function createScope(tree: DockerfileTree): Scope {
  const known = new Map<number, VariableValue>();
  const declarations = new Map<readonly Instruction[], Declarations>();
  const firstFrom =
    tree.instructions.find(({ keyword }) => keyword === 'FROM')?.range.start ?? Number.POSITIVE_INFINITY;
  let depth = 0;

  function evaluate(variable: Variable, lookup: (name: string) => VariableValue): VariableValue {
    const remembered = known.get(variable.range.start);
    if (remembered !== undefined) return remembered;
    if (variable.value === undefined || depth >= deepestChain)
      return variable.value === undefined ? 'declared' : 'unknown';
    depth++;
    const text = expandWord(variable.value, lookup, tree.escape);
    depth--;
    const value = text === undefined ? 'unknown' : { value: text };
    known.set(variable.range.start, value);
    return value;
  }

  function lastDeclaration(within: readonly Instruction[], keyword: 'ARG' | 'ENV', name: string, before: number) {
    let found = declarations.get(within);
    if (!found) declarations.set(within, (found = declarationsIn(within, tree.text)));
    return lastFrom(found[keyword].get(name) ?? [], before - 1);
  }

  function globalValue(name: string, before: number): VariableValue {
    const declared = lastDeclaration(tree.instructions, 'ARG', name, Math.min(firstFrom, before));
    if (!declared) return platformArguments.test(name) ? 'unknown' : 'unset';
    return evaluate(declared, (other) => globalValue(other, declared.range.start));
  }

  function stageValue(name: string, stage: Stage, before: number): VariableValue {
    for (const ancestor of stage.lineage) {
      const limit = ancestor === stage ? before : Number.POSITIVE_INFINITY;
      const declared =
        lastDeclaration(ancestor.instructions, 'ENV', name, limit) ??
        lastDeclaration(ancestor.instructions, 'ARG', name, limit);
      if (!declared) continue;
      if (declared.value !== undefined) {
        return evaluate(declared, (other) => stageValue(other, ancestor, declared.instruction.range.start));
      }
      const inherited = globalValue(name, Number.POSITIVE_INFINITY);
      return inherited === 'unset' ? 'declared' : inherited;
    }
    return 'unknown';
  }

  return {
    globalValue,
    valueAt(name, stages, at) {
      const stage = at.keyword === 'FROM' ? undefined : lastFrom(stages, at.range.start);
      return stage ? stageValue(name, stage, at.range.start) : globalValue(name, at.range.start);
    },
  };
}

/** What each name is declared as, in order. */
type Declarations = Readonly<Record<'ARG' | 'ENV', ReadonlyMap<string, readonly Variable[]>>>;

function declarationsIn(instructions: readonly Instruction[], text: string): Declarations {
  const found = { ARG: new Map<string, Variable[]>(), ENV: new Map<string, Variable[]>() };
  for (const instruction of instructions) {
    if (instruction.keyword !== 'ARG' && instruction.keyword !== 'ENV') continue;
    const byName = found[instruction.keyword];
    for (const variable of variablesOf(instruction, text)) {
      const same = byName.get(variable.name);
      if (same) same.push(variable);
      else byName.set(variable.name, [variable]);
    }
  }
  return found;
}
