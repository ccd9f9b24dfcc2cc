import { devServers, type DevServer } from '../knowledge/dev-servers.ts';

export interface DevServerCall {
  readonly server: DevServer;
  /** The words of the call, what merely starts it taken off. */
  readonly words: readonly string[];
  /** What was taken off: `poetry run`, `python -m`. */
  readonly prefix: readonly string[];
}

const pythons = /^python(?:\d(?:\.\d+)?)?$/;
const packageManagers = new Set(['npm', 'yarn', 'pnpm', 'bun']);
const devScript = /^(?:dev|develop|watch|serve:dev|start:(?:dev|debug|watch)|dev:.+|.+:dev|storybook)$/;
/** Programs that only start another one: `npx vite`, `poetry run flask run`. */
const runners: readonly (readonly string[])[] = [
  ['npx'],
  ['pnpx'],
  ['bunx'],
  ['pnpm', 'exec'],
  ['pnpm', 'dlx'],
  ['npm', 'exec'],
  ['uv', 'run'],
  ['uvx'],
  ['poetry', 'run'],
  ['pipenv', 'run'],
  ['pdm', 'run'],
  ['hatch', 'run'],
  ['rye', 'run'],
  ['bundle', 'exec'],
  ['cross-env'],
  ['dotenv'],
  ['doppler', 'run'],
  ['infisical', 'run'],
];

/** The development server that a command starts, if it does; scripts of `package.json` are looked into. */
export function findDevServer(
  words: readonly string[],
  scripts?: Readonly<Record<string, string>>,
  depth = 0,
): DevServerCall | undefined {
  const call = unwrap(words);
  const known = devServers.find((server) => matches(server, call));
  const prefix = words.slice(0, words.length - call.length);
  if (known) return { server: known, words: call, prefix };
  const script = scriptName(call);
  if (script === undefined || depth > 5) return undefined;
  const text = scripts && Object.hasOwn(scripts, script) ? scripts[script] : undefined;
  if (text !== undefined) {
    for (const part of text.split(/&&|\|\||[;&|]/)) {
      const inner = findDevServer(part.trim().split(/\s+/).filter(isNoAssignment), scripts, depth + 1);
      if (inner) return { server: withoutCommand(inner.server), words: call, prefix };
    }
    return undefined;
  }
  if (scripts || !devScript.test(script)) return undefined;
  return {
    server: { framework: `script '${script}'`, programs: [], advice: 'run the built application' },
    words: call,
    prefix,
  };
}

/** What a script runs cannot be put in the place of the call of the script as it is. */
function withoutCommand({ framework, programs, advice = 'run the built application' }: DevServer): DevServer {
  return { framework, programs, advice };
}

/** The scripts of a `package.json`; `undefined` where there is none or it is broken. */
export function scriptsOf(packageJson: string | undefined): Readonly<Record<string, string>> | undefined {
  if (packageJson === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(packageJson);
    const scripts: unknown = isRecord(parsed) ? parsed['scripts'] : undefined;
    return isRecord(scripts)
      ? Object.fromEntries(Object.entries(scripts).map(([name, text]) => [name, String(text)]))
      : {};
  } catch {
    // Half-typed: then nothing is known of its scripts.
    return undefined;
  }
}

function unwrap(words: readonly string[]): readonly string[] {
  let rest = words.filter((word, i) => i > 0 || isNoAssignment(word));
  for (let again = true; again;) {
    again = false;
    for (const runner of runners) {
      if (!runner.every((word, i) => baseName(rest[i] ?? '') === word)) continue;
      let next = runner.length;
      while (rest[next]?.startsWith('-') || !isNoAssignment(rest[next] ?? '')) next++;
      if (next < rest.length) {
        rest = rest.slice(next);
        again = true;
      }
    }
  }
  const program = baseName(rest[0] ?? '');
  // `yarn vite` runs a program of the project, too.
  if (
    (program === 'yarn' || program === 'pnpm') &&
    devServers.some((server) => server.programs.includes(rest[1] ?? ''))
  )
    return rest.slice(1);
  const module = rest.indexOf('-m');
  if (pythons.test(program) && module > 0 && rest[module + 1] !== undefined) return rest.slice(module + 1);
  return rest;
}

function matches(server: DevServer, words: readonly string[]): boolean {
  const written = (words[0] ?? '').replace(/^\.\//, '');
  const name = baseName(written);
  const program = pythons.test(name) ? 'python' : name;
  if (!server.programs.includes(program) && !server.programs.includes(written)) return false;
  const args = words.slice(1);
  if (server.subcommands && !server.subcommands.includes(args.find((word) => !word.startsWith('-')) ?? ''))
    return false;
  if (server.flags && !args.some((word) => server.flags?.includes(word.split('=')[0] ?? ''))) return false;
  return server.argument === undefined || args.some((word) => server.argument?.test(word));
}

/** `npm run dev`, `yarn dev`, `npm start`: the name of the script. */
function scriptName(words: readonly string[]): string | undefined {
  const [program = '', ...rest] = words;
  if (!packageManagers.has(baseName(program))) return undefined;
  const [first, second] = rest.filter((word) => !word.startsWith('-'));
  if (first === 'run' || first === 'run-script') return second;
  if (first === 'start' || first === 'test') return first;
  return program === 'npm' ? undefined : first;
}

function isNoAssignment(word: string): boolean {
  return !/^[A-Za-z_]\w*=/.test(word);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
