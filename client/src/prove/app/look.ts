import { readFile } from 'node:fs/promises';
import { readSockets, socketTables, type Socket } from '../../tools/container/sockets.ts';
import type { App } from './app.ts';

/** How to read files under `/proc` in the app's container, and how that is told to the user. */
export interface Sight {
  readonly how: string;
  readonly read: (paths: readonly string[]) => Promise<string | undefined>;
}

/** The ways that need nothing that is not there already, cheapest first. */
export const waysToLook: readonly ((app: App) => readonly Sight[])[] = [throughTheHost, throughTheImage];

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
function throughTheHost({ state }: App): readonly Sight[] {
  if (process.platform !== 'linux' || state === undefined || state.pid <= 0) return [];
  const ofHost = (path: string): string =>
    path.replace(/^\/proc\/(net\/|1\/)/, (_, what: string) => {
      return what === 'net/' ? `/proc/${state.pid}/net/` : `/proc/${state.pid}/`;
    });
  const read = async (paths: readonly string[]): Promise<string | undefined> => {
    // In a virtual machine the same number is another process: the container's id tells them apart.
    const isOurs = async (): Promise<boolean> => (await textOf(`/proc/${state.pid}/cgroup`)).includes(state.id);
    if (!(await isOurs())) return undefined;
    const texts = await Promise.all(paths.map((path) => textOf(ofHost(path))));
    return (await isOurs()) ? texts.join('') : undefined;
  };
  return [{ how: 'read from the machine that runs it', read }];
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

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return '';
  }
}
