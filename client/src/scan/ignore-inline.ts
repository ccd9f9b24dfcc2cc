import { placeAbove } from '../../../server/src/model/instruction-lines.ts';
import type { Edit } from '../../../server/src/text/problem.ts';
import { linesOf, newlineOf } from '../../../server/src/text/lines.ts';
import { dockerfileOf } from '../dockerfile-model.ts';
import type { Misconfiguration } from './finding.ts';

/**
 * A comment over an instruction by which Trivy leaves a misconfiguration out there (since 0.59). `undefined` for what has no line:
 * Trivy then finds no comment either (https://github.com/aquasecurity/trivy/issues/9463).
 */
export function inlineIgnore(
  text: string,
  { id, aliases, lines }: Misconfiguration,
  { reason, until }: { readonly reason: string; readonly until?: string },
): Edit | undefined {
  if (lines === undefined) return undefined;
  const dockerfile = dockerfileOf(text);
  const starts = linesOf(text).starts;
  const start = starts[lines.first - 1];
  const end = starts[lines.last] ?? text.length;
  if (start === undefined) return undefined;
  const instruction = dockerfile.instructions.find(({ range }) => range.start < end && start < range.end);
  if (!instruction) return undefined;
  const newline = newlineOf(text);
  const own = [id, ...aliases].find((each) => each.startsWith('AVD-')) ?? id;
  if (!/^[\w-]+$/.test(own)) return undefined;
  const lineOfInstruction = starts.findLast((each) => each <= instruction.range.start) ?? 0;
  const why = reason.replace(/\s+/g, ' ').trim();
  // Only comments that touch the instruction count, so ours goes right over it, and the reason over ours.
  const comment = `# trivy:ignore:${own}${until === undefined ? '' : `:exp:${until}`}`;
  const at = Math.max(lineOfInstruction, placeAbove(dockerfile, instruction));
  return { range: { start: at, end: at }, text: `${why === '' ? '' : `# ${why}${newline}`}${comment}${newline}` };
}
