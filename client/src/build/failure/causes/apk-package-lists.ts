import { edit, type Cause } from '../cause.ts';
import { commandsOf, subcommandOf } from '../shell.ts';

const complaint = /^ {2}(\S+) \((?:no such package|missing)\):/m;

/** Alpine's images come without apk's index. */
export const apkPackageLists: Cause = {
  id: 'apk-package-lists',
  adviceOn: ({ said, instruction, dockerfile }) => {
    const [, name] = complaint.exec(said) ?? [];
    if (name === undefined || !/unable to select packages|unsatisfiable constraints/.test(said)) return undefined;
    const commands = (instruction ? commandsOf(instruction, dockerfile) : []).filter(({ words }) =>
      words.slice(0, 2).some(({ value }) => value === 'apk'),
    );
    const add = commands.find((command) => subcommandOf(command) === 'add');
    const isFetched = commands.some(
      (command) =>
        subcommandOf(command) === 'update' ||
        command.words.some(({ value }) => /^(?:--no-cache|--update(?:-cache)?|-U|-[a-z]*U[a-z]*)$/.test(value)),
    );
    const action = add?.words.find(({ value }) => value === 'add');
    if (isFetched || !action) {
      const shown = name.length > 25 ? `${name.slice(0, 24)}…` : name;
      return { advice: `No package '${shown}' in this release of Alpine: check its name, or add its repository` };
    }
    return {
      advice: "The image has no package index: add '--no-cache', which fetches it",
      fixes: [edit("Add '--no-cache'", action.range.end, ' --no-cache')],
    };
  },
};
