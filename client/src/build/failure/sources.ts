import type { Dockerfile } from '../../../../server/src/model/dockerfile.ts';
import type { Flag, Instruction } from '../../../../server/src/syntax/dockerfile/tree.ts';
import type { Range } from '../../../../server/src/text/range.ts';
import { cleanPath } from './messages.ts';

/** A file or folder that an instruction takes from somewhere. */
export interface Source {
  /** As written, without quotes. */
  readonly value: string;
  /** From the root of where it is looked for. */
  readonly path: string;
  /** Without quotes, where the quotes can be told from the rest. */
  readonly range: Range;
  /** The stage or image it is taken from; absent for the build context. */
  readonly from?: string;
}

/** What COPY, ADD and the mounts of RUN take. */
export function sourcesOf(instruction: Instruction, dockerfile: Dockerfile): readonly Source[] {
  const source = (value: string, range: Range, from: string | undefined): Source => {
    const expanded = dockerfile.expand(value, instruction) ?? value;
    return {
      value,
      path: cleanPath(expanded),
      range: inside(range, dockerfile.text),
      ...(from !== undefined && { from }),
    };
  };
  if (instruction.keyword === 'RUN') {
    return instruction.flags.flatMap((flag) => {
      if (flag.name !== 'mount') return [];
      const parts = mountParts(flag);
      const from = parts.find(({ name }) => name === 'from')?.value;
      const written = parts.find(({ name }) => name === 'source' || name === 'src');
      return written ? [source(written.value, written.range, from)] : [];
    });
  }
  if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') return [];
  const from = instruction.flags.find(({ name }) => name === 'from')?.value;
  const written = instruction.json ?? instruction.words.filter(({ value }) => !value.startsWith('<<'));
  // With heredocs alone nothing but the destination is left.
  return written.slice(0, -1).map(({ value, range }) => source(value, range, from));
}

/** A `name=value` of a flag such as `--mount=type=bind,source=x`. */
export interface FlagPart {
  readonly name: string;
  readonly value: string;
  /** That of the value. */
  readonly range: Range;
}

export function mountParts(flag: Flag): readonly FlagPart[] {
  const { value, valueRange } = flag;
  if (value === undefined || !valueRange || valueRange.end - valueRange.start !== value.length) return [];
  const parts: FlagPart[] = [];
  for (const match of value.matchAll(/([^,=]+)=([^,]*)/g)) {
    const [whole, name = '', part = ''] = match;
    const end = valueRange.start + match.index + whole.length;
    parts.push({ name: name.toLowerCase(), value: part, range: { start: end - part.length, end } });
  }
  return parts;
}

function inside(range: Range, text: string): Range {
  const isQuoted = /["']/.test(text.charAt(range.start)) && text.charAt(range.start) === text.charAt(range.end - 1);
  return isQuoted && range.end - range.start > 2 ? { start: range.start + 1, end: range.end - 1 } : range;
}
