import type { Range } from '../../text/range.ts';
import { commandParts, Gathered, type Origins, type ParseInner } from './gather.ts';
import { continuationAt, unquote, unquoteJson, withoutContinuations, type Origin } from './quoting.ts';
import { mappingOf, shiftBy } from './relocate.ts';
import {
  emptyScript,
  type Assignment,
  type Command,
  type ExecWord,
  type Pipeline,
  type Redirection,
  type Script,
  type ShellWord,
} from './script.ts';
import type { CommandSketch, Line, RedirectionSketch, Structure } from './sketch.ts';

/** The script that a source's structure makes when the source stands at `offset`. `parse` reads the strings that its commands pass to shells. */
export function buildScript(source: string, offset: number, structure: Structure, parse: ParseInner): Script {
  const origins: Origins = {
    parse,
    innerText(word) {
      const origin: Origin = { starts: [], ends: [] };
      const { value } = unquote(source.slice(word.range.start - offset, word.range.end - offset), origin);
      return { text: value, mapping: mappingOf(origin, word.range) };
    },
  };
  const gathered = new Gathered(origins);
  const lines = structure.lines.filter((line) => line.elements > 1 || line.commands.some(hasHeredoc));
  const built = new Map<CommandSketch, Command>();
  for (const sketch of structure.commands) {
    const command = buildCommand(source, offset, sketch);
    if (!command) continue;
    if (lines.length > 0) built.set(sketch, command);
    gathered.add(command);
  }
  const pipelines: Pipeline[] = [];
  for (const line of lines) {
    const commands = line.commands.flatMap((sketch) => built.get(sketch) ?? []);
    for (const [i, command] of commands.entries()) {
      const body = command.redirections.find((redirection) => redirection.body)?.body;
      // Commands further inside have a line of their own.
      if (!body || command.inside !== line.inside) continue;
      const text = source.slice(body.start - offset, body.end - offset);
      gathered.addHeredoc(command, commands[i + 1], text, shiftBy(body.start));
    }
    if (line.elements > 1) pipelines.push(buildPipeline(line, commands, offset));
  }
  const errors = structure.errors.map(({ start, end }) => ({ start: start + offset, end: end + offset }));
  return gathered.script(pipelines, errors);
}

/** The exec form: one command, whose words no shell touches. */
export function buildExec(elements: readonly ExecWord[], parse: ParseInner): Script {
  const words = elements.map(({ text, value, range }): ShellWord => ({ text, value, isLiteral: true, range }));
  const range = spanOf(words);
  if (!range) return emptyScript;
  const gathered = new Gathered({
    parse,
    innerText: (word) => ({ text: word.value, mapping: mappingOf(unquoteJson(word.text), word.range) }),
  });
  gathered.add({ ...commandParts(words, range), assignments: [], redirections: [], range, inside: [] });
  return gathered.script([], []);
}

function hasHeredoc({ redirections }: CommandSketch): boolean {
  return redirections.some(({ body }) => body !== undefined);
}

function buildCommand(source: string, offset: number, sketch: CommandSketch): Command | undefined {
  const words = buildWords(source, offset, sketch.pieces);
  const assignments = sketch.assignments.map((range) => buildAssignment(source, offset, range));
  const redirections = sketch.redirections.map((redirection) => buildRedirection(source, offset, redirection));
  const range = spanOf(assignments, words, redirections);
  if (!range) return undefined;
  const { joint, inside } = sketch;
  const { program, programRange, arguments: rest } = commandParts(words, range);
  const command: Command = { program, programRange, words, arguments: rest, assignments, redirections, range, inside };
  return joint ? { ...command, joinedBy: joint } : command;
}

/** Pieces with nothing between them, or but a continued line's end, are one word. */
function buildWords(source: string, offset: number, pieces: readonly number[]): ShellWord[] {
  const words: ShellWord[] = [];
  for (let i = 0; i < pieces.length; i += 2) {
    const start = pieces[i] ?? 0;
    let end = pieces[i + 1] ?? start;
    while (i + 2 < pieces.length && skipContinuations(source, end) === pieces[i + 2]) {
      i += 2;
      end = pieces[i + 1] ?? end;
    }
    const text = source.slice(start, end);
    const { value, isLiteral } = unquote(text);
    const range = { start: start + offset, end: end + offset };
    words.push({ text: withoutContinuations(text), value, isLiteral, range });
  }
  return words;
}

function skipContinuations(source: string, at: number): number {
  let next = at;
  for (let length = continuationAt(source, next); length > 0; length = continuationAt(source, next)) next += length;
  return next;
}

function buildAssignment(source: string, offset: number, { start, end }: Range): Assignment {
  const text = source.slice(start, end);
  const equals = text.indexOf('=');
  const name = text.slice(0, equals).replace(/\+$/, '');
  return { name, value: unquote(text.slice(equals + 1)).value, range: { start: start + offset, end: end + offset } };
}

function buildRedirection(source: string, offset: number, redirection: RedirectionSketch): Redirection {
  const { start, operatorEnd, targetStart, body } = redirection;
  const targetEnd = Math.max(redirection.targetEnd, targetStart);
  return {
    operator: source.slice(start, operatorEnd),
    target: unquote(source.slice(targetStart, targetEnd)).value,
    range: { start: start + offset, end: Math.max(operatorEnd, targetEnd) + offset },
    ...(body && { body: { start: body.start + offset, end: body.end + offset } }),
  };
}

function buildPipeline(
  { start, end, followedBy, inside }: Line,
  commands: readonly Command[],
  offset: number,
): Pipeline {
  const isJoint = followedBy && followedBy !== '|' && followedBy !== '|&';
  return { commands, range: { start: start + offset, end: end + offset }, ...(isJoint && { followedBy }), inside };
}

function spanOf(...groups: readonly (readonly { readonly range: Range }[])[]): Range | undefined {
  let start = Number.POSITIVE_INFINITY;
  let end = 0;
  for (const parts of groups) {
    for (const { range } of parts) {
      start = Math.min(start, range.start);
      end = Math.max(end, range.end);
    }
  }
  return start <= end ? { start, end } : undefined;
}
