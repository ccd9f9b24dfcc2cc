/** The first line of a text, cut so that a message with it stays readable. */
export function shorten(text: string, length = 40): string {
  const line = text.split(/[\r\n]/, 1)[0] ?? '';
  return line.length > length ? `${line.slice(0, length - 3)}...` : line;
}
