/** A command of a RUN as far as it can be told without a shell's grammar: enough to know a package manager by. */
export interface ShellCommand {
  readonly program: string;
  /** What follows, without options. */
  readonly words: readonly string[];
  readonly options: readonly string[];
}

export interface CommandFacts {
  /** The values of `--mount`. */
  readonly mounts: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
  /** Whether something is compiled in the stages that make the image. */
  readonly buildsHere: boolean;
}

interface Found {
  readonly message: string;
  readonly rule?: string;
}

export function commandsIn(text: string): readonly ShellCommand[] {
  return text
    .split(/&&|\|\||[;|\n]/)
    .map((part) => part.trim().split(/\s+/).map(unquoted))
    .flatMap((all): ShellCommand[] => {
      // Settings before a command, and what only wraps it.
      const start = all.findIndex((word) => !/^\w+=/.test(word) && !wrappers.has(word));
      const [program, ...rest] = start < 0 ? [] : all.slice(start);
      if (program === undefined || program === '') return [];
      return [
        {
          program: program.split('/').at(-1) ?? program,
          words: rest.filter((word) => word !== '' && !word.startsWith('-')),
          options: rest.filter((word) => word.startsWith('-')),
        },
      ];
    });
}

const wrappers = new Set(['sudo', 'exec', 'time', 'env', 'set', '-e', '-x', '-ex', '-eux', '{', '(', 'then', 'do']);
const compilers = /^(?:build-essential|gcc|g\+\+|clang|make|cmake|build-base|alpine-sdk|golang|cargo|rustc|gcc-c\+\+)$/;

export function adviceOnCommands(commands: readonly ShellCommand[], facts: CommandFacts): readonly Found[] {
  return [...packageLists(commands, facts), ...caches(commands, facts), ...unneeded(commands, facts)];
}

function* packageLists(commands: readonly ShellCommand[], { mounts }: CommandFacts): Iterable<Found> {
  const isUpdated = calls(commands, /^(?:apt|apt-get|aptitude)$/, 'update').length > 0;
  const isRemoved = removes(commands, /^\/var\/lib\/(?:apt|\*)/) || isMounted(mounts, '/var/lib/apt');
  if (isUpdated && !isRemoved) {
    const message = "Package lists stay in this layer: remove '/var/lib/apt/lists' in the same RUN";
    yield { message, rule: 'apt-lists-not-removed' };
  }
  const added = calls(commands, /^apk$/, 'add');
  const keepsIndex = added.some(({ options }) => !options.includes('--no-cache'));
  const hasIndex = calls(commands, /^apk$/, 'update').length > 0 || added.some(({ options }) => options.includes('-U'));
  if (keepsIndex && hasIndex && !removes(commands, /^\/var\/cache\/apk/) && !isMounted(mounts, '/var/cache/apk')) {
    yield { message: "The package index stays in this layer: use 'apk add --no-cache'" };
  }
  const [installed] = calls(commands, /^(?:dnf|yum|microdnf)$/, 'install');
  if (!installed || calls(commands, /^(?:dnf|yum|microdnf)$/, 'clean').length > 0) return;
  if (removes(commands, /^\/var\/cache\/(?:dnf|yum|\*)/) || isMounted(mounts, '/var/cache')) return;
  yield { message: `Downloaded packages stay in this layer: add '${installed.program} clean all' to this RUN` };
}

function* caches(commands: readonly ShellCommand[], { mounts, environment }: CommandFacts): Iterable<Found> {
  const installs = /^(?:ci|install|i)$/;
  const npm = calls(commands, /^npm$/, installs).filter(({ options }) => !options.includes('--dry-run'));
  const cleansNpm = calls(commands, /^npm$/, 'cache').length > 0 || removes(commands, /\.npm\/?$/);
  if (npm.length > 0 && !cleansNpm && !isMounted(mounts, '.npm') && !environment.has('npm_config_cache')) {
    yield { message: "npm keeps its downloads in this layer: add '--mount=type=cache,target=/root/.npm'" };
  }
  const yarn = commands.some(({ program, words }) => program === 'yarn' && (words[0] ?? 'install') === 'install');
  const cleansYarn = calls(commands, /^yarn$/, 'cache').length > 0;
  if (yarn && !cleansYarn && mounts.every((mount) => !mount.includes('type=cache'))) {
    yield { message: "yarn keeps its downloads in this layer: add 'yarn cache clean' to this RUN" };
  }
  const pip = commands.filter(({ program, words }) => isPip(program, words) && words.includes('install'));
  const isUncached =
    pip.every(({ options }) => options.includes('--no-cache-dir')) || environment.has('PIP_NO_CACHE_DIR');
  if (pip.length > 0 && !isUncached && !isMounted(mounts, '.cache') && !removes(commands, /\.cache/)) {
    yield { message: "pip keeps its downloads in this layer: add '--no-cache-dir'" };
  }
}

function* unneeded(commands: readonly ShellCommand[], { environment, buildsHere }: CommandFacts): Iterable<Found> {
  const npm = calls(commands, /^npm$/, /^(?:ci|install|i)$/);
  const isForProduction = environment.get('NODE_ENV') === 'production';
  const takesAll = npm.some(
    ({ words, options }) =>
      words.length === 1 &&
      !options.some((option) => /^(?:--omit=dev|--production|--only=prod\w*|-g|--global)$/.test(option)),
  );
  const prunes = calls(commands, /^npm$/, 'prune').length > 0;
  if (takesAll && !isForProduction && !prunes) {
    yield { message: "Development packages are installed, too: use 'npm ci --omit=dev'" };
  }
  const compiler = commands
    .filter(({ program, words }) => /^(?:apt|apt-get|apk|dnf|yum|microdnf)$/.test(program) && words.length > 1)
    .flatMap(({ words }) => words)
    .find((word) => compilers.test(word));
  const isRemoved = commands.some(
    ({ program, words }) =>
      /^(?:apt|apt-get|apk)$/.test(program) && /^(?:purge|remove|autoremove|del)$/.test(words[0] ?? ''),
  );
  if (compiler === undefined || isRemoved) return;
  const how = buildsHere
    ? 'build in a stage of its own and copy the result'
    : 'leave it out, or use it in another stage';
  yield { message: `'${compiler}' stays in the image: ${how}` };
}

function calls(commands: readonly ShellCommand[], programs: RegExp, action: string | RegExp): readonly ShellCommand[] {
  return commands.filter(({ program, words: [first = ''] }) => {
    return programs.test(program) && (typeof action === 'string' ? first === action : action.test(first));
  });
}

function removes(commands: readonly ShellCommand[], path: RegExp): boolean {
  return commands.some(({ program, words }) => program === 'rm' && words.some((word) => path.test(word)));
}

function isMounted(mounts: readonly string[], path: string): boolean {
  return mounts.some((mount) => mount.includes('type=cache') && mount.includes(path));
}

function isPip(program: string, words: readonly string[]): boolean {
  return /^pip3?(?:\.\d+)*$/.test(program) || (/^python[\d.]*$/.test(program) && words[0] === 'pip');
}

function unquoted(word: string): string {
  return word.replace(/^["'(]+|["')]+$/g, '');
}
