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
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const first = skipBlanks(text, at);
    const line = lineAt(text, at);
    if (first >= line.end) at = line.next;
    else if (text[first] === '#') {
      if (!isDirective.has(first)) comments.push(commentAt(text, first, line.end));
      at = line.next;
    } else {
      const { instruction, nextLine, comments: inside } = readInstruction(text, first, escape);
      instructions.push(instruction);
      comments.push(...inside);
      at = nextLine;
    }
  }
  return { text, escape, directives, comments, instructions };
}
