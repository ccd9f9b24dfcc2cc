import type { Dockerfile, Stage, Variable } from '../../../server/src/model/dockerfile.ts';
import { isOnlyMounted } from '../../../server/src/model/secret-mount.ts';
import { variablesOf } from '../../../server/src/model/variables.ts';
import type { BuildTarget, DeclaredArgument, DeclaredSecret } from './facts.ts';

/** The stages, and what each asks of whoever builds it. */
export function targetsOf(dockerfile: Dockerfile): readonly BuildTarget[] {
  return dockerfile.stages.map((stage) => {
    const needed = [...dockerfile.stagesNeededBy(stage)].sort((a, b) => a.index - b.index);
    return {
      name: stage.name?.value ?? String(stage.index),
      isFinal: stage === dockerfile.finalStage,
      arguments: argumentsOf(dockerfile, needed),
      secrets: secretsOf(dockerfile, needed),
    };
  });
}

/** The builder sets these itself, or takes them without any ARG. */
const predefined =
  /^(?:(?:TARGET|BUILD)(?:PLATFORM|OS|OSVERSION|ARCH|VARIANT)|TARGETSTAGE|(?:https?|ftp|no|all)_proxy|(?:HTTPS?|FTP|NO|ALL)_PROXY|SOURCE_DATE_EPOCH|BUILDKIT_\w+)$/;

function argumentsOf(dockerfile: Dockerfile, needed: readonly Stage[]): readonly DeclaredArgument[] {
  const { text, globalArguments } = dockerfile;
  const global = new Map(globalArguments.map((variable) => [variable.name, variable]));
  const inFroms = globalArguments.filter(({ name }) => needed.some(({ from }) => mentions(text, from.range, name)));
  const inStages = needed.flatMap(({ instructions }) =>
    instructions.filter(({ keyword, isTrigger }) => keyword === 'ARG' && !isTrigger),
  );
  const found = new Map<string, DeclaredArgument>();
  for (const variable of [...inFroms, ...inStages.flatMap((instruction) => variablesOf(instruction, text))]) {
    const { name } = variable;
    if (name === '' || predefined.test(name) || isOnlyMounted(dockerfile, variable)) continue;
    const value = valueOf(variable) ?? (global.has(name) ? valueOf(global.get(name)) : undefined);
    const known = found.get(name);
    // Where it is declared twice, and once without a value, the build has to give it all the same.
    if (known && known.default === undefined) continue;
    found.set(name, { name, ...(value !== undefined && { default: value }) });
  }
  return [...found.values()];

  function valueOf(variable: Variable | undefined): string | undefined {
    if (variable?.value === undefined) return undefined;
    return dockerfile.expand(variable.value, variable.instruction) ?? variable.value;
  }
}

function mentions(text: string, { start, end }: Stage['range'], name: string): boolean {
  return [...text.slice(start, end).matchAll(/\$\{?(\w+)/g)].some(([, found]) => found === name);
}

function secretsOf(dockerfile: Dockerfile, needed: readonly Stage[]): readonly DeclaredSecret[] {
  const found = new Map<string, DeclaredSecret>();
  for (const instruction of needed.flatMap(({ instructions }) => instructions)) {
    for (const { name, value = '' } of instruction.flags) {
      if (instruction.keyword !== 'RUN' || name !== 'mount') continue;
      const fields = (dockerfile.expand(value, instruction) ?? value).split(',');
      if (!fields.includes('type=secret')) continue;
      const target = last(fields, 'target') ?? last(fields, 'dst') ?? last(fields, 'destination');
      const id = last(fields, 'id') ?? target?.split('/').at(-1);
      if (id === undefined || id === '') continue;
      const isRequired = fields.some((field) => /^required(?:=true)?$/i.test(field));
      found.set(id, { id, isRequired: isRequired || found.get(id)?.isRequired === true });
    }
  }
  return [...found.values()];
}

function last(fields: readonly string[], name: string): string | undefined {
  return fields.findLast((field) => field.startsWith(`${name}=`))?.slice(name.length + 1);
}
