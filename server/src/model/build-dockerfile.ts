import { parseTree } from '../syntax/dockerfile/parse.ts';
import type { DockerfileTree, Instruction } from '../syntax/dockerfile/tree.ts';
import { emptyScript, type Script, type ShellParser } from '../syntax/shell/script.ts';
import { lastFrom } from '../text/range.ts';
import type { Dockerfile } from './dockerfile.ts';
import { expandWord } from './expand.ts';
import { mentionsAny, readScript } from './instruction-script.ts';
import type { Project } from './project.ts';
import { runtimeOf } from './runtime.ts';
import { indexStages, readStages, stagesNeededBy } from './stages.ts';
import { shellChoicesIn, shellInForce } from './shell-in-force.ts';
import { createScope } from './scope.ts';
import { variablesOf } from './variables.ts';

export interface Surroundings {
  readonly shell: ShellParser;
  readonly project: Project;
}

/** Makes the model of a Dockerfile; what is costly in it is worked out when it is asked for, once. */
export function buildDockerfile(text: string, { shell, project }: Surroundings): Dockerfile {
  const tree = parseTree(text);
  const scope = createScope(tree);
  const stages = readStages(tree, scope);
  const findStage = indexStages(stages);
  const scripts = new Map<Instruction, Script>();
  const expand = (word: string, at: Instruction) =>
    expandWord(word, (name) => scope.valueAt(name, stages, at), tree.escape);
  const stageOf = (instruction: Instruction) => lastFrom(stages, instruction.range.start);
  const shellChoices = shellChoicesIn(tree);
  const shellOf = (instruction: Instruction) => shellInForce(shellChoices, stageOf(instruction), instruction);

  return {
    text,
    tree,
    project,
    stages,
    instructions: withTriggers(tree),
    finalStage: stages.at(-1),
    globalArguments: tree.instructions
      .filter(({ keyword, range }) => keyword === 'ARG' && range.start < (stages[0]?.range.start ?? 0))
      .flatMap((instruction) => variablesOf(instruction, text)),
    findStage,
    stagesNeededBy: (target) => stagesNeededBy(target, findStage),
    runtimeOf: (stage) => runtimeOf(stage, text, expand),
    stageOf,
    shellOf,
    expand,
    script(instruction, mentions) {
      const known = scripts.get(instruction);
      if (known) return known;
      if (mentions && !mentionsAny(text, instruction, mentions)) return emptyScript;
      const script = readScript(text, instruction, shellOf(instruction), shell);
      scripts.set(instruction, script);
      return script;
    },
  };
}

/** What ONBUILD triggers is an instruction like any other to most rules, so it follows its ONBUILD here. */
function withTriggers(tree: DockerfileTree): Instruction[] {
  return tree.instructions.flatMap((instruction) =>
    instruction.trigger ? [instruction, instruction.trigger] : [instruction],
  );
}
