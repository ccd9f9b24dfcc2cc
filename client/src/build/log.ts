import type { BuildEvent, BuildFailure, BuildOutcome, Step } from './build.ts';
import { cachedOf, duration, size, stepText } from './step-text.ts';

/** Writes a build for a terminal: a line for each step, what it says below, and how it ended. */
export interface BuildLog {
  readonly start: (title: string, commandLine: string) => string;
  readonly add: (event: BuildEvent) => string;
  readonly end: (outcome: BuildOutcome, about: AboutEnd) => string;
}

export interface AboutEnd {
  /** The Dockerfile's path, and its text as it was built. */
  readonly dockerfile: string;
  readonly text: string;
  /** What failed, and what to do about it. */
  readonly headline?: string | undefined;
  readonly advice?: string | undefined;
  /** Bytes. */
  readonly size?: number | undefined;
}

// What the builder does besides the instructions is only worth a line when it takes time.
const worthALine = 0.5;
const longestExcerpt = 12;

export function buildLog(): BuildLog {
  /** The step whose line waits for its end. */
  let open: string | undefined;
  /** The step whose output was written last. */
  let speaking: string | undefined;
  const steps = new Map<string, Step>();
  /** A base image is looked up before it is fetched, which ends its step twice. */
  const ended = new Map<string, number>();
  const partial = new Map<string, string>();
  /** Before there is any step, the builder's own lines are all there is. */
  let unexplained = '';

  const finishLine = (): string => {
    if (open === undefined) return '';
    open = undefined;
    return newLine;
  };

  const said = (id: string, lines: readonly string[]): string => {
    if (lines.length === 0) return '';
    let text = finishLine();
    const step = steps.get(id);
    if (speaking !== id && step) text += `${dim(stepText(step))}${newLine}`;
    speaking = id;
    for (const line of lines) text += `  ${harmless(line)}${newLine}`;
    return text;
  };

  const output = (id: string, added: string): string => {
    const lines = `${partial.get(id) ?? ''}${added}`.split('\n');
    partial.set(id, lines.pop() ?? '');
    return said(id, lines);
  };

  const rest = (id: string): string => {
    const line = partial.get(id) ?? '';
    partial.delete(id);
    return line === '' ? '' : said(id, [line]);
  };

  const changed = (step: Step): string => {
    const before = steps.get(step.id)?.state;
    steps.set(step.id, step);
    if (before === step.state || step.state === 'waiting') return '';
    const told = ended.get(step.id);
    if (step.state === 'running') return step.place && told === undefined ? begin(step) : '';
    const text = rest(step.id);
    const seconds = step.seconds ?? 0;
    ended.set(step.id, seconds);
    if (told !== undefined && step.state !== 'failed' && seconds - told < worthALine) return text;
    const ending = endingOf(step);
    if (open === step.id) {
      open = undefined;
      speaking = undefined;
      return `${text}  ${ending}${newLine}`;
    }
    if (!step.place && step.state !== 'failed' && speaking !== step.id && seconds < worthALine) return text;
    if (speaking === step.id) return `${text}  ${ending}${newLine}`;
    speaking = undefined;
    return `${text}${finishLine()}${title(step)}  ${ending}${newLine}`;
  };

  /** Of the builder's own lines only what the steps do not tell. */
  const beside = (line: string): string => {
    const warning = /^(?:#\d+ )?(WARN(?:ING)?:.*)/.exec(line)?.[1];
    if (warning !== undefined) return `${finishLine()}${yellow(harmless(warning))}${newLine}`;
    if (steps.size === 0) unexplained += `  ${harmless(line)}${newLine}`;
    return '';
  };

  const begin = (step: Step): string => {
    const text = finishLine();
    open = step.id;
    speaking = step.id;
    return `${text}${title(step)}`;
  };

  return {
    start: (what, commandLine) => `${bold(what)}${newLine}${dim(harmless(commandLine))}${newLine}${newLine}`,
    add: (event) => {
      switch (event.kind) {
        case 'step':
          unexplained = '';
          return changed(event.step);
        case 'output':
          return output(event.step, event.text);
        case 'line':
          return beside(event.text);
        case 'failure':
          return '';
      }
    },
    end: (outcome, about) => {
      const remaining = [...partial.keys()].map(rest).join('');
      const failing = outcome.kind === 'failed' ? outcome.failure.step?.id : undefined;
      const isAbove = failing !== undefined && speaking === failing;
      return `${remaining}${finishLine()}${unexplained}${newLine}${lastWord(outcome, about, isAbove)}`;
    },
  };
}

function lastWord(outcome: BuildOutcome, about: AboutEnd, isOutputAbove: boolean): string {
  switch (outcome.kind) {
    case 'cancelled':
      return `${yellow('Cancelled')}${newLine}`;
    case 'failed':
      return failed(outcome.failure, about, isOutputAbove);
    case 'built': {
      const { cached, all } = cachedOf(outcome.steps);
      const facts = [
        duration(outcome.seconds),
        ...(all > 0 ? [`${cached} of ${all} steps cached`] : []),
        ...(about.size === undefined ? [] : [size(about.size)]),
      ];
      const names = outcome.image.tags.length > 0 ? outcome.image.tags : [outcome.image.id ?? 'the image'];
      return `${green('✔')} ${bold(`Built ${names.join(', ')}`)}${newLine}  ${dim(facts.join(', '))}${newLine}`;
    }
  }
}

/** The reason comes last, where the eye is; output that stands right above needs no second telling. */
function failed({ message, output, lines }: BuildFailure, about: AboutEnd, isOutputAbove: boolean): string {
  const { dockerfile, text, headline, advice } = about;
  const tail = isOutputAbove ? [] : output.slice(-longestExcerpt);
  const told = [
    lines ? excerpt(dockerfile, text, lines) : '',
    tail.map((line) => `  ${red('│')} ${harmless(line)}${newLine}`).join(''),
    [
      `${red('✖')} ${bold(harmless(headline ?? message))}${newLine}`,
      ...(advice === undefined ? [] : [`  ${harmless(advice)}${newLine}`]),
    ].join(''),
  ];
  return told.filter((part) => part !== '').join(newLine);
}

/** The lines of the Dockerfile, under a path that the terminal makes a link of. */
function excerpt(
  dockerfile: string,
  text: string,
  { first, last }: { readonly first: number; readonly last: number },
): string {
  const all = text.split(/\r?\n/);
  const shown = all.slice(Math.max(0, first - 3), Math.min(all.length, last + 1, first + longestExcerpt));
  const from = Math.max(0, first - 3) + 1;
  const rows = shown.map((line, i) => {
    const number = from + i;
    const isFailing = number >= first && number <= last;
    const row = `${isFailing ? '>' : ' '} ${String(number).padStart(4)} │ ${harmless(line)}`;
    return `${isFailing ? bold(row) : dim(row)}${newLine}`;
  });
  return `  ${harmless(dockerfile)}:${first}${newLine}${rows.join('')}`;
}

function title(step: Step): string {
  return step.place ? bold(stepText(step)) : dim(stepText(step));
}

function endingOf({ state, seconds }: Step): string {
  const took = seconds === undefined ? '' : duration(seconds);
  switch (state) {
    case 'cached':
      return cyan('CACHED');
    case 'failed':
      return red(`✖ ${took}`.trim());
    case 'cancelled':
      return yellow('cancelled');
    default:
      return `${green('✔')} ${dim(took)}`.trim();
  }
}

const newLine = '\r\n';
const style = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[0m`;
const bold = style(1);
const dim = style(2);
const red = style(31);
const green = style(32);
const yellow = style(33);
const cyan = style(36);

// Colours may stay; what moves the cursor, sets titles or writes to the clipboard may not.
const controlSequence = /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g;

/** One line of somebody's output as it may be written to a terminal; of a line that was overwritten, the last state. */
export function harmless(line: string): string {
  const shown = line.replace(/\r+$/, '').split('\r').at(-1) ?? '';
  const coloured = shown.replaceAll(controlSequence, (found) => (/^\u001b\[[\d;]*m$/.test(found) ? found : ''));
  const text = coloured.replaceAll(/(?!\u001b\[[\d;]*m)[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g, '\ufffd');
  return text.includes('\u001b') ? `${text}\u001b[0m` : text;
}
