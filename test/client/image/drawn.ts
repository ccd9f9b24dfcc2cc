import { dockerfileOf } from '../../../client/src/dockerfile-model.ts';
import { originsOf, type BuiltFrom } from '../../../client/src/image/match.ts';

export const nothingElse = { arguments: new Map<string, string>(), environment: new Map<string, string>() };

/** The history, each line with what it came from: `line 3 | RUN /bin/sh -c ...`. */
export function drawn(history: readonly string[], built: BuiltFrom): string {
  const { instructions } = dockerfileOf(built.text).tree;
  const lineOf = (offset: number): number => built.text.slice(0, offset).split('\n').length;
  const from = originsOf(history, built).map((origin) => {
    if (typeof origin !== 'number') return origin ?? '?';
    return `line ${lineOf(instructions[origin]?.range.start ?? 0)}`;
  });
  return history.map((line, index) => `${from[index] ?? ''} | ${line.replaceAll(/\s+/g, ' ').trim()}`).join('\n');
}
