import type { Dockerfile } from '../../../../server/src/model/dockerfile.ts';
import type { Instruction } from '../../../../server/src/syntax/dockerfile/tree.ts';
import { linesOf, positionAt } from '../../../../server/src/text/lines.ts';

/** Something in a Dockerfile that only BuildKit understands; the cloud's usual build is by Docker's classic builder. */
export interface BuildKitUse {
  /** `RUN --mount`, `a heredoc`. */
  readonly what: string;
  /** Counted from 1. */
  readonly line: number;
}

const flagsOf: Readonly<Record<string, readonly string[]>> = {
  RUN: ['mount', 'network', 'security'],
  COPY: ['link', 'chmod', 'parents', 'exclude'],
  ADD: ['link', 'chmod', 'checksum', 'keep-git-dir', 'exclude'],
  HEALTHCHECK: ['start-interval'],
};
/** Set by BuildKit alone. */
const platformVariables = /\$\{?(?:BUILD|TARGET)(?:PLATFORM|OS|ARCH|VARIANT)\b/;

export function buildKitUses({ text, tree, instructions }: Dockerfile): readonly BuildKitUse[] {
  const lines = linesOf(text);
  const lineOf = (offset: number): number => positionAt(lines, offset).line + 1;
  const syntax = tree.directives.find(({ name }) => name === 'syntax');
  return [
    ...(syntax ? [{ what: "'# syntax='", line: lineOf(syntax.range.start) }] : []),
    ...instructions.flatMap((instruction) =>
      usesIn(instruction, text).map((what) => ({ what, line: lineOf(instruction.range.start) })),
    ),
  ];
}

function usesIn(instruction: Instruction, text: string): readonly string[] {
  const { keyword, flags, heredocs, range } = instruction;
  const known = flagsOf[keyword] ?? [];
  return [
    ...flags.flatMap(({ name }) => (known.includes(name) ? [`'${keyword} --${name}'`] : [])),
    ...(heredocs.length > 0 ? [`a heredoc in '${keyword}'`] : []),
    ...(keyword === 'FROM' && platformVariables.test(text.slice(range.start, range.end))
      ? ["the build's platform in 'FROM'"]
      : []),
  ];
}

/** A mount that nothing can be put into elsewhere; `undefined` when the build can do without. */
export function unmountable({ text, instructions }: Dockerfile): BuildKitUse | undefined {
  const lines = linesOf(text);
  for (const { keyword, flags, range } of instructions) {
    if (keyword !== 'RUN') continue;
    for (const { name, value = '' } of flags) {
      const [, type = ''] = /(?:^|,)type=(secret|ssh)\b/.exec(value) ?? [];
      if (name !== 'mount' || type === '' || !/(?:^|,)required(?:=(?:true|1))?(?:,|$)/i.test(value)) continue;
      return { what: `'RUN --mount=type=${type}'`, line: positionAt(lines, range.start).line + 1 };
    }
  }
  return undefined;
}
