import type { Cause } from '../cause.ts';
import { edit } from '../cause.ts';
import { commandsOf, subcommandOf, type ShellCommand } from '../shell.ts';

const complaint = /^E: (?:Unable to locate package (\S+)|Package '([^']+)' has no installation candidate)$/m;
const outdated = /^E: (?:Unable to fetch some archives|Failed to fetch .* 404)/m;

/** Images come without apt's package lists, and a cached layer with old ones. */
export const aptPackageLists: Cause = {
  id: 'apt-package-lists',
  adviceOn: ({ said, instruction, dockerfile }) => {
    const [, unknown, withoutCandidate] = complaint.exec(said) ?? [];
    const name = unknown ?? withoutCandidate;
    const isOutdated = outdated.test(said);
    if (name === undefined && !isOutdated) return undefined;
    const commands = instruction ? commandsOf(instruction, dockerfile).filter(isApt) : [];
    const install = commands.find((command) => subcommandOf(command) === 'install');
    const isUpdated = commands.some((command) => subcommandOf(command) === 'update');
    if (isUpdated || !install) {
      if (name === undefined) return undefined;
      return { advice: `No package '${short(name)}' in this release: check its name, or add its source first` };
    }
    const [program] = install.words;
    const update = program?.value === 'sudo' ? 'sudo apt-get update' : 'apt-get update';
    return {
      advice: isOutdated
        ? "The package lists are out of date: run 'apt-get update' in the same RUN"
        : "The image has no package lists: run 'apt-get update' in the same RUN",
      fixes: [edit("Add 'apt-get update' before it", install.range.start, `${update} && `)],
    };
  },
};

function isApt({ words }: ShellCommand): boolean {
  return words.slice(0, 2).some(({ value }) => /^(?:\/usr\/bin\/)?apt(?:-get|itude)?$/.test(value));
}

function short(name: string): string {
  return name.length > 25 ? `${name.slice(0, 24)}…` : name;
}
