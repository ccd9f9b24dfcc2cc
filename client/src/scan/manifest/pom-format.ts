import type { Range } from '../../../../server/src/text/range.ts';
import type { ManifestEntry } from './entries.ts';

/** The `<dependency>` elements of a Maven project, those it manages too. */
export function pomEntries(text: string): readonly ManifestEntry[] {
  const source = blankComments(text);
  const entries: ManifestEntry[] = [];
  for (const match of source.matchAll(/<(dependency|parent)>/g)) {
    const start = match.index + match[0].length;
    const end = source.indexOf(`</${match[1] ?? ''}>`, start);
    if (end < 0) break;
    // What a dependency excludes is named the same way inside it.
    const body = source
      .slice(start, end)
      .replace(/<exclusions>[\s\S]*?<\/exclusions>/g, (part) => ' '.repeat(part.length));
    const group = elementIn(body, 'groupId');
    const artifact = elementIn(body, 'artifactId');
    if (!artifact) continue;
    const version = elementIn(body, 'version');
    entries.push({
      name: group ? `${group.text}:${artifact.text}` : artifact.text,
      nameRange: shifted(artifact.range, start),
      ...(version && { version: version.text, versionRange: shifted(version.range, start) }),
    });
  }
  return entries;
}

/** The text inside an element, without blanks around it. */
export function elementIn(body: string, name: string): { readonly text: string; readonly range: Range } | undefined {
  const match = new RegExp(`<${name}>([^<]*)</${name}>`).exec(body);
  if (match === null) return undefined;
  const inner = match[1] ?? '';
  const text = inner.trim();
  const start = match.index + name.length + 2 + (inner.length - inner.trimStart().length);
  return { text, range: { start, end: start + text.length } };
}

/** The same text of the same length, with nothing in its comments. */
export function blankComments(text: string): string {
  return text.replace(/<!--[\s\S]*?(?:-->|$)/g, (comment) => ' '.repeat(comment.length));
}

function shifted({ start, end }: Range, by: number): Range {
  return { start: start + by, end: end + by };
}
