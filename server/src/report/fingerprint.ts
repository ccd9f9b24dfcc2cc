import type { Finding } from '../engine/finding.ts';
import type { Range } from '../text/range.ts';
import { indexWhere } from '../text/sorted.ts';
import type { FileReport } from './report.ts';

/**
 * A name for each finding of a file that stays the same while other lines come and go: made of the rule, the path, the text of the lines it is
 * on and, where that is not enough to tell two apart, which of them it is.
 */
export function fingerprintsOf(path: string, { text, findings }: FileReport): readonly string[] {
  const breaks = lineBreaks(text);
  const hashes = new Map<string, bigint>();
  const seen = new Map<bigint, number>();
  return findings.map((finding) => {
    const { start, end } = linesUnder(text, breaks, finding);
    // Once for all findings of a rule on the same lines: a generated line may have thousands.
    const place = `${finding.rule} ${start} ${end}`;
    const lines = (): string => text.slice(start, end).replace(/\s+/g, ' ').trim();
    const known = hashes.get(place) ?? hash([finding.rule, path, lines()].join('\0'));
    hashes.set(place, known);
    const count = seen.get(known) ?? 0;
    seen.set(known, count + 1);
    return (count === 0 ? known : hash(`\0${count}`, known)).toString(16).padStart(16, '0');
  });
}

function lineBreaks(text: string): readonly number[] {
  const breaks: number[] = [];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) breaks.push(at);
  return breaks;
}

function linesUnder(text: string, breaks: readonly number[], { range }: Finding): Range {
  const last = Math.max(range.end - 1, range.start);
  const before = breaks[indexWhere(breaks, (at) => at >= range.start) - 1];
  const after = breaks[indexWhere(breaks, (at) => at >= last)];
  return { start: before === undefined ? 0 : before + 1, end: after ?? text.length };
}

/** FNV-1a with 64 bits: enough to tell findings apart, and the same in every runtime. What is hashed in two parts is as if hashed in one. */
function hash(text: string, before = 0xcbf29ce484222325n): bigint {
  let value = before;
  for (let i = 0; i < text.length; i++) {
    value = BigInt.asUintN(64, (value ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  }
  return value;
}
