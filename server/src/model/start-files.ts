import type { Instruction } from '../syntax/dockerfile/tree.ts';
import type { Dockerfile, Stage } from './dockerfile.ts';

/** More copied folders than these, and looking for one file in all of them is not worth it. */
const mostCandidates = 12;

/** The words of ENTRYPOINT and CMD, as the final image starts with them. */
export function startWords(dockerfile: Dockerfile, stage: Stage): readonly string[] {
  return [stage.effective('ENTRYPOINT'), startCommand(stage)].flatMap((instruction) =>
    instruction ? dockerfile.script(instruction).commands.flatMap(({ words }) => words.map(({ value }) => value)) : [],
  );
}

/** The CMD in force: one that an ENTRYPOINT below it resets is not. */
export function startCommand(stage: Stage): Instruction | undefined {
  for (const each of stage.lineage) {
    const own = each.instructions.findLast(({ keyword }) => keyword === 'CMD');
    if (own) return own;
    if (each.instructions.some(({ keyword }) => keyword === 'ENTRYPOINT')) return undefined;
  }
  return undefined;
}

/** The text of a file of the image that was copied from beside the Dockerfile. */
export function copiedText(dockerfile: Dockerfile, stage: Stage, path: string): string | undefined {
  for (const candidate of sourcesOf(dockerfile, stage, path)) {
    const text = dockerfile.project.text(candidate);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Where in the build context a file of the image may come from, likeliest first. */
export function sourcesOf(dockerfile: Dockerfile, stage: Stage, path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const name = parts.at(-1);
  if (name === undefined || parts.includes('..') || path.includes('$')) return [];
  const tails = path.startsWith('/') ? [name, parts.slice(-2).join('/')] : [parts.join('/')];
  const found = new Set<string>();
  for (const source of localSources(dockerfile, stage)) {
    if (source.endsWith(`/${name}`) || source === name) found.add(source);
    else if (!/\.\w+$/.test(source)) for (const tail of tails) found.add(source === '' ? tail : `${source}/${tail}`);
    if (found.size >= mostCandidates) break;
  }
  return [...found];
}

/** What COPY and ADD take from the build context, without `./` in front and `/` behind; empty for all of it. */
export function localSources(dockerfile: Dockerfile, stage: Stage): readonly string[] {
  // What it copies from other stages was copied there before.
  const others = dockerfile.stages.filter((other) => other.reachesFinal && !stage.lineage.includes(other));
  const copies = [...stage.lineage, ...others]
    .flatMap(({ instructions }) => instructions)
    .filter(
      ({ keyword, flags, heredocs }) =>
        (keyword === 'COPY' || keyword === 'ADD') &&
        heredocs.length === 0 &&
        !flags.some(({ name }) => name === 'from'),
    );
  return copies.flatMap((copy) =>
    (copy.json ?? copy.words)
      .slice(0, -1)
      .map(({ value }) => dockerfile.expand(value, copy) ?? value)
      .filter((value) => !value.includes('://') && !value.split('/').includes('..'))
      .map((value) => value.replace(/^(?:\.?\/)+|\/+$/g, '').replace(/^\.$|(?:^|\/)\*$/, '')),
  );
}
