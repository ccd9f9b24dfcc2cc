import type { Cause } from '../cause.ts';

/** A heredoc without its last line. */
export const heredoc: Cause = {
  id: 'heredoc',
  adviceOn: ({ failure, dockerfile }) => {
    if (!/unterminated heredoc/.test(failure.message)) return undefined;
    const [open] = dockerfile.instructions.flatMap(({ heredocs }) => heredocs.filter(({ terminator }) => !terminator));
    if (!open) return undefined;
    const name = open.name.slice(0, 20);
    const body = dockerfile.text.slice(open.body.start, open.body.end);
    const almost = body.split('\n').some((line) => line.trim() === open.name);
    return {
      advice: almost
        ? `The line '${name}' does not end the heredoc: take away the white space around it`
        : `The heredoc has no end: add a line with '${name}' alone`,
    };
  },
};
