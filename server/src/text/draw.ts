import { applyEdits, type Problem } from './problem.ts';

/**
 * The source with each problem underlined, then what its fixes make of it. Read by people, compared by tests.
 * A line of source that is only carets, or that begins with `=> ` or `+++ `, cannot be drawn.
 */
export function draw(text: string, problems: readonly Problem[]): string {
  // Problems that one change mends have that one fix in common.
  const fixes = [...new Set(problems.flatMap((problem) => problem.fix ?? []))];
  const drawn = underline(text, problems);
  if (fixes.length === 0) return drawn;
  const titles = [...new Set(fixes.map((fix) => fix.title))].join('; ');
  const edits = fixes.flatMap((fix) => fix.edits);
  const fixed = edits.length > 0 ? applyEdits(text, edits) : '';
  const newFiles = fixes.flatMap((fix) => fix.newFiles ?? []).map((file) => `+++ ${file.path}\n${file.text}`);
  return `${drawn}=> ${titles}\n${fixed}${newFiles.join('')}`;
}

/** The source a drawing was made from. */
export function sourceOf(drawn: string): string {
  return drawn.replace(/^=> [^]*/m, '').replace(/^ *\^+(?: .*)?\n/gm, '');
}

/** The lines of source with carets under each problem; a range over several lines has its message under the last. */
export function underline(text: string, problems: readonly Problem[]): string {
  let next = 0;
  return text
    .split(/(?<=\n)/)
    .map((line) => {
      const start = next;
      const end = start + line.trimEnd().length;
      next += line.length;
      const marks = problems
        .filter(({ range }) => range.start <= end && start <= Math.max(range.end - 1, range.start))
        .map(({ range, message }) => {
          const from = Math.max(range.start, start);
          const carets = '^'.repeat(Math.max(Math.min(range.end, end) - from, 1));
          return `${' '.repeat(from - start)}${carets}${range.end <= next ? ` ${message}` : ''}\n`;
        });
      return `${line.endsWith('\n') || marks.length === 0 ? line : `${line}\n`}${marks.join('')}`;
    })
    .join('');
}
