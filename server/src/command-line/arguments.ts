import { parseArgs, type ParseArgsConfig } from 'node:util';
import { presets } from '../engine/settings.ts';
import { formats, type Format } from '../report/formats.ts';
import type { Preset } from '../rules/rule.ts';
import { nearest } from '../text/nearest.ts';
import type { Severity } from '../text/problem.ts';
import { deployOptions, parseDeploy, type DeployCommand } from './deploy-arguments.ts';
import { parseProve, proveOptions, type ProveCommand } from './prove-arguments.ts';

export type Command =
  | LintCommand
  | ProveCommand
  | DeployCommand
  | { readonly kind: 'explain'; readonly rule: string }
  | { readonly kind: 'rules'; readonly format: 'pretty' | 'json' }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'wrong'; readonly message: string };

export interface LintCommand {
  readonly kind: 'lint';
  /** Files, folders and globs, as given. */
  readonly paths: readonly string[];
  readonly preset?: Preset;
  readonly format: Format;
  readonly failOn?: FailOn;
  readonly fix: 'none' | 'safe' | 'all';
  readonly stdin: boolean;
  readonly stdinFilename?: string;
  readonly output?: string;
}

export type FailOn = (typeof failures)[number];

const failures = ['error', 'warning', 'info', 'hint', 'never'] as const satisfies readonly (Severity | 'never')[];
const commands = ['lint', 'explain', 'rules', 'prove', 'deploy'];
const everywhere = { help: { type: 'boolean', short: 'h' } } as const;

export function parseArguments(argv: readonly string[]): Command {
  const [name, ...rest] = argv;
  switch (name) {
    case undefined:
      return { kind: 'wrong', message: 'No command given' };
    case '--help':
    case '-h':
    case 'help':
      return { kind: 'help' };
    case '--version':
    case '-v':
    case 'version':
      return { kind: 'version' };
    case 'lint':
      return parseLint(rest);
    case 'explain':
      return parseExplain(rest);
    case 'rules':
      return parseRules(rest);
    case 'prove':
      try {
        return parseProve(rest, process.env);
      } catch (error) {
        return { kind: 'wrong', message: explainError(error, rest, Object.keys(proveOptions)) };
      }
    case 'deploy':
      try {
        return parseDeploy(rest);
      } catch (error) {
        return { kind: 'wrong', message: explainError(error, rest, Object.keys(deployOptions)) };
      }
    default: {
      const meant = nearest(name, commands) ?? `lint ${name}`;
      return { kind: 'wrong', message: `There is no command '${name}': did you mean 'shipshape ${meant}'?` };
    }
  }
}

const lintOptions = {
  ...everywhere,
  preset: { type: 'string' },
  format: { type: 'string' },
  'fail-on': { type: 'string' },
  fix: { type: 'boolean' },
  'fix-unsafe': { type: 'boolean' },
  stdin: { type: 'boolean' },
  'stdin-filename': { type: 'string' },
  output: { type: 'string' },
} as const;

function parseLint(argv: readonly string[]): Command {
  const parsed = parse(argv, lintOptions);
  if ('kind' in parsed) return parsed;
  const { values } = parsed;
  const preset = choice('--preset', values.preset, presets);
  const format = choice('--format', values.format ?? 'pretty', formats);
  const failOn = choice('--fail-on', values['fail-on'], failures);
  for (const chosen of [preset, format, failOn]) {
    if (typeof chosen === 'object') return { kind: 'wrong', message: chosen.wrong };
  }
  const stdin = values.stdin === true || parsed.positionals.includes('-');
  const paths = parsed.positionals.filter((path) => path !== '-');
  if (stdin && paths.length > 0) {
    return { kind: 'wrong', message: `'--stdin' and the path '${paths[0] ?? ''}' exclude each other: give one` };
  }
  if (!stdin && values['stdin-filename'] !== undefined) {
    return { kind: 'wrong', message: "'--stdin-filename' does nothing without '--stdin': add it" };
  }
  if (paths.includes('')) return { kind: 'wrong', message: 'A path is empty: name a file, a folder or a glob' };
  return {
    kind: 'lint',
    paths,
    format: format as Format,
    fix: values['fix-unsafe'] === true ? 'all' : values.fix === true ? 'safe' : 'none',
    stdin,
    ...(preset !== undefined && { preset: preset as Preset }),
    ...(failOn !== undefined && { failOn: failOn as FailOn }),
    ...(values['stdin-filename'] !== undefined && { stdinFilename: values['stdin-filename'] }),
    ...(values.output !== undefined && { output: values.output }),
  };
}

function parseExplain(argv: readonly string[]): Command {
  const parsed = parse(argv, everywhere);
  if ('kind' in parsed) return parsed;
  const [rule, ...others] = parsed.positionals;
  if (rule === undefined || others.length > 0) return { kind: 'wrong', message: "'explain' takes the id of one rule" };
  return { kind: 'explain', rule };
}

function parseRules(argv: readonly string[]): Command {
  const parsed = parse(argv, { ...everywhere, format: { type: 'string' } });
  if ('kind' in parsed) return parsed;
  const format = choice('--format', parsed.values.format ?? 'pretty', ['pretty', 'json'] as const);
  if (typeof format === 'object') return { kind: 'wrong', message: format.wrong };
  if (parsed.positionals.length > 0) return { kind: 'wrong', message: "'rules' takes no paths" };
  return { kind: 'rules', format: format ?? 'pretty' };
}

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends Options> = ReturnType<typeof parseArgs<{ options: T; strict: true; allowPositionals: true }>>;

function parse<const T extends Options>(
  argv: readonly string[],
  options: T,
): Parsed<T> | Extract<Command, { kind: 'help' | 'wrong' }> {
  try {
    const parsed = parseArgs({ args: [...argv], options, strict: true, allowPositionals: true });
    return (parsed.values as { help?: boolean }).help === true ? { kind: 'help' } : parsed;
  } catch (error) {
    return { kind: 'wrong', message: explainError(error, argv, Object.keys(options)) };
  }
}

/** Node's own words for a wrong option go on about `--`; ours name the one that was probably meant. */
function explainError(error: unknown, argv: readonly string[], known: readonly string[]): string {
  const message = error instanceof Error ? error.message : String(error);
  const option = /'(-[^' ]+)/.exec(message)?.[1];
  if (option === undefined) return message;
  if (!message.startsWith('Unknown option')) {
    return message.includes('argument missing') || message.includes('ambiguous')
      ? `'${option}' needs a value`
      : `'${option}' takes no value`;
  }
  const name = option.replace(/^-+/, '');
  const meant = nearest(name, known);
  const file = argv.find((argument) => argument.startsWith(option)) ?? option;
  return meant === undefined
    ? `There is no option '${option}': if it is a file, write './${file}'`
    : `There is no option '${option}': did you mean '--${meant}'?`;
}

function choice<const T extends string>(
  option: string,
  value: string | undefined,
  allowed: readonly T[],
): T | undefined | { readonly wrong: string } {
  if (value === undefined) return undefined;
  const found = allowed.find((candidate) => candidate === value);
  return found ?? { wrong: `'${option}' cannot be '${value}': use ${allowed.join(', ')}` };
}
