import type { RedirectionSketch } from './sketch.ts';

/** `<<EOF bash`: allowed by shells and liked in Dockerfiles, but unknown to the grammar. */
export interface LeadingHeredoc {
  /** The source with the heredoc blanked out. */
  readonly rest: string;
  /** What the first command of the rest is fed. */
  readonly redirection: RedirectionSketch;
}

const opening = /^\s*(<<-?)[ \t]*(["']?)([A-Za-z_]\w*)\2(?=[ \t]+[^\s|&;])(?!.*<<)[^\n]*\n/;

export function leadingHeredoc(source: string): LeadingHeredoc | undefined {
  const match = opening.exec(source);
  if (!match) return undefined;
  const [line, operator = '', quote = '', name = ''] = match;
  const start = line.indexOf(operator);
  const targetStart = line.indexOf(quote + name, start + operator.length);
  const targetEnd = targetStart + name.length + 2 * quote.length;
  const terminator = new RegExp(`^\\t*${name}\\r?$`, 'm').exec(source.slice(line.length));
  const bodyEnd = terminator ? line.length + terminator.index : source.length;
  const end = terminator ? bodyEnd + terminator[0].length : bodyEnd;
  return {
    rest: ' '.repeat(targetEnd) + line.slice(targetEnd) + ' '.repeat(end - line.length) + source.slice(end),
    redirection: {
      start,
      operatorEnd: start + operator.length,
      targetStart,
      targetEnd,
      body: { start: line.length, end: bodyEnd },
    },
  };
}
