import { isRootUser } from '../../../../../server/src/model/user.ts';
import type { Instruction } from '../../../../../server/src/syntax/dockerfile/tree.ts';
import { edit, type Advice, type Cause, type Failed } from '../cause.ts';
import { programNotRun } from '../failing-command.ts';
import { cleanPath } from '../messages.ts';
import { sourcesOf } from '../sources.ts';

const complaint = /permission denied|EACCES|Operation not permitted|are you root\?|Unable to lock database/i;

/** After USER the files that COPY brought still are root's, as is most of the image; and a script may not be executable. */
export const permissionDenied: Cause = {
  id: 'permission-denied',
  adviceOn: (failed) => {
    const { said, instruction, stage, dockerfile, failure } = failed;
    if (instruction?.keyword !== 'RUN' || !stage || !complaint.test(said)) return undefined;
    const script = notExecutable(failed);
    if (script) return script;
    const user = userBefore(instruction, failed);
    const name = user?.words[0]?.value;
    if (!user || name === undefined || isRootUser(dockerfile.expand(name, user) ?? name)) return undefined;
    const related = [{ range: user.range, message: `From here on '${name}' runs what follows` }];
    if (/apt-get|apk|dpkg|yum|dnf|microdnf|\/var\/lib\/(?:apt|dpkg)|are you root|lock database/i.test(said))
      return { advice: 'Only root may install packages: move this RUN before USER', related };
    const copies = stage.instructions.filter(
      (other) =>
        (other.keyword === 'COPY' || other.keyword === 'ADD') &&
        other.range.start < instruction.range.start &&
        !other.flags.some((flag) => flag.name === 'chown'),
    );
    const near = copies.filter((copy) => mentionsTarget(said, copy, failed));
    const [copy] = near.length === 1 ? near : [];
    if (copy && failure.exitCode !== undefined && /^[\w.:-]+$/.test(name)) {
      return {
        advice: `What COPY brings belongs to root: give it to '${name.slice(0, 20)}' with '--chown'`,
        fixes: [edit(`Add '--chown=${name}' to the ${copy.keyword}`, copy.keywordRange.end, ` --chown=${name}`)],
        related: [...related, { range: copy.range, message: 'This brought it, as root' }],
      };
    }
    return { advice: "This runs as another user than root: move it before USER, or copy with '--chown'", related };
  },
};

/** A script that was copied without its executable bit. */
function notExecutable(failed: Failed): Advice | undefined {
  const { said, stage, instruction, dockerfile } = failed;
  const found = programNotRun(said.split('\n'));
  if (found?.reason !== 'denied' || !found.program.includes('/') || !stage || !instruction) return undefined;
  const file = found.program.slice(found.program.lastIndexOf('/') + 1);
  const copies = stage.instructions.filter(
    (other) =>
      (other.keyword === 'COPY' || other.keyword === 'ADD') &&
      other.range.start < instruction.range.start &&
      !other.flags.some(({ name }) => name === 'chmod') &&
      sourcesOf(other, dockerfile).length === 1 &&
      (sourcesOf(other, dockerfile)[0]?.path.split('/').at(-1) === file || destination(other) === file),
  );
  const [copy] = copies.length === 1 ? copies : [];
  return {
    advice: `'${file.slice(-30)}' is not executable: use '--chmod=755' on its COPY, or 'chmod +x' before`,
    ...(copy && {
      fixes: [edit(`Add '--chmod=755' to the ${copy.keyword}`, copy.keywordRange.end, ' --chmod=755')],
      related: [{ range: copy.range, message: 'This brought it' }],
    }),
  };
}

/** The USER in force at an instruction, in its stage or those it is based on. */
export function userBefore(instruction: Instruction, { stage }: Failed): Instruction | undefined {
  const own = stage?.instructions.findLast(
    ({ keyword, range }) => keyword === 'USER' && range.start < instruction.range.start,
  );
  return own ?? stage?.parent?.effective('USER');
}

/** Whether the path that was refused lies where a COPY wrote. */
function mentionsTarget(said: string, copy: Instruction, { dockerfile, instruction }: Failed): boolean {
  const to = destination(copy, true);
  if (to === undefined || !instruction) return false;
  const folder = cleanPath(dockerfile.expand(to, copy) ?? to);
  const base = dockerfile.stageOf(copy)?.effective('WORKDIR')?.words[0]?.value;
  const full = to.startsWith('/') || base === undefined ? folder : cleanPath(`${base}/${folder}`);
  return full !== '' && said.split('\n').some((line) => complaint.test(line) && line.includes(`/${full}`));
}

function destination({ json, words }: Instruction, whole = false): string | undefined {
  const last = (json ?? words).at(-1)?.value;
  return whole ? last : last?.slice(last.lastIndexOf('/') + 1);
}
