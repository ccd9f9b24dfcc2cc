import type { Instruction } from '../../../../../server/src/syntax/dockerfile/tree.ts';
import { edit, type Cause, type Failed, type FailureFix } from '../cause.ts';
import { hidingLine } from '../dockerignore.ts';
import { sourcesOf } from '../sources.ts';

interface Manager {
  readonly name: string;
  readonly missing: RegExp;
  readonly outdated: RegExp;
  readonly files: readonly string[];
  readonly update: string;
}

const managers: readonly Manager[] = [
  {
    name: 'npm ci',
    missing: /can only install with an existing package-lock\.json/,
    outdated: /can only install packages when your package\.json and package-lock\.json/,
    files: ['package-lock.json', 'npm-shrinkwrap.json'],
    update: 'npm install',
  },
  {
    name: 'pnpm install',
    missing: /ERR_PNPM_NO_LOCKFILE/,
    outdated: /ERR_PNPM_OUTDATED_LOCKFILE/,
    files: ['pnpm-lock.yaml'],
    update: 'pnpm install',
  },
  {
    name: 'yarn install',
    missing: /YN0028: .*(?:lockfile would have been created)/,
    outdated: /Your lockfile needs to be updated|YN0028: .*lockfile would have been modified/,
    files: ['yarn.lock'],
    update: 'yarn install',
  },
];

/** A clean install wants the lock file, and one that fits. */
export const lockfile: Cause = {
  id: 'lockfile',
  adviceOn: (failed) => {
    for (const { name, missing, outdated, files, update } of managers) {
      if (outdated.test(failed.said))
        return { advice: `Lock file and 'package.json' differ: run '${update}' and commit the lock file` };
      if (!missing.test(failed.said)) continue;
      const [usual = ''] = files;
      const fix = copyToo(failed, files);
      const line = failed.around.ignore && hidingLine(failed.around.ignore.text, usual);
      if (line && failed.around.list('')?.includes(usual) === true) {
        const { path, text } = failed.around.ignore;
        return {
          advice: `'${name}' needs '${usual}', which line ${line.number} of '.dockerignore' hides`,
          fixes: [{ kind: 'append', title: `Add the exception '!${usual}'`, path, line: `!${usual}` }],
          related: [{ path, text, range: line.range, message: `'${line.text}' hides it` }],
        };
      }
      return {
        advice: `'${name}' needs '${usual}' in the image: copy it before, with 'package.json'`,
        ...(fix && { fixes: [fix] }),
      };
    }
    return undefined;
  },
};

/** The lock file beside the `package.json` that is copied. */
function copyToo({ instruction, stage, dockerfile, around }: Failed, files: readonly string[]): FailureFix | undefined {
  const copies = (stage?.instructions ?? []).filter(
    (other): other is Instruction =>
      other.keyword === 'COPY' && !other.json && other.range.start < (instruction?.range.start ?? 0),
  );
  for (const copy of copies) {
    const sources = sourcesOf(copy, dockerfile);
    const manifest = sources.find(({ path, from }) => from === undefined && /(?:^|\/)package\.json$/.test(path));
    if (!manifest || !/[/.]$/.test(copy.words.at(-1)?.value ?? '')) continue;
    const folder = manifest.path.slice(0, Math.max(0, manifest.path.lastIndexOf('/')));
    const there = around.list(folder) ?? [];
    const name = files.find((file) => there.includes(file));
    if (name === undefined) return undefined;
    const path = manifest.value.replace(/package\.json$/, name);
    return edit(`Copy '${name}', too`, manifest.range.end, ` ${path}`);
  }
  return undefined;
}
