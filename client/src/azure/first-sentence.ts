/** The beginning of what somebody else says, short enough to be shown: no second sentence, no JSON, no full stop. */
export function firstSentence(text: string): string {
  const line = text.trim().split(/\r?\n/, 1)[0] ?? '';
  const end = /[.!?](?:\s|$)|['"(\s]*(?:[{[]\s*["{[]|\{\s*\})/.exec(line);
  const first = (end === null ? line : line.slice(0, end.index)).replace(/[\s:,;.]+$/, '');
  if (first === '') return 'it gives no reason that could be read';
  return first.length > most ? `${first.slice(0, most)}…` : first;
}

const most = 160;
