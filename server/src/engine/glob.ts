/**
 * Whether a path with `/` is named by a pattern, as in a `.gitignore`: `*`, `?`, `[a-z]`, `{a,b}` and `**`; a pattern without a slash
 * within matches at any depth; a folder's name is about all in it.
 */
export function globMatcher(pattern: string): (path: string) => boolean {
  const trimmed = pattern.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
  const isAnchored = trimmed.includes('/');
  const expression = expressionOf(trimmed.replace(/^\//, ''));
  try {
    const matcher = new RegExp(`^${isAnchored ? '' : '(?:.*/)?'}${expression}(?:/.*)?$`);
    return (path) => trimmed !== '' && matcher.test(path);
  } catch {
    return (path) => path === trimmed; // `[z-a]` and the like are no expression: taken as they are written
  }
}

function expressionOf(pattern: string): string {
  let depth = 0;
  return pattern.replace(/\*\*+\/?|\*|\?|\[[^\]]+\]|[{},]|[^*?[\]{},]+|./g, (token) => {
    if (token.startsWith('**')) return token.endsWith('/') ? '(?:.*/)?' : '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.startsWith('[') && token.length > 1) return token.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    if (token === '{') {
      depth++;
      return '(?:';
    }
    if (token === '}' && depth > 0) {
      depth--;
      return ')';
    }
    if (token === ',' && depth > 0) return '|';
    return token.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  });
}
