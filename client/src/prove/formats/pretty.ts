import { printable } from '../contents/format.ts';
import { summaryLine, type ProofReport, type ReportedPromise } from '../report.ts';

export interface Look {
  readonly colours: boolean;
}

type Style = 'bold' | 'dim' | 'green' | 'red' | 'cyan';
type Paint = (style: Style, text: string) => string;

const codes: Readonly<Record<Style, string>> = { bold: '1', dim: '2', green: '32', red: '31', cyan: '36' };
const mostDetails = 10;

/** For people at a terminal: a line for each promise, and for broken ones what to do. */
export function proofPretty(report: ProofReport, { colours }: Look): string {
  const paint: Paint = (style, text) => (colours ? `\u001b[${codes[style]}m${text}\u001b[0m` : text);
  const id = report.imageId.replace(/^sha256:/, '').slice(0, 12);
  const lines = [
    `${paint('bold', printable(report.image))} ${paint('dim', id)}`,
    '',
    ...report.promises.flatMap((promise) => promiseLines(promise, paint)),
    '',
    `${paint(report.outcome === 'broken' ? 'red' : 'green', summaryLine(report))} ${paint('dim', `in ${report.seconds.toFixed(1)} s`)}`,
  ];
  return `${lines.join('\n')}\n`;
}

function promiseLines(
  { id, outcome, message, advice, details, place }: ReportedPromise,
  paint: Paint,
): readonly string[] {
  const name = id.padEnd(22);
  switch (outcome) {
    case 'kept':
      return [`${paint('green', '✓')} ${name} ${printable(message)}`];
    case 'not-applicable':
      return [paint('dim', `- ${name} ${printable(message)}`)];
    case 'broken':
      return [
        `${paint('red', '✗')} ${paint('bold', name)} ${printable(message)}`,
        ...(place ? [`    ${paint('dim', `${printable(place.file)}:${place.line} ${place.instruction}`)}`] : []),
        ...details.slice(0, mostDetails).map((detail) => `    ${paint('dim', printable(detail))}`),
        ...(details.length > mostDetails
          ? [`    ${paint('dim', `... and ${details.length - mostDetails} more`)}`]
          : []),
        ...(advice === undefined ? [] : [`    ${paint('cyan', `=> ${printable(advice)}`)}`]),
      ];
  }
}
