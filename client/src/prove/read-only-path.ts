// Where a log tells which path could not be written, in the ways of the usual runtimes.

const longest = 500;
const refusal = /read-only file ?system|\bEROFS\b/i;
// Of a path with blanks in it, only quotes or a colon tell the end.
const quoted = /(["'‘`])(\.{0,2}\/?[^"'’`]+?)(["'’`])/g;
const beforeColon = /(?:^|[\s("'])((?:\.{0,2}\/)[^:"'()]*?): (?:\[Errno 30\] )?read-only file ?system/i;
const bare = /(?:^|[\s(])(\.{0,2}\/[^\s:"'()]+)/g;

/** The first path that a log says could not be written, and the line that says it. */
export function firstRefusedPath(log: string): { readonly path?: string; readonly line: string } | undefined {
  const refused = log.split('\n').filter((line) => refusal.test(line));
  for (const line of refused) {
    const path = pathIn(line);
    if (path !== undefined) return { path, line: line.trim() };
  }
  return refused[0] === undefined ? undefined : { line: refused[0].trim() };
}

function pathIn(whole: string): string | undefined {
  // No path is longer, and the expressions below would take their time over a line without end.
  const place = whole.search(refusal);
  const line = whole.slice(Math.max(0, place - longest), place + longest);
  const at = line.search(refusal);
  // Ruby: `Read-only file system @ rb_sysopen - /app/x`, after the place in the program.
  const ruby = / @ \w+ - (\S+)/.exec(line)?.[1];
  if (ruby !== undefined) return ruby;
  const before = line.slice(0, at);
  const after = line.slice(at);
  const inQuotes = [...before.matchAll(quoted)].at(-1)?.[2];
  if (inQuotes !== undefined && isPath(inQuotes)) return inQuotes;
  const named = beforeColon.exec(line)?.[1];
  if (named !== undefined) return named;
  // PHP: `file_put_contents(/app/x): Failed to open stream: ...`
  const inBrackets = /\((\/[^()]+)\)/.exec(before)?.[1];
  if (inBrackets !== undefined) return inBrackets;
  // Node and Python name it after the reason: `EROFS: read-only file system, open '/app/x'`.
  const later = [...after.matchAll(quoted)].map(([, , path]) => path ?? '').find(isPath);
  if (later !== undefined) return later;
  const earlier = [...before.matchAll(bare)].at(-1)?.[1];
  return earlier ?? /(?:create|touch|write|open|mkdir:?) ([^\s:'"]+): /.exec(line)?.[1];
}

function isPath(text: string): boolean {
  return /^(\.{0,2}\/|[\w.-]+$)/.test(text) && !/^\d+$/.test(text);
}
