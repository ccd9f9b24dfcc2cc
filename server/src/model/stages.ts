import type { DockerfileTree, Instruction } from '../syntax/dockerfile/tree.ts';
import { lastFrom } from '../text/range.ts';
import type { Stage } from './dockerfile.ts';
import { expandWord } from './expand.ts';
import { parseImageReference } from './image-reference.ts';
import type { Scope } from './scope.ts';

interface StageDraft extends Stage {
  isAncestorOfFinal: boolean;
  reachesFinal: boolean;
}

/** Far more than real files have; a hostile one must not take time and memory by the square of its length. */
const longestLineage = 200;
const mostVariables = 10;
const longestName = 1000;

/** Cuts the file at its FROMs and finds out what each stage is based on and which the final image needs. */
export function readStages(tree: DockerfileTree, scope: Scope): Stage[] {
  const drafts: StageDraft[] = [];
  const earlier = new EarlierStages();
  const froms = tree.instructions.flatMap((instruction, index) => (instruction.keyword === 'FROM' ? [index] : []));
  froms.forEach((first, index) => {
    const from = tree.instructions[first];
    if (!from) return;
    const stage = readStage(from, tree.instructions.slice(first, froms[index + 1]), earlier, scope, tree.escape);
    drafts.push(stage);
    earlier.add(stage);
  });
  const last = drafts.at(-1);
  if (last) {
    for (let stage: Stage | undefined = last; stage; stage = stage.parent) {
      asDraft(drafts, stage).isAncestorOfFinal = true;
    }
    for (const stage of stagesNeededBy(last, indexStages(drafts))) asDraft(drafts, stage).reachesFinal = true;
  }
  return drafts;
}

/** The stages that have to be built for a target, itself included: its bases and what it copies or mounts from, step by step. */
export function stagesNeededBy(target: Stage, findStage: FindStage): ReadonlySet<Stage> {
  const needed = new Set<Stage>();
  const open = [target];
  for (let stage = open.pop(); stage; stage = open.pop()) {
    if (needed.has(stage)) continue;
    needed.add(stage);
    if (stage.parent) open.push(stage.parent);
    for (const reference of stage.instructions.flatMap(referencesOf)) {
      const source = findStage(reference, stage);
      if (source) open.push(source);
    }
  }
  return needed;
}

type FindStage = (reference: string, before?: Stage) => Stage | undefined;

/** Finds a stage by its name, whose case does not matter, or by its number; the last of several with the name, as the builder takes it. */
export function indexStages(stages: readonly Stage[]): FindStage {
  const byName = new Map<string, Stage[]>();
  for (const stage of stages) {
    const name = stage.name?.value.toLowerCase();
    if (name === undefined) continue;
    const same = byName.get(name);
    if (same) same.push(stage);
    else byName.set(name, [stage]);
  }
  return (reference, before) => {
    const named = byName.get(reference.toLowerCase()) ?? [];
    const found = before ? lastFrom(named, before.range.start - 1) : named.at(-1);
    if (found || !/^\d+$/.test(reference)) return found;
    const index = Number(reference);
    return before && index >= before.index ? undefined : stages[index];
  };
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
  earlier: EarlierStages,
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
  const parent = resolved === undefined ? earlier.like(written) : earlier.named(resolved);
  const inForce = new Map<string, Instruction | undefined>();
  const draft = {
    index: earlier.count,
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
      if (!inForce.has(keyword)) inForce.set(keyword, lastIn(draft.lineage, keyword));
      return inForce.get(keyword);
    },
  };
  draft.lineage = [draft, ...shortened(parent?.lineage ?? [])];
  return draft;
}

function lastIn(lineage: readonly Stage[], keyword: string): Instruction | undefined {
  for (const { instructions } of lineage) {
    const found = instructions.findLast((instruction) => instruction.keyword === keyword);
    if (found) return found;
  }
  return undefined;
}

/** Of a chain longer than any real one, the nearest stages and the outermost. */
function shortened(lineage: readonly Stage[]): readonly Stage[] {
  return lineage.length < longestLineage ? lineage : [...lineage.slice(0, longestLineage - 2), ...lineage.slice(-1)];
}

/** The stages above a FROM: the last of each name. */
class EarlierStages {
  count = 0;
  readonly #byName = new Map<string, StageDraft>();

  add(stage: StageDraft): void {
    this.count++;
    const name = stage.name?.value.toLowerCase();
    if (name === undefined) return;
    // A map keeps the order of insertion.
    this.#byName.delete(name);
    this.#byName.set(name, stage);
  }

  named(name: string): Stage | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  /** `FROM base-${TARGETARCH}` chooses among stages at build time; any one it may choose shows that no image is meant. */
  like(written: string): Stage | undefined {
    if (written.length > longestName) return undefined;
    const literal = written.replace(/^["']|["']$/g, '').split(/\$\{[^}]*\}|\$\w+/);
    if (literal.length > mostVariables || literal.every((part) => part === '')) return undefined;
    const escaped = literal.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const pattern = new RegExp(`^${escaped.join('.*')}$`, 'i');
    return [...this.#byName.values()].findLast(({ name }) => name !== undefined && pattern.test(name.value));
  }
}

function asDraft(drafts: readonly StageDraft[], stage: Stage): StageDraft {
  return drafts[stage.index] ?? stage;
}
