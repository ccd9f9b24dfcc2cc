import { nearest } from '../../../../../server/src/text/nearest.ts';
import { edit, type Cause } from '../cause.ts';

const keywords =
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  );

/** A misspelt instruction, or a line that was meant to go on the one above. */
export const unknownInstruction: Cause = {
  id: 'unknown-instruction',
  adviceOn: ({ failure, instruction, dockerfile }) => {
    const [, unknown] = /unknown instruction: (\S+)/.exec(failure.message) ?? [];
    if (unknown === undefined) return undefined;
    const range = instruction?.keyword === unknown.toUpperCase() ? instruction.keywordRange : undefined;
    const heredoc = dockerfile.instructions.some(({ heredocs }) => heredocs.length > 0);
    if (!range && heredoc) return { advice: 'This builder does not know heredocs: build with BuildKit' };
    const meant = nearest(unknown, keywords);
    if (meant !== undefined && range) {
      return {
        advice: `There is no instruction '${unknown.slice(0, 20)}': did you mean '${meant}'?`,
        fixes: [edit(`Change to '${meant}'`, range.start, meant, range.end)],
      };
    }
    const before = instruction && dockerfile.instructions[dockerfile.instructions.indexOf(instruction) - 1];
    if (before?.keyword !== 'RUN' || before.heredocs.length > 0) return undefined;
    const { escape } = dockerfile.tree;
    return {
      advice: `'${unknown.slice(0, 20)}' is no instruction: to go on with the RUN above, end its line with '${escape}'`,
    };
  },
};
