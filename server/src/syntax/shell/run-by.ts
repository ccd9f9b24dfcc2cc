import type { Command, ShellWord } from './script.ts';

/** What a command runs: its own words from one on up to another, or a string that a shell reads. */
export type Inner =
  | { readonly kind: 'words'; readonly from: number; readonly to: number; readonly takesAssignments: boolean }
  | { readonly kind: 'string'; readonly word: ShellWord };

/** How a program that runs another is written. */
interface Wrapper {
  /** Flags whose value is the next word; one letter stands for `-x`, more for `--name`. */
  readonly valueFlags?: readonly string[];
  /** Flags after which no command is run. */
  readonly notWith?: readonly string[];
  /** Flags whose value is read by a shell. */
  readonly scriptFlags?: readonly string[];
  /** How many operands come before the command; or the operand that must be there, as in `poetry run`. */
  readonly operands?: number;
  readonly subcommand?: readonly string[];
  readonly assignments?: boolean;
}

const wrappers: Readonly<Record<string, Wrapper>> = {
  sudo: {
    valueFlags: [
      'u',
      'g',
      'h',
      'p',
      'C',
      'r',
      't',
      'T',
      'U',
      'D',
      'R',
      'user',
      'group',
      'host',
      'prompt',
      'chdir',
      'chroot',
      'close-from',
      'role',
      'type',
    ],
    notWith: ['l', 'v', 'e', 'K', 'list', 'validate', 'edit'],
    assignments: true,
  },
  doas: { valueFlags: ['u', 'C', 'a'], assignments: true },
  env: { valueFlags: ['u', 'C', 'unset', 'chdir'], scriptFlags: ['S', 'split-string'], assignments: true },
  nice: { valueFlags: ['n', 'adjustment'] },
  ionice: { valueFlags: ['c', 'n', 'class', 'classdata'], notWith: ['p', 'pid'] },
  nohup: {},
  setsid: {},
  time: { valueFlags: ['f', 'o', 'format', 'output'] },
  timeout: { valueFlags: ['k', 's', 'kill-after', 'signal'], operands: 1 },
  xargs: {
    valueFlags: [
      'I',
      'n',
      'P',
      'L',
      'd',
      'a',
      'E',
      's',
      'max-args',
      'max-procs',
      'max-lines',
      'delimiter',
      'arg-file',
      'max-chars',
      'replace',
      'eof',
    ],
  },
  exec: { valueFlags: ['a'] },
  command: { notWith: ['v', 'V'] },
  builtin: {},
  eval: {},
  gosu: { operands: 1 },
  'su-exec': { operands: 1 },
  's6-setuidgid': { operands: 1 },
  tini: { valueFlags: ['p', 'e'] },
  'tini-static': { valueFlags: ['p', 'e'] },
  'dumb-init': { valueFlags: ['r', 'rewrite'] },
  catatonit: {},
  'with-contenv': {},
  stdbuf: { valueFlags: ['i', 'o', 'e', 'input', 'output', 'error'] },
  setpriv: {
    valueFlags: [
      'reuid',
      'euid',
      'ruid',
      'regid',
      'egid',
      'rgid',
      'groups',
      'inh-caps',
      'ambient-caps',
      'bounding-set',
      'securebits',
      'pdeathsig',
      'selinux-label',
      'apparmor-profile',
    ],
  },
  chroot: { valueFlags: ['userspec', 'groups'], operands: 1 },
  su: {
    valueFlags: ['s', 'g', 'G', 'w', 'shell', 'group', 'supp-group', 'whitelist-environment'],
    scriptFlags: ['c', 'command', 'session-command'],
    operands: Number.POSITIVE_INFINITY,
  },
  runuser: {
    valueFlags: ['u', 's', 'g', 'G', 'w', 'user', 'shell', 'group', 'supp-group'],
    scriptFlags: ['c', 'command', 'session-command'],
  },
  flock: {
    valueFlags: ['w', 'E', 'timeout', 'wait', 'conflict-exit-code'],
    scriptFlags: ['c', 'command'],
    operands: 1,
  },
  busybox: {},
  fakeroot: { valueFlags: ['l', 's', 'i', 'lib', 'faked'] },
  eatmydata: {},
  chronic: {},
  linux32: {},
  linux64: {},
  'xvfb-run': {
    valueFlags: ['e', 'f', 'n', 'p', 's', 'w', 'error-file', 'auth-file', 'server-num', 'server-args', 'wait'],
  },
  bundle: { subcommand: ['exec'] },
  conda: { subcommand: ['run'], valueFlags: ['n', 'p', 'name', 'prefix', 'cwd'] },
  mamba: { subcommand: ['run'], valueFlags: ['n', 'p', 'name', 'prefix', 'cwd'] },
  micromamba: { subcommand: ['run'], valueFlags: ['n', 'p', 'name', 'prefix', 'cwd'] },
  hatch: { subcommand: ['run'] },
  pdm: { subcommand: ['run'], valueFlags: ['p', 'project'] },
  pipenv: { subcommand: ['run'] },
  poetry: { subcommand: ['run'], valueFlags: ['C', 'P', 'directory', 'project'] },
  uv: {
    subcommand: ['run'],
    valueFlags: [
      'p',
      'python',
      'with',
      'extra',
      'group',
      'directory',
      'project',
      'env-file',
      'package',
      'with-requirements',
    ],
  },
};

const shells = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'mksh', 'rbash', 'yash']);

/** What a command runs in its turn, in the order written. */
export function innerOf(command: Command): readonly Inner[] {
  const { program, words } = command;
  if (program === undefined) return [];
  if (shells.has(program)) return shellString(words);
  if (/^(?:python|pypy)[\d.]*$/.test(program)) return pythonModule(words);
  if (program === 'find') return findActions(words);
  if (program === 'eval' && words.length === 2 && words[1]) return [{ kind: 'string', word: words[1] }];
  const wrapper = Object.hasOwn(wrappers, program) ? wrappers[program] : undefined;
  return wrapper ? wrapped(words, wrapper) : [];
}

/** True when the command reads a script from its standard input: `bash`, `sh -s`, `su - app`. */
export function readsScript({ program, words }: Command): boolean {
  if (program === 'su') return !words.some((word) => /^-\w*c$|^--(?:session-)?command/.test(word.value));
  if (program === undefined || !shells.has(program) || shellString(words).length > 0) return false;
  const first = shellOptions(words).operand;
  const operand = words[first]?.value;
  return (
    operand === undefined ||
    operand === '-' ||
    operand === '/dev/stdin' ||
    words.slice(1, first).some((word) => /^-[a-z]*s/.test(word.value))
  );
}

function shellString(words: readonly ShellWord[]): readonly Inner[] {
  const { takesString, operand } = shellOptions(words);
  const word = words[operand];
  return takesString && word ? [{ kind: 'string', word }] : [];
}

/** `-c` may stand among others (`-lc`), and the string is the first operand, not what follows `-c`: `bash -c -e '...'`. */
function shellOptions(words: readonly ShellWord[]): { takesString: boolean; operand: number } {
  let takesString = false;
  let at = 1;
  for (; at < words.length; at++) {
    const value = words[at]?.value ?? '';
    if (value === '--') return { takesString, operand: at + 1 };
    if (!/^[-+]./.test(value)) break;
    if (value.startsWith('--')) {
      if (value === '--rcfile' || value === '--init-file') at++;
      continue;
    }
    if (value.startsWith('-') && value.includes('c')) takesString = true;
    if (/[oO]$/.test(value)) at++;
  }
  return { takesString, operand: at };
}

/** `python -m pip install x` is `pip install x` for all who ask. */
function pythonModule(words: readonly ShellWord[]): readonly Inner[] {
  for (let at = 1; at < words.length; at++) {
    const value = words[at]?.value ?? '';
    if (/^-[A-Za-ln-z]*m$/.test(value)) return at + 1 < words.length ? [wordsFrom(words, at + 1)] : [];
    if (!/^-[A-Za-z]/.test(value) || /^-[A-Za-z]*c/.test(value)) return [];
    if (value === '-W' || value === '-X') at++;
  }
  return [];
}

function wordsFrom(words: readonly ShellWord[], from: number, takesAssignments = false): Inner {
  return { kind: 'words', from, to: words.length, takesAssignments };
}

function findActions(words: readonly ShellWord[]): readonly Inner[] {
  const inner: Inner[] = [];
  for (let i = 1; i < words.length; i++) {
    if (!/^-(?:exec|execdir|ok|okdir)$/.test(words[i]?.value ?? '')) continue;
    const from = i + 1;
    while (i + 1 < words.length && !isActionEnd(words, i + 1)) i++;
    if (i >= from) inner.push({ kind: 'words', from, to: i + 1, takesAssignments: false });
  }
  return inner;
}

function isActionEnd(words: readonly ShellWord[], at: number): boolean {
  const value = words[at]?.value;
  return value === ';' || (value === '+' && words[at - 1]?.value === '{}');
}

function wrapped(words: readonly ShellWord[], wrapper: Wrapper): readonly Inner[] {
  const { valueFlags = [], notWith = [], scriptFlags = [], assignments = false } = wrapper;
  let operands = wrapper.operands ?? 0;
  let subcommand = wrapper.subcommand;
  let at = 1;
  for (; at < words.length; at++) {
    const value = words[at]?.value ?? '';
    if (value === '--') {
      if (operands === 0 && !subcommand) {
        at++;
        break;
      }
    } else if (value.startsWith('-')) {
      const { names, hasValue } = flagNames(value, valueFlags, scriptFlags);
      if (names.some((name) => notWith.includes(name))) return [];
      const last = names.at(-1) ?? '';
      if (scriptFlags.includes(last)) {
        const word = words[hasValue ? at : at + 1];
        return word && !hasValue ? [{ kind: 'string', word }] : [];
      }
      if (!hasValue && valueFlags.includes(last)) at++;
    } else if (subcommand) {
      if (!subcommand.includes(value)) return [];
      subcommand = undefined;
    } else if (assignments && isAssignment(value)) {
      break;
    } else if (operands > 0) {
      operands--;
    } else {
      break;
    }
  }
  return at < words.length ? [wordsFrom(words, at, assignments)] : [];
}

export function isAssignment(value: string): boolean {
  return /^[A-Za-z_]\w*=/.test(value);
}

/** `-abc` is `a`, `b` and `c`, up to the first that takes a value, which may follow at once. */
function flagNames(
  value: string,
  ...valueFlags: readonly (readonly string[])[]
): { names: readonly string[]; hasValue: boolean } {
  if (value.startsWith('--')) {
    const equals = value.indexOf('=');
    return { names: [value.slice(2, equals < 0 ? undefined : equals)], hasValue: equals >= 0 };
  }
  const letters = Array.from(value.slice(1));
  const first = letters.findIndex((letter) => valueFlags.some((flags) => flags.includes(letter)));
  return first < 0
    ? { names: letters, hasValue: false }
    : { names: letters.slice(0, first + 1), hasValue: first + 1 < letters.length };
}
