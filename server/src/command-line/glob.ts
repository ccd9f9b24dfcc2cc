/** True when a path is to be expanded by us: most shells have done so before we see it. */
export function isGlob(path: string): boolean {
  return /[*?{}[\]]/.test(path);
}

/** `a{b,c{d,e}}` is `ab`, `acd`, `ace`; braces without a comma stay what they are. */
export function expandBraces(pattern: string): readonly string[] {
  const group = firstGroup(pattern);
  if (group === undefined) return [pattern];
  const { start, end, parts } = group;
  return parts.flatMap((part) => expandBraces(pattern.slice(0, start) + part + pattern.slice(end)));
}

function firstGroup(pattern: string): { start: number; end: number; parts: readonly string[] } | undefined {
  for (let start = pattern.indexOf('{'); start >= 0; start = pattern.indexOf('{', start + 1)) {
    const parts: string[] = [];
    let depth = 0;
    let partStart = start + 1;
    for (let i = start; i < pattern.length; i++) {
      const character = pattern[i];
      if (character === '{') depth++;
      if (character === '}') depth--;
      if ((character === ',' && depth === 1) || depth === 0) {
        parts.push(pattern.slice(partStart, i));
        partStart = i + 1;
      }
      if (depth > 0) continue;
      if (parts.length > 1) return { start, end: i + 1, parts };
      break;
    }
  }
  return undefined;
}

/** Matches one name, without slashes. As in a shell, a leading dot has to be written. */
export function segmentPattern(segment: string): RegExp {
  const source = segment.replace(/\[(!?)([^\]]+)\]|[*?]|[^*?[]+|\[/g, (part, not?: string, set?: string) => {
    if (set !== undefined) return `[${not === '!' ? '^' : ''}${set.replace(/[\\^]/g, '\\$&')}]`;
    if (part === '*') return '.*';
    if (part === '?') return '.';
    return part.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  });
  try {
    return new RegExp(`^${segment.startsWith('.') ? '' : '(?!\\.)'}${source}$`, 'su');
  } catch {
    return /^(?!)/; // such as [z-a]: it can match nothing
  }
}
