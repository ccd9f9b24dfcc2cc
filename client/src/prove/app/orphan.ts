import { readStats, type ProcessStat } from '../../tools/container/processes.ts';
import { until, type App } from './app.ts';
import { childrenOnHost } from './look.ts';
import { isMissing } from './ready.ts';

/** What became of a child whose parent ended before it: the first process has to reap it. */
export type Orphan = { readonly kind: 'reaped' | 'left'; readonly by: string } | { readonly kind: 'not-tried' };

interface Way {
  readonly by: string;
  /** Starts a child and ends before it; the child then ends, too. */
  readonly orphan: readonly string[];
  /** Prints what the kernel tells of each process. */
  readonly list: readonly string[];
}

// For one that reaps now and then only.
const patience = 2;
// In which a child that only has to end has ended.
const toEnd = 0.3;

/** Leaves an orphan in the container with whatever the image has for it, and looks whether it stays as a zombie. */
export async function orphanIn(app: App): Promise<Orphan> {
  for (const way of ways) {
    const before = (await zombies(app, way))?.map(({ pid }) => pid);
    if (before === undefined) continue;
    const answer = await app.exec(way.orphan, { timeout: 5 });
    if (answer === undefined || isMissing(answer) || answer.code !== 0) continue;
    const begun = app.age();
    const isReaped = await until(app.context, patience, async () => {
      const left = await zombies(app, way);
      return left?.every(({ pid }) => before.includes(pid)) === true && app.age() - begun > toEnd ? true : undefined;
    });
    return { kind: isReaped === true ? 'reaped' : 'left', by: way.by };
  }
  return { kind: 'not-tried' };
}

/** The dead children of the first process, in whichever numbers. */
async function zombies(app: App, way: Way): Promise<readonly ProcessStat[] | undefined> {
  const isZombie = ({ state }: ProcessStat): boolean => state === 'Z';
  const onHost = await childrenOnHost(app);
  if (onHost) return onHost.filter(isZombie);
  const answer = await app.exec(way.list, { timeout: 5 });
  const stats = readStats(answer?.stdout ?? '');
  if (!stats.some(({ pid }) => pid === 1)) return undefined;
  return stats.filter((stat) => isZombie(stat) && stat.parent === 1);
}

const listInShell = 'for f in /proc/[0-9]*/stat; do read -r l < "$f" && echo "$l"; done 2>/dev/null; :';
const inShell = (by: string, shell: string): Way => {
  return { by, orphan: [shell, '-c', '(: &)'], list: [shell, '-c', listInShell] };
};

const ways: readonly Way[] = [
  inShell('sh', '/bin/sh'),
  inShell('sh', '/busybox/sh'),
  inShell('bash', 'bash'),
  {
    by: 'python3',
    orphan: ['python3', '-c', 'import os\nif os.fork() == 0: os.fork(); os._exit(0)'],
    list: [
      'python3',
      '-c',
      'import glob\nfor f in glob.glob("/proc/[0-9]*/stat"):\n try: print(open(f).read().strip())\n except OSError: pass',
    ],
  },
  {
    by: 'perl',
    orphan: ['perl', '-e', 'fork or do { fork; exit }; wait'],
    list: ['perl', '-e', 'for (glob "/proc/[0-9]*/stat") { open F, $_ or next; print <F> }'],
  },
  ...['node', '/nodejs/bin/node'].map((node) => ({
    by: 'node',
    orphan: [node, '-e', `require('child_process').spawn(process.execPath,['-e','']).once('spawn',()=>process.exit())`],
    list: [
      node,
      '-e',
      `const f=require('fs');for(const p of f.readdirSync('/proc'))if(/^\\d+$/.test(p))try{process.stdout.write(f.readFileSync('/proc/'+p+'/stat'))}catch{}`,
    ],
  })),
];
