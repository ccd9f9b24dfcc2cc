import type { DockerfileTree, Instruction } from '../syntax/dockerfile/tree.ts';
import type { Stage } from './dockerfile.ts';
import { expandWord } from './expand.ts';
import { parseImageReference } from './image-reference.ts';
import type { Scope } from './scope.ts';

interface StageDraft extends Stage {
  isAncestorOfFinal: boolean;
  reachesFinal: boolean;
}

/** Cuts the file at its FROMs and finds out what each stage is based on and which the final image needs. */
export function readStages(tree: DockerfileTree, scope: Scope): Stage[] {
  const drafts: StageDraft[] = [];
  const froms = tree.instructions.flatMap((instruction, index) => (instruction.keyword === 'FROM' ? [index] : []));
  froms.forEach((first, index) => {
    const from = tree.instructions[first];
    if (from)
      drafts.push(readStage(from, tree.instructions.slice(first, froms[index + 1]), drafts, scope, tree.escape));
  });
  const last = drafts.at(-1);
  if (last) {
    for (const stage of last.lineage) asDraft(drafts, stage).isAncestorOfFinal = true;
    for (const stage of stagesNeededBy(drafts, last)) asDraft(drafts, stage).reachesFinal = true;
  }
  return drafts;
}

/** The stages that have to be built for a target, itself included: its bases and what it copies or mounts from, step by step. */
export function stagesNeededBy(stages: readonly Stage[], target: Stage): ReadonlySet<Stage> {
  const needed = new Set<Stage>();
  const open = [target];
  for (let stage = open.pop(); stage; stage = open.pop()) {
    if (needed.has(stage)) continue;
    needed.add(stage);
    if (stage.parent) open.push(stage.parent);
    for (const reference of stage.instructions.flatMap(referencesOf)) {
      const source = findStage(stages, reference, stage);
      if (source) open.push(source);
    }
  }
  return needed;
}

/** A stage by its name, whose case does not matter, or by its number; the last of several with the name, as the builder takes it. */
export function findStage(stages: readonly Stage[], reference: string, before?: Stage): Stage | undefined {
  const candidates = before ? stages.slice(0, before.index) : stages;
  const wanted = reference.toLowerCase();
  const named = candidates.findLast((stage) => stage.name?.value.toLowerCase() === wanted);
  return named ?? (/^\d+$/.test(reference) ? candidates[Number(reference)] : undefined);
}

/** What COPY --from and RUN --mount=from= name. */
function referencesOf(instruction: Instruction): string[] {
  return instruction.flags.flatMap(({ name, value }) => {
    if (value === undefined) return [];
    if (name === 'from') return [value];
    return name === 'mount' ? [...value.matchAll(/(?:^|,)from=([^,]+)/g)].map(([, from]) => from ?? '') : [];
  });
}

function readStage(
  from: Instruction,
  instructions: readonly Instruction[],
  earlier: readonly Stage[],
  scope: Scope,
  escape: string,
): StageDraft {
  const [base, as, name] = from.words;
  const written = base?.text ?? '';
  const resolved = expandWord(written, (variable) => scope.globalValue(variable, from.range.start), escape);
  const range = base?.range ?? { start: from.range.end, end: from.range.end };
  const image =
    resolved === undefined || resolved === written
      ? parseImageReference(written, range.start, written.length === range.end - range.start ? undefined : range)
      : parseImageReference(resolved, range.start, range);
  const parent = resolved === undefined ? stageLike(written, earlier) : stageNamed(resolved, earlier);
  const draft = {
    index: earlier.length,
    from,
    ...(as && name && as.value.toUpperCase() === 'AS' && { name }),
    image,
    isResolved: resolved !== undefined,
    ...(parent && { parent }),
    instructions,
    range: { start: from.range.start, end: instructions.at(-1)?.range.end ?? from.range.end },
    isAncestorOfFinal: false,
    reachesFinal: false,
    lineage: [] as readonly Stage[],
    effective: (keyword: string) => {
      for (const stage of draft.lineage) {
        const found = stage.instructions.findLast((instruction) => instruction.keyword === keyword);
        if (found) return found;
      }
      return undefined;
    },
  };
  draft.lineage = [draft, ...(parent?.lineage ?? [])];
  return draft;
}

function stageNamed(name: string, earlier: readonly Stage[]): Stage | undefined {
  const wanted = name.toLowerCase();
  return earlier.findLast((stage) => stage.name?.value.toLowerCase() === wanted);
}

/** `FROM base-${TARGETARCH}` chooses among stages at build time; any one it may choose shows that no image is meant. */
function stageLike(written: string, earlier: readonly Stage[]): Stage | undefined {
  const literal = written.replace(/^["']|["']$/g, '').split(/\$\{[^}]*\}|\$\w+/);
  if (literal.every((part) => part === '')) return undefined;
  const pattern = new RegExp(`^${literal.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`, 'i');
  return earlier.findLast((stage) => stage.name !== undefined && pattern.test(stage.name.value));
}

function asDraft(drafts: readonly StageDraft[], stage: Stage): StageDraft {
  return drafts[stage.index] ?? stage;
}
