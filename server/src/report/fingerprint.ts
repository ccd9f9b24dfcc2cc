import type { Finding } from '../engine/finding.ts';
import { lineStart } from '../text/lines.ts';
import type { FileReport } from './report.ts';

/**
 * A name for each finding of a file that stays the same while other lines come and go: made of the rule, the path, the text of the lines it is
 * on and, where that is not enough to tell two apart, which of them it is.
 */
export function fingerprintsOf(path: string, { text, findings }: FileReport): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const name = [finding.rule, path, linesUnder(text, finding)].join('\0');
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return hash(count === 0 ? name : `${name}\0${count}`);
  });
}

function linesUnder(text: string, { range }: Finding): string {
  const end = text.indexOf('\n', Math.max(range.end - 1, range.start));
  return text
    .slice(lineStart(text, range.start), end < 0 ? text.length : end)
    .replace(/\s+/g, ' ')
    .trim();
}

/** FNV-1a with 64 bits: enough to tell findings apart, and the same in every runtime. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) {
    value = BigInt.asUintN(64, (value ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  }
  return value.toString(16).padStart(16, '0');
}
