import { edit, type Cause } from '../cause.ts';

/** `['npm', 'ci']` is no JSON, so a shell gets it, brackets and all. */
export const singleQuotes: Cause = {
  id: 'single-quotes',
  adviceOn: ({ said, instruction, dockerfile }) => {
    if (
      instruction?.keyword !== 'RUN' ||
      instruction.json ||
      !/: \[[^:]*,?: (?:not found|command not found)$/m.test(said)
    )
      return undefined;
    const { start, end } = instruction.argumentsRange;
    const written = dockerfile.text.slice(start, end);
    if (!/^\[\s*'[^'"\\]*'(?:\s*,\s*'[^'"\\]*')*\s*\]$/.test(written)) return undefined;
    return {
      advice: 'A JSON array has double quotes: with single ones a shell reads it',
      fixes: [edit('Use double quotes', start, written.replaceAll("'", '"'), end)],
    };
  },
};
