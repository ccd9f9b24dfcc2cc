import type { Command } from '../command.ts';
import type { ContainerTool } from './tool.ts';

/** A process in a container. */
export interface Process {
  /** As the engine's machine counts, not as the container does. */
  readonly pid: number;
  readonly parent: number;
  /** A number, or a name where the tool gives names. */
  readonly user: string;
  /** The first letter tells: `Z` for a zombie, `T` for stopped. */
  readonly state: string;
  /** The program's name, at most 15 characters. */
  readonly name: string;
  readonly command: string;
}

/** `ps` is run where the engine is, so the image needs none. */
export function listProcesses(tool: ContainerTool, name: string): Command {
  const args =
    tool.kind === 'podman'
      ? ['top', name, 'hpid', 'ppid', 'user', 'state', 'comm', 'args']
      : ['top', name, '-eo', 'pid,ppid,uid,stat,comm,args'];
  return { program: tool.program, args };
}

/** A table with a line of titles. The last column may have blanks in it; a name may, too, and is then told by the command. */
export function readProcesses(table: string): readonly Process[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, pid, parent, user, state, rest] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
      if (pid === undefined || parent === undefined || user === undefined || state === undefined) return [];
      // Docker divides the columns by two blanks at least, or by a tab.
      const [name = '', command = ''] = (rest ?? '').split(/\s{2,}|\t/, 2);
      const [word = ''] = name.split(' ');
      const whole = command === '' ? (rest ?? '').slice(word.length).trim() : (rest ?? '').slice(name.length).trim();
      return [
        { pid: Number(pid), parent: Number(parent), user, state, name: command === '' ? word : name, command: whole },
      ];
    });
}

/** A process as the kernel tells of it, in the numbers of whoever asked. */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
  readonly name: string;
}

/** Lines of `/proc/<pid>/stat`. A name may have blanks and brackets in it, so its end is the last bracket. */
export function readStats(text: string): readonly ProcessStat[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, name, state, parent] = /^(\d+) \((.*)\) (\S) (\d+) /s.exec(line) ?? [];
    return name === undefined || state === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), state, name }];
  });
}
