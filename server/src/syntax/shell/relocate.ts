import type { Range } from '../../text/range.ts';
import type { Origin } from './quoting.ts';
import type { Command, Enclosure, Script } from './script.ts';

/** Where a position of a parsed text stands in the document; the two differ where quotes and escapes were taken off. */
export interface Mapping {
  start(index: number): number;
  end(index: number): number;
}

export function shiftBy(distance: number): Mapping {
  const shift = (index: number): number => index + distance;
  return { start: shift, end: shift };
}

/** The same script elsewhere; given an outer command, as what that one runs. */
export function relocate(
  script: Script,
  mapping: Mapping,
  outer?: { readonly command: Command; readonly inside: readonly Enclosure[] },
): Script {
  const moved = (range: Range): Range => ({
    start: mapping.start(range.start),
    end: Math.max(mapping.end(range.end), mapping.start(range.start)),
  });
  const insides = new Map<readonly Enclosure[], readonly Enclosure[]>();
  const within = (inside: readonly Enclosure[]): readonly Enclosure[] => {
    if (!outer) return inside;
    const known = insides.get(inside) ?? [...outer.inside, ...inside];
    insides.set(inside, known);
    return known;
  };
  const copies = new Map<Command, Command>();
  const copyOf = (command: Command): Command => copies.get(command) ?? command;
  for (const command of script.commands) {
    const words = command.words.map((word) => ({ ...word, range: moved(word.range) }));
    const runBy = command.runBy ? copyOf(command.runBy) : outer?.command;
    copies.set(command, {
      ...command,
      programRange: moved(command.programRange),
      words,
      arguments: words.slice(1),
      assignments: command.assignments.map((assignment) => ({ ...assignment, range: moved(assignment.range) })),
      redirections: command.redirections.map((redirection) => ({
        ...redirection,
        range: moved(redirection.range),
        ...(redirection.body && { body: moved(redirection.body) }),
      })),
      range: moved(command.range),
      inside: within(command.inside),
      ...(runBy && { runBy }),
    });
  }
  return {
    commands: script.commands.map(copyOf),
    pipelines: script.pipelines.map((pipeline) => ({
      ...pipeline,
      commands: pipeline.commands.map(copyOf),
      range: moved(pipeline.range),
      inside: within(pipeline.inside),
    })),
    errors: script.errors.map(moved),
  };
}

/** For a text taken out of its quotes at `range`. */
export function mappingOf({ starts, ends }: Origin, range: Range): Mapping {
  return {
    start: (index) => range.start + (starts[index] ?? ends.at(-1) ?? 0),
    end: (index) => range.start + (index > 0 ? (ends[Math.min(index, ends.length) - 1] ?? 0) : (starts[0] ?? 0)),
  };
}
