import type { Instruction } from '../syntax/dockerfile/tree.ts';
import type { Document } from './document.ts';

const keywords = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);

/** How much of a file its reader could make nothing of: a fix may leave it as it is or lower it. */
export function countParseProblems(document: Document): number {
  if (document.kind === 'compose') return document.compose.tree.errors.length;
  const { instructions } = document.dockerfile;
  const firstFrom = instructions.findIndex(({ keyword }) => keyword === 'FROM');
  const beforeFrom = instructions.slice(0, firstFrom < 0 ? undefined : firstFrom);
  return (
    instructions.reduce((sum, instruction) => sum + problemsOf(instruction), 0) +
    beforeFrom.filter(({ keyword }) => keyword !== 'ARG').length
  );
}

function problemsOf({ keyword, words, heredocs, trigger }: Instruction): number {
  return (
    Number(!keywords.has(keyword)) +
    Number(words.length === 0 && heredocs.length === 0) +
    heredocs.filter(({ terminator }) => terminator === undefined).length +
    (trigger === undefined ? 0 : problemsOf(trigger))
  );
}
