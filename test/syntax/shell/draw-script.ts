import assert from 'node:assert/strict';
import { sourceOf, underline } from '../../../server/src/text/draw.ts';
import type { Problem } from '../../../server/src/text/problem.ts';
import type { Command, Script } from '../../../server/src/syntax/shell/script.ts';
import { shellParser } from '../../shell-parser.ts';

/**
 * Compares a script with its drawing: under each line its commands, as
 * `joint NAME=value program | argument | ~expanded argument >file [inside] by outer`, then its pipelines and errors.
 * It is parsed at an offset, so that ranges which forget it are seen.
 */
export function checkScript(drawn: string): void {
  const source = sourceOf(drawn);
  const offset = 7;
  assert.equal(
    drawScript(`${' '.repeat(offset)}${source}`, shellParser.parse(source, offset)).slice(offset),
    outdented(drawn, offset),
  );
}

function drawScript(text: string, script: Script): string {
  const lastCharacter = text.trimEnd().length;
  return underline(text, [
    ...script.commands.map((command): Problem => ({ range: command.range, message: labelOf(command) })),
    ...script.pipelines.map(({ range, commands, followedBy, inside }): Problem => {
      const programs = commands.map(({ program }) => program ?? '?').join(', ');
      return {
        range,
        message: ['pipeline', programs, followedBy && `then ${followedBy}`, enclosures(inside)]
          .filter(Boolean)
          .join(' '),
      };
    }),
    // What is missing at the end is drawn on the last line.
    ...script.errors.map(({ start, end }): Problem => ({
      range: { start: Math.min(start, lastCharacter), end },
      message: 'error',
    })),
  ]);
}

/** The first line is shifted in the parsed text, and so are the marks under it. */
function outdented(drawn: string, offset: number): string {
  const [first = '', ...rest] = drawn.split(/(?<=\n)/);
  const marks = rest.findIndex((line) => !/^ *\^/.test(line));
  const end = marks < 0 ? rest.length : marks;
  return [first, ...rest.slice(0, end).map((line) => ' '.repeat(offset) + line), ...rest.slice(end)].join('');
}

function labelOf({ joinedBy, assignments, program, arguments: words, redirections, inside, runBy }: Command): string {
  const command = [program ?? '?', ...words.map(({ value, isLiteral }) => `${isLiteral ? '' : '~'}${value}`)].join(
    ' | ',
  );
  return [
    joinedBy,
    ...assignments.map(({ name, value }) => `${name}=${value}`),
    command,
    ...redirections.map(({ operator, target }) => `${operator}${target}`),
    enclosures(inside),
    runBy && `by ${runBy.program ?? '?'}`,
  ]
    .filter(Boolean)
    .join(' ');
}

function enclosures(inside: Command['inside']): string {
  return inside.length > 0 ? `[${inside.join(', ')}]` : '';
}
