import type { Range } from '../../../../server/src/text/range.ts';
import type { Instruction } from '../../../../server/src/syntax/dockerfile/tree.ts';
import type { Vulnerability } from '../finding.ts';

/** The word of a RUN that asked for a package: its name after `install` or `add`, else the command that brought it along. */
export function installedBy(run: Instruction, text: string, finding: Vulnerability): Range | undefined {
  if (run.keyword !== 'RUN') return undefined;
  const { start, end } = run.argumentsRange;
  const source = withoutGaps(text, run);
  const installs = [...source.slice(start, end).matchAll(installCommand)];
  for (const { index, 0: command } of installs) {
    const from = index + command.length;
    const rest = source.slice(start + from, end);
    const stop = /&&|\|\||[;|]/.exec(rest)?.index ?? rest.length;
    const at = wordIn(rest.slice(0, stop), finding.packageName);
    if (at !== undefined) return { start: start + from + at, end: start + from + at + finding.packageName.length };
  }
  const [only] = installs;
  if (!only) return undefined;
  const first = start + only.index;
  return { start: first, end: first + only[0].trimEnd().length };
}

const installCommand =
  /\b(?:(?:apt-get|apt|aptitude|dnf|microdnf|yum|tdnf|zypper|pip3?|npm|pnpm|yarn|gem|cargo|go|composer)\s+(?:-[^\s;&|]+\s+)*(?:install|add|in|ci|i|require|upgrade|dist-upgrade)|apk\s+(?:-[^\s;&|]+\s+)*add)\b/g;

/** Where a package's name stands as a word of its own, perhaps with a version: `curl`, `curl=7.88.1`, `curl@8`. */
function wordIn(text: string, name: string): number | undefined {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + name.length] ?? ' ';
    if (/[\s"']/.test(before) && /[\s"'=@:~<>/]/.test(after)) return at;
  }
  return undefined;
}

/** Of the same length, with blanks for the continuations and comments that the builder takes out. */
function withoutGaps(text: string, { gaps }: Instruction): string {
  let result = text;
  for (const gap of gaps) {
    const blank = ' '.repeat(gap.end - gap.start);
    result = `${result.slice(0, gap.start)}${blank}${result.slice(gap.end)}`;
  }
  return result;
}
