import { factsOf } from '../knowledge/images.ts';
import type { Dockerfile } from './dockerfile.ts';

const switchers = ['gosu', 'su-exec', 'setpriv', 'setuidgid', 's6-setuidgid', 'runuser', 'chpst'];
const switchingEntrypoints = ['s6-svscan', 'supervisord', 'sshd', '/init', 'systemd', '/sbin/init'];

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
  const start = finalStage.effective('ENTRYPOINT') ?? finalStage.effective('CMD');
  const startText = start ? text.slice(start.range.start, start.range.end) : '';
  if (switchingEntrypoints.some((program) => startText.includes(program))) return true;
  const body = finalStage.lineage.map(({ range }) => text.slice(range.start, range.end)).join('\n');
  if (switchers.some((program) => mentions(body, program))) return true;
  const root = finalStage.lineage.at(-1);
  const facts = root?.isResolved ? factsOf(root.image) : undefined;
  return facts?.dropsRoot === true && finalStage.effective('ENTRYPOINT') === undefined;
}

function mentions(text: string, program: string): boolean {
  const at = text.indexOf(program);
  return at >= 0 && !/[\w-]/.test(text[at - 1] ?? ' ') && !/[\w]/.test(text[at + program.length] ?? ' ');
}
