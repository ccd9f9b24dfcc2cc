import type { Dockerfile } from '../../../../server/src/model/dockerfile.ts';
import type { Instruction } from '../../../../server/src/syntax/dockerfile/tree.ts';
import type { Range } from '../../../../server/src/text/range.ts';
import type { BuildFailure } from '../build.ts';
import { failingPart } from './failing-command.ts';
import { fullImageName, imageAskedFor, missingPath, unquoted } from './messages.ts';
import { mountParts, sourcesOf } from './sources.ts';

/** The exact part of an instruction that a failure is about; `undefined` when that is not beyond doubt. */
export function tokenOfFailure(
  failure: BuildFailure,
  instruction: Instruction,
  dockerfile: Dockerfile,
): Range | undefined {
  return (
    missingSource(failure, instruction, dockerfile) ??
    imageRange(failure, instruction, dockerfile) ??
    tokenOfMessage(failure, instruction, dockerfile) ??
    failingPart(failure, instruction, dockerfile)
  );
}

/** What the builder's message names, where it is in an instruction once. */
export function tokenOfMessage(
  failure: BuildFailure,
  instruction: Instruction,
  dockerfile: Dockerfile,
): Range | undefined {
  return parserToken(failure, instruction, dockerfile) ?? namedPart(failure, instruction);
}

export function missingSource(
  failure: BuildFailure,
  instruction: Instruction,
  dockerfile: Dockerfile,
): Range | undefined {
  const path = missingPath(failure);
  return path === undefined
    ? undefined
    : only(sourcesOf(instruction, dockerfile).filter((source) => source.path === path))?.range;
}

/** FROM's image, or what `--from=` names, when that is what the builder could not have. */
export function imageRange(failure: BuildFailure, instruction: Instruction, dockerfile: Dockerfile): Range | undefined {
  const asked = imageAskedFor(failure);
  if (instruction.keyword === 'FROM') {
    const image = dockerfile.stageOf(instruction)?.image;
    // Whatever goes wrong with a FROM that can be read goes wrong with its image.
    return image && !isAboutSyntax(failure) ? image.range : undefined;
  }
  if (asked === undefined) return undefined;
  const named = fromValues(instruction).filter(({ value }) => {
    const expanded = dockerfile.expand(value, instruction) ?? value;
    return fullImageName(expanded) === fullImageName(asked);
  });
  return only(named)?.range;
}

function fromValues({ flags }: Instruction): readonly { readonly value: string; readonly range: Range }[] {
  return flags.flatMap((flag) => {
    if (flag.name === 'mount') return mountParts(flag).filter(({ name }) => name === 'from');
    return flag.name === 'from' && flag.value !== undefined && flag.valueRange
      ? [{ value: flag.value, range: flag.valueRange }]
      : [];
  });
}

function isAboutSyntax({ message }: BuildFailure): boolean {
  return /parse error|should not be blank|failed to process|circular dependency/.test(message);
}

/** What the parser of the builder complains about. */
function parserToken({ message }: BuildFailure, instruction: Instruction, { text }: Dockerfile): Range | undefined {
  if (/unknown instruction: /.test(message)) return instruction.keywordRange;
  const [, flag] = /unknown flag: -*([\w.-]+)/.exec(message) ?? [];
  if (flag !== undefined) return only(instruction.flags.filter(({ name }) => name === flag))?.nameRange;
  if (/unterminated heredoc/.test(message)) return instruction.heredocs.find(({ terminator }) => !terminator)?.range;
  const [, blank] = /base name \((.+)\) should not be blank/.exec(message) ?? [];
  if (blank !== undefined) return literal(instruction, text, unquoted(blank));
  const [, unread] = /failed to process ("(?:[^"\\]|\\.)*")/.exec(message) ?? [];
  return unread === undefined ? undefined : literal(instruction, text, unquoted(unread));
}

const named: readonly RegExp[] = [
  /^secret (.+): not found$/,
  /unsupported mount type "([^"]+)"/,
  /Invalid containerPort: (\S+)/i,
  /no such user: (\S+)$/,
  /unknown operating system or architecture: .*"([^"]+)"/,
];

/** A value that the message names and that the instruction has once. */
function namedPart({ message }: BuildFailure, { words, flags }: Instruction): Range | undefined {
  const last = message.trim();
  for (const pattern of named) {
    const [, value] = pattern.exec(last) ?? [];
    if (value === undefined) continue;
    const ranges = [
      ...words.filter((word) => word.value === value),
      ...flags
        .flatMap((flag) => [...mountParts(flag), ...whole(flag.value, flag.valueRange)])
        .filter(({ value: part }) => part === value),
    ];
    return only(ranges)?.range;
  }
  return undefined;
}

function whole(value: string | undefined, range: Range | undefined): readonly { value: string; range: Range }[] {
  return value === undefined || !range ? [] : [{ value, range }];
}

function literal({ range }: Instruction, text: string, wanted: string): Range | undefined {
  const written = text.slice(range.start, range.end);
  const at = written.indexOf(wanted);
  if (wanted === '' || at < 0 || written.includes(wanted, at + 1)) return undefined;
  return { start: range.start + at, end: range.start + at + wanted.length };
}

export function only<Item>(items: readonly Item[]): Item | undefined {
  return items.length === 1 ? items[0] : undefined;
}
