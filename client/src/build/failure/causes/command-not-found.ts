import type { Dockerfile, Stage } from '../../../../../server/src/model/dockerfile.ts';
import { isRootUser } from '../../../../../server/src/model/user.ts';
import type { Instruction } from '../../../../../server/src/syntax/dockerfile/tree.ts';
import { indentationAt, newlineOf } from '../../../../../server/src/text/lines.ts';
import { edit, type Cause, type Failed, type FailureFix } from '../cause.ts';
import { programNotRun } from '../failing-command.ts';
import { userBefore } from './permission-denied.ts';

// Which package brings a program, where it is not the one of the same name.
const apkPackages: Readonly<Record<string, string>> = {
  'g++': 'g++',
  gcc: 'build-base',
  make: 'make',
  pip: 'py3-pip',
  pip3: 'py3-pip',
  python: 'python3',
  ssh: 'openssh-client',
  node: 'nodejs',
  'update-ca-certificates': 'ca-certificates',
  usermod: 'shadow',
  useradd: 'shadow',
  groupadd: 'shadow',
};
const aptPackages: Readonly<Record<string, string>> = {
  gcc: 'build-essential',
  'g++': 'build-essential',
  pip: 'python3-pip',
  pip3: 'python3-pip',
  python: 'python3',
  ssh: 'openssh-client',
  ps: 'procps',
  node: 'nodejs',
  ping: 'iputils-ping',
  gpg: 'gnupg',
  'update-ca-certificates': 'ca-certificates',
};
const samePackage = new Set('bash curl git jq make npm python3 rsync sudo unzip wget xz zip'.split(' '));
const aptPrograms = new Set(['apt-get', 'apt', 'dpkg', 'adduser', 'useradd']);

/** 127: there is no such program in the image, or not at this path. */
export const commandNotFound: Cause = {
  id: 'command-not-found',
  adviceOn: (failed) => {
    const { said, instruction, stage, dockerfile } = failed;
    const found = programNotRun(said.split('\n'));
    if (found?.reason !== 'missing' || instruction?.keyword !== 'RUN') return undefined;
    const { program } = found;
    const shown = program.length > 25 ? `…${program.slice(-24)}` : program;
    const shell = dockerfile.shellOf(instruction);
    if (shell.instruction && shell.words[0] === program && !instruction.json) {
      return {
        advice: `The shell '${shown}' is not in the image: install it before the SHELL instruction`,
        related: [{ range: shell.instruction.range, message: 'This asks for the shell' }],
      };
    }
    // A script is there, most of the time: what its first line asks for is not.
    if (program.includes('/'))
      return { advice: `'${shown}', or the interpreter in its first line, is not there: check path and line ends` };
    const system = stage && systemOf(stage);
    if (system === 'alpine' && aptPrograms.has(program) && program.startsWith('apt'))
      return { advice: `Alpine has no '${shown}': install packages with 'apk add --no-cache'` };
    if (system === 'debian' && program === 'apk')
      return { advice: "Debian and Ubuntu have no 'apk': install packages with 'apt-get'" };
    const name = system && packageFor(program, system);
    if (name === undefined)
      return { advice: `'${shown}' is not in the image at this point: install it first, or check its name` };
    const fix = installBefore(instruction, name, system, failed);
    const alternative = program === 'bash' ? ", or use 'sh'" : '';
    return {
      advice: `'${shown}' is not in the image: install '${name}' before${alternative}`,
      ...(fix && { fixes: [fix] }),
    };
  },
};

type System = 'alpine' | 'debian';

/** What the stage's image is a kind of, as its name or tag tells. */
function systemOf(stage: Stage): System | undefined {
  const { image, isResolved } = stage.lineage.at(-1) ?? stage;
  if (!isResolved) return undefined;
  const name = image.name.slice(image.name.lastIndexOf('/') + 1);
  const tag = image.tag ?? '';
  if (name === 'alpine' || /(?:^|-)alpine/.test(tag)) return 'alpine';
  if (
    name === 'debian' ||
    name === 'ubuntu' ||
    /(?:^|-)(?:bookworm|bullseye|trixie|buster|noble|jammy|focal)/.test(tag)
  )
    return 'debian';
  return undefined;
}

function packageFor(program: string, system: System | undefined): string | undefined {
  const table = system === 'alpine' ? apkPackages : aptPackages;
  if (Object.hasOwn(table, program)) return table[program];
  return samePackage.has(program) ? program : undefined;
}

function installBefore(
  instruction: Instruction,
  name: string,
  system: System | undefined,
  failed: Failed,
): FailureFix | undefined {
  const user = userBefore(instruction, failed)?.words[0]?.value;
  if (user !== undefined && !isRootUser(user)) return undefined;
  const { text }: Dockerfile = failed.dockerfile;
  const command =
    system === 'alpine'
      ? `RUN apk add --no-cache ${name}`
      : `RUN apt-get update && apt-get install -y --no-install-recommends ${name} && rm -rf /var/lib/apt/lists/*`;
  const { start } = instruction.range;
  return edit(`Install '${name}' before it`, start, `${command}${newlineOf(text)}${indentationAt(text, start)}`);
}
