import type { Cause } from '../cause.ts';
import { sourcesOf } from '../sources.ts';

const complaints: readonly RegExp[] = [
  /Could not open requirements file: .*'([^']+)'/,
  /ENOENT: no such file or directory, open '(?:[^']*\/)?(package\.json)'/,
  /(go\.mod) file not found in current directory/,
  /could not find `(Cargo\.toml)`/,
  /Could not locate (Gemfile)/,
  /could not find a (composer\.json) file|Composer could not find a (composer\.json) file/,
];

/** A package manager looks for its file before any COPY has brought it, or in another folder. */
export const notCopiedYet: Cause = {
  id: 'not-copied-yet',
  adviceOn: ({ said, instruction, stage, dockerfile }) => {
    if (instruction?.keyword !== 'RUN' || !stage) return undefined;
    for (const complaint of complaints) {
      const match = complaint.exec(said);
      const file = match?.[1] ?? match?.[2];
      if (file === undefined) continue;
      const name = file.slice(file.lastIndexOf('/') + 1).slice(-30);
      const copies = stage.instructions.filter(({ keyword }) => keyword === 'COPY' || keyword === 'ADD');
      const later = copies.find(
        (copy) =>
          copy.range.start > instruction.range.start &&
          sourcesOf(copy, dockerfile).some(
            ({ path, from }) => from === undefined && (path === '' || path.endsWith(name)),
          ),
      );
      if (later && !copies.some((copy) => copy.range.start < instruction.range.start)) {
        return {
          advice: `'${name}' is copied only after this: move the COPY up`,
          related: [{ range: later.range, message: 'This brings it' }],
        };
      }
      return { advice: `'${name}' is not where this looks for it: check WORKDIR and what is copied before` };
    }
    return undefined;
  },
};
