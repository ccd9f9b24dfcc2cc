import { DockerfileParser } from 'dockerfile-ast';
import { linesOf, offsetAt } from '../../text/lines.ts';
import { readDirectives } from './directives.ts';
import { readInstruction } from './instruction.ts';
import { commentAt, lineAt, skipBlanks } from './lines.ts';
import type { Comment, DockerfileTree, Instruction } from './tree.ts';

/** Reads any text as a Dockerfile. Total: what the builder would refuse still becomes instructions with exact ranges. */
export function parseTree(text: string): DockerfileTree {
  const { directives, escape } = readDirectives(text);
  const comments: Comment[] = [];
  const instructions: Instruction[] = [];
  const isDirective = new Set(directives.map((directive) => directive.range.start));
  const starts = instructionStarts(text, escape);
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const first = skipBlanks(text, at);
    const line = lineAt(text, at);
    if (first >= line.end) at = line.next;
    else if (text[first] === '#') {
      if (!isDirective.has(first)) comments.push(commentAt(text, first, line.end));
      at = line.next;
    } else {
      const { instruction, nextLine, comments: inside } = readInstruction(text, first, escape, starts.get(first));
      instructions.push(instruction);
      comments.push(...inside);
      at = nextLine;
    }
  }
  return { text, escape, directives, comments, instructions };
}

/**
 * Where dockerfile-ast sees instructions, with their keywords. It decides what the keyword of a line is; where an instruction ends, which words,
 * flags, JSON elements and heredocs it has is read again here, because the library differs from the builder in these points (0.7.1):
 * `\\` at a line's end continues the line; `\ ` followed by an escape swallows it; `3<<EOF` is no heredoc; one `<<-` makes every heredoc of the line
 * strip tabs; a comment in a continued line may be taken for its words; JSON with continuations loses its ranges; a lone `\r` ends a line.
 */
function instructionStarts(text: string, escape: string): ReadonlyMap<number, string> {
  const readable = withoutHead(text, escape);
  const lines = linesOf(readable);
  const starts = new Map<number, string>();
  for (const instruction of DockerfileParser.parse(readable).getInstructions()) {
    const { start } = instruction.getInstructionRange();
    starts.set(offsetAt(lines, { line: start.line, column: start.character }), instruction.getKeyword());
  }
  return starts;
}

/**
 * The text with the comments above the first instruction blanked out, all else where it was. The library looks for directives from every `#`
 * of the first comment up to the end of its line, which takes ten seconds for a line of 64 KiB.
 */
function withoutHead(text: string, escape: string): string {
  let head = 0;
  while (head < text.length) {
    const line = lineAt(text, head);
    const first = skipBlanks(text, head === 0 && text.startsWith('\uFEFF') ? 1 : head);
    if (first < line.end && text[first] !== '#') break;
    head = line.next;
  }
  const directive = escape === '`' ? '# escape=`\n' : '';
  return head <= directive.length
    ? text
    : directive + ' '.repeat(head - directive.length - 1) + '\n' + text.slice(head);
}
