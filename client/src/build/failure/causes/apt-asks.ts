import { edit, type Cause } from '../cause.ts';
import { commandsOf, subcommandOf } from '../shell.ts';

/** Nobody is there to answer apt's question. */
export const aptAsks: Cause = {
  id: 'apt-asks',
  adviceOn: ({ said, instruction, dockerfile }) => {
    if (!/Do you want to continue\? \[Y\/n\]\s*Abort\./.test(said)) return undefined;
    const asking = (instruction ? commandsOf(instruction, dockerfile) : []).filter(({ words }) =>
      words.slice(0, 2).some(({ value }) => value === 'apt-get' || value === 'apt'),
    );
    const silent = ['update', 'clean', 'autoclean', 'config'];
    const unanswered = asking.filter((command) => {
      const action = subcommandOf(command);
      const says = command.words.some(({ value }) => /^(?:-[a-z]*y[a-z]*|--yes|--assume-yes)$/.test(value));
      return action !== undefined && !silent.includes(action) && !says;
    });
    const [first] = unanswered;
    const action = first?.words.find(({ value }) => value === subcommandOf(first));
    return {
      advice: "apt asks before it installs, and nobody answers: add '-y'",
      ...(unanswered.length === 1 && action && { fixes: [edit("Add '-y'", action.range.end, ' -y')] }),
    };
  },
};
