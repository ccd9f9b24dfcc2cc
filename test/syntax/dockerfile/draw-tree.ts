import { parseTree } from '../../../server/src/syntax/dockerfile/parse.ts';
import type { Instruction } from '../../../server/src/syntax/dockerfile/tree.ts';
import { underline } from '../../../server/src/text/draw.ts';
import type { Problem } from '../../../server/src/text/problem.ts';

/** The source with every node of its tree underlined and named, so that ranges can be checked by eye. */
export function drawTree(text: string): string {
  const tree = parseTree(text);
  const marks: Problem[] = [
    ...tree.directives.flatMap(({ name, nameRange, value, valueRange }) => [
      { range: nameRange, message: `directive ${name}` },
      { range: valueRange, message: `is ${value}` },
    ]),
    ...tree.comments.map(({ range, text: words }) => ({ range, message: `comment '${words}'` })),
    ...tree.instructions.flatMap(marksOf),
  ];
  const inOrder = marks.toSorted((a, b) => a.range.start - b.range.start || b.range.end - a.range.end);
  // A drawing ends each line, the fixture's last one too; line breaks of Windows are drawn as such.
  return underline(text, inOrder).replaceAll('\r', '␍');
}

function marksOf(instruction: Instruction): Problem[] {
  const { keyword, keywordRange, flags, json, words, heredocs, emptyLines, trigger } = instruction;
  return [
    { range: keywordRange, message: `${instruction.isTrigger ? 'trigger ' : ''}${keyword}` },
    ...flags.map(({ name, value, range }) => ({
      range,
      message: `flag ${name}${value === undefined ? '' : ` is ${value}`}`,
    })),
    ...(json
      ? json.map(({ value, range }) => ({ range, message: `json ${value}` }))
      : trigger
        ? []
        : words.map(({ value, range }) => ({ range, message: `word ${value}` }))),
    ...heredocs.flatMap(({ name, body, terminator, quoted, stripsTabs }) => [
      { range: body, message: `body of ${name}${quoted ? ', quoted' : ''}${stripsTabs ? ', without tabs' : ''}` },
      ...(terminator ? [{ range: terminator, message: `end of ${name}` }] : []),
    ]),
    ...emptyLines.map((range) => ({ range, message: 'blank' })),
    ...(trigger ? marksOf(trigger) : []),
  ];
}
