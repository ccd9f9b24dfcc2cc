import { textAt, type Json } from '../../azure/json.ts';

/** Makes whole lines of a container app's event stream readable: `[RevisionReady] Successfully provisioned revision …`. */
export function createEventLines(): (text: string) => readonly string[] {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    return lines.flatMap(eventLine);
  };
}

/** Nothing for what the stream says of itself. */
function eventLine(line: string): readonly string[] {
  if (line.trim() === '') return [];
  let event: Json;
  try {
    event = JSON.parse(line) as Json;
  } catch {
    return [line.trimEnd()];
  }
  const [reason, message] = [textAt(event, 'Reason'), textAt(event, 'Msg')];
  if (message === undefined || reason === 'StartingGettingEvents' || reason === 'ConnectedToEventsServer') return [];
  const time = textAt(event, 'TimeStamp');
  const what = textAt(event, 'Type') === 'Warning' ? `warning: ${reason ?? ''}` : (reason ?? 'event');
  return [`${time === undefined ? '' : `${time} `}[${what}] ${message}`];
}
