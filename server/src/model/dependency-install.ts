import { hasFlag, operands } from '../syntax/shell/command.ts';
import type { Command } from '../syntax/shell/script.ts';

/** A command that installs what manifests name, and nothing else of the application. */
export interface DependencyInstall {
  readonly command: Command;
  /** What to call it: `npm ci`. */
  readonly name: string;
  /** The files it reads, as the user would copy them; the first is the manifest itself. `*` where any of its kind will do. */
  readonly manifests: readonly string[];
  /** False for commands that compile the sources as well. */
  readonly needsOnlyManifests: boolean;
}

interface Manager {
  readonly programs: readonly string[];
  readonly actions: readonly string[];
  readonly manifests: readonly string[];
  readonly needsSources?: boolean;
  /** Without all of these flags it does something with the sources, too. */
  readonly sourcesUnless?: readonly string[];
  /** With operands it installs these, not what the manifest names. */
  readonly noOperands?: boolean;
}

const managers: readonly Manager[] = [
  {
    programs: ['npm'],
    actions: ['ci', 'clean-install', 'install', 'i'],
    manifests: ['package.json', 'package-lock.json', 'npm-shrinkwrap.json'],
    noOperands: true,
  },
  { programs: ['yarn'], actions: ['', 'install'], manifests: ['package.json', 'yarn.lock'], noOperands: true },
  { programs: ['pnpm'], actions: ['fetch'], manifests: ['pnpm-lock.yaml'] },
  {
    programs: ['pnpm'],
    actions: ['install', 'i'],
    manifests: ['package.json', 'pnpm-lock.yaml'],
    noOperands: true,
  },
  {
    programs: ['bun'],
    actions: ['install', 'i'],
    manifests: ['package.json', 'bun.lock', 'bun.lockb'],
    noOperands: true,
  },
  { programs: ['pipenv'], actions: ['install', 'sync'], manifests: ['Pipfile', 'Pipfile.lock'], noOperands: true },
  {
    programs: ['poetry'],
    actions: ['install'],
    manifests: ['pyproject.toml', 'poetry.lock'],
    noOperands: true,
    sourcesUnless: ['no-root'],
  },
  {
    programs: ['uv'],
    actions: ['sync'],
    manifests: ['pyproject.toml', 'uv.lock'],
    noOperands: true,
    sourcesUnless: ['no-install-project'],
  },
  { programs: ['bundle', 'bundler'], actions: ['install'], manifests: ['Gemfile', 'Gemfile.lock'], noOperands: true },
  {
    programs: ['composer'],
    actions: ['install'],
    manifests: ['composer.json', 'composer.lock'],
    noOperands: true,
    sourcesUnless: ['no-scripts', 'no-autoloader'],
  },
  { programs: ['cargo'], actions: ['fetch'], manifests: ['Cargo.toml', 'Cargo.lock'] },
  { programs: ['cargo'], actions: ['build', 'install'], manifests: ['Cargo.toml', 'Cargo.lock'], needsSources: true },
  { programs: ['dotnet'], actions: ['restore'], manifests: ['*.csproj'] },
];

/** Words that must be in a text for a dependency manager to be called in it. */
export const installMentions = [
  'npm',
  'yarn',
  'bun',
  'pip',
  'poetry',
  'uv',
  'go',
  'composer',
  'mvn',
  'cargo',
  'dotnet',
] as const;

/** Tools that build many packages at once and bring their own caching. */
const monorepoTools = new Set(['nx', 'turbo', 'lerna', 'rush', 'bazel', 'pants']);

export function dependencyInstalls(commands: readonly Command[]): DependencyInstall[] {
  // `npx turbo prune` as well
  if (commands.some(({ words }) => words.slice(0, 3).some(({ value }) => monorepoTools.has(value)))) return [];
  return commands.flatMap((command) => dependencyInstall(command) ?? []);
}

function dependencyInstall(command: Command): DependencyInstall | undefined {
  const { program } = command;
  if (program === undefined) return undefined;
  const isGlobal = command.arguments.some(
    ({ value }) => value === '-g' || value === '--global' || value === '--location=global',
  );
  if (isGlobal) return undefined;
  return pip(command) ?? go(command) ?? maven(command) ?? managed(command, program);
}

function managed(command: Command, program: string): DependencyInstall | undefined {
  const [action = '', ...named] = operands(command).map(({ value }) => value);
  const manager = managers.find(({ programs, actions }) => programs.includes(program) && actions.includes(action));
  if (!manager || (manager.noOperands === true && named.length > 0)) return undefined;
  return {
    command,
    name: action === '' ? program : `${program} ${action}`,
    manifests: manager.manifests,
    needsOnlyManifests:
      manager.needsSources !== true && (manager.sourcesUnless ?? []).every((flag) => hasFlag(command, flag)),
  };
}

/** `pip install -r requirements.txt`; `pip install .` builds the sources themselves. */
function pip(command: Command): DependencyInstall | undefined {
  const isPip =
    /^pip(?:\d(?:\.\d+)?)?$/.test(command.program ?? '') ||
    isModule(command, 'pip') ||
    (command.program === 'uv' && command.arguments[0]?.value === 'pip');
  if (!isPip || !command.arguments.some(({ value }) => value === 'install' || value === 'sync')) return undefined;
  const files = command.arguments.flatMap(({ value }, i) => {
    if (/^(?:-r|--requirement)$/.test(value)) return [command.arguments[i + 1]?.value ?? ''];
    const joined = /^(?:-r|--requirement=)(.+)$/.exec(value)?.[1];
    return joined === undefined ? [] : [joined];
  });
  if (files.length === 0 || files.some((file) => file === '' || /[$:]/.test(file))) return undefined;
  const needsOnlyManifests = !command.arguments.some(({ value }) => /^(?:-e|--editable|\.\/?|\.\[.*\])$/.test(value));
  return { command, name: 'pip install', manifests: files, needsOnlyManifests };
}

function go(command: Command): DependencyInstall | undefined {
  const [first, second] = command.arguments.map(({ value }) => value);
  if (command.program !== 'go' || first !== 'mod' || second !== 'download') return undefined;
  return { command, name: 'go mod download', manifests: ['go.mod', 'go.sum'], needsOnlyManifests: true };
}

function maven(command: Command): DependencyInstall | undefined {
  if (command.program !== 'mvn' && command.program !== 'mvnw') return undefined;
  const goal = command.arguments.find(({ value }) => /dependency:(?:go-offline|resolve)/.test(value));
  return (
    goal && {
      command,
      name: `mvn ${goal.value}`,
      manifests: ['pom.xml'],
      needsOnlyManifests: command.program === 'mvn',
    }
  );
}

function isModule(command: Command, module: string): boolean {
  const [first, second] = command.arguments;
  return /^python/.test(command.program ?? '') && first?.value === '-m' && second?.value === module;
}
