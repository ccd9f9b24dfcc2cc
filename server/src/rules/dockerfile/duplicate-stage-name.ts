import type { Stage } from '../../model/dockerfile.ts';
import type { Edit } from '../../text/problem.ts';
import { dockerfileRule } from '../rule.ts';

export default dockerfileRule({
  id: 'duplicate-stage-name',
  summary: 'Give every stage a name of its own.',
  why: 'Names are compared without case. With two stages of one name, `--from`, `--target` and FROM mean whichever the builder finds, and the other is lost.',
  category: 'correctness',
  severity: 'error',
  aliases: [
    'hadolint:DL3024',
    'buildkit:DuplicateStageName',
    'trivy:DS-0012',
    'checkov:CKV_DOCKER_11',
    'kics:Same Alias In Different Froms',
    'dockerfile-utils:DUPLICATE_BUILD_STAGE_NAME',
  ],
  bad: `
FROM golang:1.23 AS build
                    ^^^^^ Another stage is called 'build', too: give each a name of its own
FROM node:22 AS build
                ^^^^^ Another stage is called 'build', too: give each a name of its own
=> Rename to 'build-2'
FROM golang:1.23 AS build
FROM node:22 AS build-2
`,
  good: `
FROM golang:1.23 AS backend
FROM golang:1.23 AS tools
`,

  *check({ stages }) {
    const byName = stagesByName(stages);
    for (const [key, same] of byName) {
      if (same.length === 1) continue;
      const numbers = freeNumbers(key, byName);
      for (const stage of same) {
        const { name } = stage;
        const isFirst = stage === same[0];
        const freeName = isFirst ? name.value : `${name.value}-${numbers.next().value}`;
        yield {
          range: name.range,
          message: `Another stage is called '${name.value}', too: give each a name of its own`,
          related: same
            .slice(0, mostRelated + 1)
            .filter((other) => other !== stage)
            .map((other) => ({ range: other.name.range, message: `The other '${name.value}'` })),
          ...(!isFirst && {
            fix: {
              title: `Rename to '${freeName}'`,
              safe: false,
              edits: [{ range: name.range, text: freeName }, ...renamedReferences(stages, stage, freeName)],
            },
          }),
        };
      }
    }
  },
});

/** Whoever has more stages of one name need not be shown each of them at each. */
const mostRelated = 20;

type NamedStage = Stage & { readonly name: NonNullable<Stage['name']> };

function stagesByName(stages: readonly Stage[]): ReadonlyMap<string, readonly NamedStage[]> {
  const byName = new Map<string, NamedStage[]>();
  for (const stage of stages) {
    if (!isStageWithName(stage)) continue;
    const key = stage.name.value.toLowerCase();
    const same = byName.get(key);
    if (same) same.push(stage);
    else byName.set(key, [stage]);
  }
  return byName;
}

function isStageWithName(stage: Stage): stage is NamedStage {
  return stage.name !== undefined;
}

/** `build-2` for the second `build`, `build-3` for the third, or the next that is free: other names when all are renamed at once. */
function* freeNumbers(key: string, taken: ReadonlyMap<string, unknown>): Generator<number, never> {
  for (let number = 2; ; number++) if (!taken.has(`${key}-${number}`)) yield number;
}

/** The builder takes the last stage of a name above: what it takes this one for is to follow it. */
function* renamedReferences(stages: readonly Stage[], { index, name }: Stage, newName: string): Iterable<Edit> {
  const written = name?.value ?? '';
  for (const later of stages.slice(index + 1)) {
    if (later.from.words[0]?.value.toLowerCase() === written.toLowerCase())
      yield { range: later.image.range, text: newName };
    for (const { flags } of later.instructions) {
      for (const { name: flag, value = '', valueRange } of flags) {
        const isMount = flag === 'mount';
        const [before = '', reference] = (isMount ? /((?:^|,)from=)([^,]+)/ : /(^)(.+)/).exec(value)?.slice(1) ?? [];
        const isMeant = (isMount || flag === 'from') && reference?.toLowerCase() === written.toLowerCase();
        if (!isMeant || !valueRange || valueRange.end - valueRange.start !== value.length) continue;
        const start = valueRange.start + value.indexOf(before + reference) + before.length;
        yield { range: { start, end: start + written.length }, text: newName };
      }
    }
    if (isNamed(later, written)) return;
  }
}

function isNamed({ name }: Pick<Stage, 'name'>, wanted: string): boolean {
  return name?.value.toLowerCase() === wanted.toLowerCase();
}
