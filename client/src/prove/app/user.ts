import type { Process } from '../../tools/container/processes.ts';
import { isFromTheHost, statusOf, type Sight } from './look.ts';
import type { App } from './app.ts';

/** Who the processes of an app are, in the container's own numbers. */
export interface SeenUser {
  /** Of the first process; the effective one. */
  readonly uid: number;
  /** Those of the others that run as root though the first does not. */
  readonly rootProcesses: readonly Process[];
}

/** `undefined` when it cannot be told. */
export async function userOf(
  app: App,
  first: Process,
  processes: readonly Process[],
  sight: Sight | undefined,
): Promise<SeenUser | undefined> {
  const toInside = await mapping(app, sight);
  const uidOf = ({ user }: Process): number | undefined => {
    // Podman gives the container's own names.
    if (app.context.tool.kind === 'podman')
      return user === 'root' ? 0 : /^\d+$/.test(user) ? Number(user) : unknownUser;
    return /^\d+$/.test(user) ? toInside?.(Number(user)) : undefined;
  };
  const uid = uidOf(first);
  if (uid === undefined) return undefined;
  return { uid, rootProcesses: uid === 0 ? [] : processes.filter((process) => uidOf(process) === 0) };
}

/** Some user with a name that is not root. */
const unknownUser = -1;

/** From the numbers of the engine's machine to those of the container, which differ where users are mapped. */
async function mapping(app: App, sight: Sight | undefined): Promise<((uid: number) => number | undefined) | undefined> {
  if (!(await app.context.once(mapsUsers))) return (uid) => uid;
  const map = (await sight?.read(['/proc/1/uid_map']))?.trim().split('\n');
  if (map === undefined || sight === undefined) return undefined;
  const rows = map.map((row) => row.trim().split(/\s+/).map(Number));
  if (!isFromTheHost(sight)) {
    // From inside the map tells nothing of outside, but the status of the first process is in the container's numbers.
    const effective = Number(/^Uid:\s+\d+\s+(\d+)/m.exec((await statusOf(sight)) ?? '')?.[1]);
    return Number.isInteger(effective) ? () => effective : undefined;
  }
  return (uid) => {
    const row = rows.find(([, outside = 0, length = 0]) => uid >= outside && uid < outside + length);
    return row && (row[0] ?? 0) + uid - (row[1] ?? 0);
  };
}

async function mapsUsers({ run, tool }: App['context']): Promise<boolean> {
  if (tool.kind === 'podman') return false;
  const { stdout } = await run({ program: tool.program, args: ['info', '--format', '{{json .SecurityOptions}}'] });
  return /name=(userns|rootless)/.test(stdout);
}
