import type { Instruction, Word } from '../syntax/dockerfile/tree.ts';
import { unquote } from '../syntax/dockerfile/words.ts';
import type { Variable } from './dockerfile.ts';

/** What an ARG, ENV or LABEL sets, in order. */
export function variablesOf(instruction: Instruction, text: string): Variable[] {
  const [first] = instruction.words;
  if (!first) return [];
  const isLegacy = instruction.keyword !== 'ARG' && !first.text.includes('=');
  if (isLegacy) return [legacyVariable(instruction, first, text)];
  return instruction.words.map((word) => variableOf(instruction, word));
}

function variableOf(instruction: Instruction, word: Word): Variable {
  const equals = word.text.indexOf('=');
  if (equals < 0) return { name: word.value, nameRange: word.range, range: word.range, instruction };
  // A name has no continuation in it in practice, so the equals sign stands at the same place in the document.
  const nameEnd = Math.min(word.range.start + equals, word.range.end);
  return {
    name: unquote(word.text.slice(0, equals), '\\'),
    nameRange: { start: word.range.start, end: nameEnd },
    value: word.text.slice(equals + 1),
    valueRange: { start: Math.min(nameEnd + 1, word.range.end), end: word.range.end },
    range: word.range,
    instruction,
  };
}

/** `ENV NAME the rest of the line`. */
function legacyVariable(instruction: Instruction, name: Word, text: string): Variable {
  const end = instruction.argumentsRange.end;
  const second = instruction.words[1];
  if (!second) return { name: name.value, nameRange: name.range, range: name.range, instruction };
  return {
    name: name.value,
    nameRange: name.range,
    value: text.slice(second.range.start, end),
    valueRange: { start: second.range.start, end },
    range: { start: name.range.start, end },
    instruction,
  };
}
