import type { Range } from '../../text/range.ts';
import { dockerfileRule } from '../rule.ts';

export default dockerfileRule({
  id: 'empty-continuation-line',
  summary: 'Leave no blank line inside a continued instruction.',
  why: 'The builder skips blank lines after a line that ends with an escape, but warns that they will become an error. They also hide where an instruction ends.',
  category: 'correctness',
  severity: 'warning',
  tag: 'unnecessary',
  aliases: ['buildkit:NoEmptyContinuation', 'dockerfile-utils:EMPTY_CONTINUATION_LINE'],
  bad: `
FROM alpine:3.20
RUN apk add --no-cache \\

^ Blank line in a continued instruction: delete it
    curl
=> Delete the blank line
FROM alpine:3.20
RUN apk add --no-cache \\
    curl
`,
  good: `
FROM alpine:3.20
RUN apk add --no-cache \\
    # a comment is fine
    curl
RUN <<EOF
echo a

echo b
EOF
`,

  *check({ tree }) {
    for (const { emptyLines } of tree.instructions) {
      for (const { range, lines } of blocksOf(emptyLines)) {
        const what = lines === 1 ? 'Blank line' : 'Blank lines';
        const them = lines === 1 ? 'it' : 'them';
        yield {
          range,
          message: `${what} in a continued instruction: delete ${them}`,
          fix: { title: `Delete the ${what.toLowerCase()}`, safe: true, edits: [{ range, text: '' }] },
        };
      }
    }
  },
});

/** Blank lines that follow one another are one thing to see and to delete. */
function blocksOf(emptyLines: readonly Range[]): { readonly range: Range; readonly lines: number }[] {
  const blocks: { readonly range: Range; readonly lines: number }[] = [];
  for (const line of emptyLines) {
    const last = blocks.at(-1);
    if (last?.range.end !== line.start) blocks.push({ range: line, lines: 1 });
    else blocks[blocks.length - 1] = { range: { start: last.range.start, end: line.end }, lines: last.lines + 1 };
  }
  return blocks;
}
