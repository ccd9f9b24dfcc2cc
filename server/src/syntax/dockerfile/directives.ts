import { lineAt } from './lines.ts';
import type { Directive } from './tree.ts';

const pattern = /^#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(.+?)\s*$/d;

/**
 * The parser directives at the top, read as the builder does: the first line that is not of the form `# name=value` ends them, names it does not
 * know are passed over. dockerfile-ast takes any such name for a directive and does not see one after a byte order mark and a space.
 */
export function readDirectives(text: string): {
  readonly directives: readonly Directive[];
  readonly escape: '\\' | '`';
} {
  const directives: Directive[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const line = lineAt(text, at);
    const match = pattern.exec(text.slice(at, line.end));
    const [, name, value] = match ?? [];
    const [, nameSpan, valueSpan] = match?.indices ?? [];
    if (name === undefined || value === undefined || !nameSpan || !valueSpan) break;
    directives.push({
      name: name.toLowerCase(),
      value,
      range: { start: at, end: at + valueSpan[1] },
      nameRange: { start: at + nameSpan[0], end: at + nameSpan[1] },
      valueRange: { start: at + valueSpan[0], end: at + valueSpan[1] },
    });
    at = line.next;
  }
  const known = directives.filter(({ name }) => name === 'syntax' || name === 'escape' || name === 'check');
  return { directives: known, escape: known.find(({ name }) => name === 'escape')?.value === '`' ? '`' : '\\' };
}
