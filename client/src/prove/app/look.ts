import { readdir, readFile } from 'node:fs/promises';
import { readStats, type ProcessStat } from '../../tools/container/processes.ts';
import { readSockets, socketTables, type Socket } from '../../tools/container/sockets.ts';
import type { App } from './app.ts';

/** How to read files under `/proc` in the app's container, and how that is told to the user. */
export interface Sight {
  readonly how: string;
  readonly read: (paths: readonly string[]) => Promise<string | undefined>;
}

/** The ways that need nothing that is not there already, cheapest first. */
export const waysToLook: readonly ((app: App) => readonly Sight[])[] = [
  throughTheHost,
  throughTheImage,
  throughAHelper(['busybox', 'alpine', 'debian', 'ubuntu']),
];

/** The first way that works; `undefined` when the image has nothing that can read and its processes are elsewhere. */
export async function sightOf(app: App, ways = waysToLook): Promise<Sight | undefined> {
  for (const sight of ways.flatMap((way) => way(app))) {
    if (app.ending()) return undefined;
    const seen = await sight.read(socketTables);
    if (seen !== undefined && readSockets(seen) !== undefined) return sight;
  }
  return undefined;
}

export async function socketsOf(sight: Sight): Promise<readonly Socket[] | undefined> {
  return readSockets((await sight.read(socketTables)) ?? '');
}

/** What a process may do about signals, and who it is: `/proc/<pid>/status`. */
export function statusOf(sight: Sight): Promise<string | undefined> {
  return sight.read(['/proc/1/status']);
}

/** With the engine on this very machine, its processes are ours to look at, though not always to touch. */
function throughTheHost(app: App): readonly Sight[] {
  const pid = app.state?.pid ?? 0;
  const read = async (paths: readonly string[]): Promise<string | undefined> => {
    if (!(await isOnThisMachine(app))) return undefined;
    const own = paths.map((path) => path.replace(/^\/proc\/(1\/|(?=net\/))/, `/proc/${pid}/`));
    const texts = await Promise.all(own.map(textOf));
    return (await isOnThisMachine(app)) ? texts.join('') : undefined;
  };
  return [{ how: fromTheHost, read }];
}

const fromTheHost = 'read from the machine that runs it';

export function isFromTheHost({ how }: Sight): boolean {
  return how === fromTheHost;
}

/** In a virtual machine the same number is another process: the container's id tells them apart. */
async function isOnThisMachine({ state }: App): Promise<boolean> {
  if (process.platform !== 'linux' || state === undefined || state.pid <= 0) return false;
  return (await textOf(`/proc/${state.pid}/cgroup`)).includes(state.id);
}

/** The children of the first process, zombies with them, which the engine's own list leaves out; `undefined` from elsewhere. */
export async function childrenOnHost(app: App): Promise<readonly ProcessStat[] | undefined> {
  if (!(await isOnThisMachine(app))) return undefined;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = readStats((await Promise.all(pids.map((pid) => textOf(`/proc/${pid}/stat`)))).join(''));
  return stats.filter(({ parent }) => parent === app.state?.pid);
}

/** With what the image has itself: nearly all have one of these. */
function throughTheImage(app: App): readonly Sight[] {
  const inNode = `for(const f of process.argv.slice(1))try{process.stdout.write(require('fs').readFileSync(f))}catch{}`;
  const inPython = `import sys\nfor f in sys.argv[1:]:\n try: sys.stdout.write(open(f).read())\n except OSError: pass`;
  const inShell = 'for f in "$@"; do while read -r l; do echo "$l"; done < "$f"; done 2>/dev/null';
  const [program = ''] = [...app.context.facts.config.entrypoint, ...app.context.facts.config.command];
  const named = (pattern: RegExp): readonly string[] => (pattern.test(program) ? [program] : []);
  const readers: readonly (readonly string[])[] = [
    ['cat'],
    ['/bin/sh', '-c', inShell, 'sh'],
    ['/busybox/cat'],
    ...[...named(/(^|\/)node(js)?$/), 'node', '/nodejs/bin/node'].map((node) => [node, '-e', inNode, '--']),
    ...[...named(/(^|\/)python[\d.]*$/), 'python3'].map((python) => [python, '-c', inPython]),
    ['perl', '-pe', ''],
    ['php', '-r', 'foreach(array_slice($argv,1) as $f) echo @file_get_contents($f);', '--'],
    ['ruby', '-e', 'ARGV.each{|f| print File.read(f) rescue nil}', '--'],
  ];
  return readers.map((reader) => ({
    how: `read by '${(reader[0] ?? '').replace(/^.*\//, '')}' in the container`,
    async read(paths) {
      const answer = await app.exec([...reader, ...paths], { timeout: 10 });
      // Without IPv6 two of the files are missing, and `cat` says so after the others.
      return answer === undefined || answer.stdout === '' ? undefined : answer.stdout;
    },
  }));
}

/** With what another image has that is here already: for those of one program only, when their engine is elsewhere. */
export function throughAHelper(images: readonly string[]): (app: App) => readonly Sight[] {
  return ({ context, name }) =>
    images.map((image) => ({
      how: `read by the local image '${image}' beside it`,
      read: (paths) => context.containers.help({ beside: name, image, command: ['cat', ...paths] }),
    }));
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return '';
  }
}
