import { factsOf } from '../knowledge/images.ts';
import type { Instruction } from '../syntax/dockerfile/tree.ts';
import { operands } from '../syntax/shell/command.ts';
import type { Dockerfile, Stage } from './dockerfile.ts';
import { copiedText, startCommand, startWords } from './start-files.ts';

const switchers = ['gosu', 'su-exec', 'setpriv', 'setuidgid', 's6-setuidgid', 'runuser', 'chpst'];
const switchingEntrypoints = ['s6-svscan', 'supervisord', 'sshd', '/init', 'systemd', '/sbin/init'];

const scriptName = /\.(?:sh|bash)$|entrypoint|^\/?(?:usr\/local\/bin\/)?(?:start|run|init|boot)[\w-]*$/;

/** `root`, `0`, each with or without a group. */
export function isRootUser(user: string): boolean {
  const [name] = user.replace(/^["']|["']$/g, '').split(':');
  return name === 'root' || name === '0';
}

/**
 * True when the image is meant to start as root and its start-up changes to another user: by a program made for it, or because the base image's own
 * entrypoint does.
 */
export function changesUserAtStart(dockerfile: Dockerfile): boolean {
  const { finalStage, text } = dockerfile;
  if (!finalStage) return false;
  const start = finalStage.effective('ENTRYPOINT') ?? startCommand(finalStage);
  const startText = start ? text.slice(start.range.start, start.range.end) : '';
  if (switchingEntrypoints.some((program) => startText.includes(program))) return true;
  const steps = finalStage.lineage.flatMap(({ instructions }) => instructions.slice(1));
  const written = steps.map(({ range }) => text.slice(range.start, range.end)).join('\n');
  if (switchers.some((program) => mentions(written, program)) || runsSu(dockerfile, start)) return true;
  if (startsSwitchingScript(dockerfile, finalStage)) return true;
  const root = finalStage.lineage.at(-1);
  const facts = root?.isResolved ? factsOf(root.image) : undefined;
  const entrypoint = finalStage.effective('ENTRYPOINT');
  // The base image's own script is often named again, to go with another CMD.
  const keepsEntrypoint = !entrypoint || /docker-entrypoint\.sh/.test(startText);
  return facts?.dropsRoot === true && keepsEntrypoint;
}

/** `su app -c '...'`, `runuser`: as the program that is started. */
function runsSu(dockerfile: Dockerfile, start: Instruction | undefined): boolean {
  return start !== undefined && dockerfile.script(start).commands.some(({ program }) => program === 'su');
}

/** A script from beside the Dockerfile that starts the program as another user. */
function startsSwitchingScript(dockerfile: Dockerfile, stage: Stage): boolean {
  return startWords(dockerfile, stage).some((word) => {
    if (!scriptName.test(word)) return false;
    const script = copiedText(dockerfile, stage, word) ?? '';
    return switchers.some((program) => mentions(script, program)) || /^\s*(?:exec\s+)?su\s/m.test(script);
  });
}

/** The user that the Dockerfile creates, or once runs as: the last one that is not root. */
export function createdUser(dockerfile: Dockerfile, stage: Stage): string | undefined {
  const steps = stage.lineage.toReversed().flatMap(({ instructions }) => instructions);
  return steps.flatMap((step) => usersIn(dockerfile, step)).findLast((user) => !isRootUser(user) && user !== '');
}

function usersIn(dockerfile: Dockerfile, instruction: Instruction): readonly string[] {
  if (instruction.keyword === 'USER') {
    const [word] = instruction.words;
    const name = word && dockerfile.expand(word.text, instruction);
    return word && !isRootUser(name ?? word.value) ? [word.value] : [];
  }
  if (instruction.keyword !== 'RUN') return [];
  return dockerfile.script(instruction, ['useradd', 'adduser']).commands.flatMap((command) => {
    if (command.program !== 'useradd' && command.program !== 'adduser') return [];
    const names = operands(command, command.program === 'useradd' ? useraddFlags : adduserFlags);
    // `adduser app group` adds a user to a group; both name the user first.
    const [name] = names.filter(({ value }) => /^[a-z_][\w-]*$/i.test(value));
    return name ? [name.value] : [];
  });
}

const useraddFlags = [
  'b',
  'c',
  'd',
  'e',
  'f',
  'g',
  'G',
  'k',
  'K',
  'p',
  's',
  'u',
  'base-dir',
  'comment',
  'home-dir',
  'home',
  'gid',
  'groups',
  'shell',
  'uid',
  'password',
];
const adduserFlags = [
  'h',
  'g',
  'G',
  's',
  'u',
  'k',
  'home',
  'shell',
  'uid',
  'gid',
  'gecos',
  'ingroup',
  'firstuid',
  'lastuid',
  'conf',
];

function mentions(text: string, program: string): boolean {
  const at = text.indexOf(program);
  return at >= 0 && !/[\w-]/.test(text[at - 1] ?? ' ') && !/[\w]/.test(text[at + program.length] ?? ' ');
}
