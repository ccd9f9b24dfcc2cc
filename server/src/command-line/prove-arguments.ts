import { parseArgs } from 'node:util';
import { proofFormats, type ProofFormat } from '../../../client/src/prove/formats/formats.ts';
import {
  promiseIds,
  usualProveSettings,
  type PromiseId,
  type ProveSettings,
} from '../../../client/src/prove/promise.ts';
import type { ContainerToolKind } from '../../../client/src/tools/container/tool.ts';
import { nearest } from '../text/nearest.ts';

export interface ProveCommand {
  readonly kind: 'prove';
  readonly image: string;
  readonly format: ProofFormat;
  readonly output?: string;
  readonly tool: ContainerToolKind | 'auto';
  /** Where the lines to name are. */
  readonly dockerfile?: string;
  readonly target?: string;
  /** Only what was said; the rest comes from a config file or is as usual. */
  readonly settings: Partial<ProveSettings>;
  readonly checks?: readonly PromiseId[];
  readonly skip: readonly PromiseId[];
}

export const proveOptions = {
  format: { type: 'string' },
  output: { type: 'string' },
  checks: { type: 'string', multiple: true },
  skip: { type: 'string', multiple: true },
  env: { type: 'string', multiple: true },
  writable: { type: 'string', multiple: true },
  memory: { type: 'string' },
  cpus: { type: 'string' },
  'size-target': { type: 'string' },
  'start-timeout': { type: 'string' },
  'stop-timeout': { type: 'string' },
  tool: { type: 'string' },
  dockerfile: { type: 'string' },
  target: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const tools = ['auto', 'docker', 'podman', 'nerdctl'] as const;

export type Wrong = { readonly kind: 'wrong'; readonly message: string };

type Variables = Readonly<Record<string, string | undefined>>;

/** What follows `--` is the command to wait for, word by word: no shell reads it. Throws what Node throws for unknown options. */
export function parseProve(
  argv: readonly string[],
  variables: Variables,
): ProveCommand | { readonly kind: 'help' } | Wrong {
  const end = argv.indexOf('--');
  const waitCommand = end < 0 ? [] : argv.slice(end + 1);
  const args = end < 0 ? [...argv] : argv.slice(0, end);
  const { values, positionals } = parseArgs({ args, options: proveOptions, strict: true, allowPositionals: true });
  if (values.help === true) return { kind: 'help' };
  const [image, ...others] = positionals;
  if (image === undefined || image === '') return wrong("'prove' takes the name of an image");
  if (image.startsWith('-')) return wrong(`'${image}' cannot be the name of an image`);
  if (others.length > 0) return wrong(`'prove' takes one image: put a command to wait for after '--'`);
  if (end >= 0 && waitCommand.length === 0) return wrong("After '--' the command to wait for is missing");

  const format = proofFormats.find((each) => each === (values.format ?? 'pretty'));
  if (format === undefined)
    return wrong(`'--format' cannot be '${values.format ?? ''}': use ${proofFormats.join(', ')}`);
  const tool = tools.find((each) => each === (values.tool ?? 'auto'));
  if (tool === undefined) return wrong(`'--tool' cannot be '${values.tool ?? ''}': use ${tools.join(', ')}`);
  const checks = values.checks && promisesIn('--checks', values.checks);
  const skip = promisesIn('--skip', values.skip ?? []);
  if (checks && 'kind' in checks) return checks;
  if ('kind' in skip) return skip;
  if (values.target !== undefined && values.dockerfile === undefined) {
    return wrong("'--target' names a stage of '--dockerfile': give both");
  }

  const numbers: { sizeTarget?: number; startTimeout?: number; stopTimeout?: number } = {};
  for (const [option, name, least] of numeric) {
    const given = values[option];
    if (given === undefined) continue;
    const number = /^\d+(?:\.\d+)?$/.test(given) ? Number(given) : NaN;
    if (!(number >= least)) return wrong(`'--${option}' cannot be '${given}': use a number from ${least}`);
    numbers[name] = number;
  }
  if (values.memory !== undefined && !/^\d+(?:\.\d+)?[bkmg]?$/i.test(values.memory)) {
    return wrong(`'--memory' cannot be '${values.memory}': use a size such as 512m`);
  }
  if (values.cpus !== undefined && !(Number(values.cpus) > 0)) {
    return wrong(`'--cpus' cannot be '${values.cpus}': use a number such as 0.5`);
  }
  const relative = values.writable?.find((folder) => !folder.startsWith('/'));
  if (relative !== undefined) return wrong(`'--writable' cannot be '${relative}': use a path that starts with '/'`);
  const environment = environmentIn(values.env ?? [], variables);
  if (environment instanceof Error) return wrong(environment.message);

  return {
    kind: 'prove',
    image,
    format,
    tool,
    skip,
    ...(checks !== undefined && { checks }),
    ...(values.output !== undefined && { output: values.output }),
    ...(values.dockerfile !== undefined && { dockerfile: values.dockerfile }),
    ...(values.target !== undefined && { target: values.target }),
    settings: {
      ...numbers,
      ...(values.env && { environment }),
      ...(end >= 0 && { waitCommand }),
      ...(values.memory !== undefined && { memory: values.memory }),
      ...(values.cpus !== undefined && { cpus: values.cpus }),
      ...(values.writable && { writable: [...usualProveSettings.writable, ...values.writable] }),
    },
  };
}

const numeric = [
  ['size-target', 'sizeTarget', 0],
  ['start-timeout', 'startTimeout', 1],
  ['stop-timeout', 'stopTimeout', 1],
] as const;

function promisesIn(option: string, given: readonly string[]): readonly PromiseId[] | Wrong {
  const found: PromiseId[] = [];
  for (const name of given.flatMap((each) => each.split(',')).map((each) => each.trim())) {
    if (name === '') continue;
    const id = promiseIds.find((each) => each === name);
    if (id === undefined) {
      const meant = nearest(name, promiseIds);
      const hint = meant === undefined ? `use ${promiseIds.join(', ')}` : `did you mean '${meant}'?`;
      return wrong(`There is no check '${name}' for '${option}': ${hint}`);
    }
    found.push(id);
  }
  return found;
}

/** `NAME=value`, or `NAME` for the value it has here, so that a secret is in no list of processes. */
function environmentIn(given: readonly string[], variables: Variables): Readonly<Record<string, string>> | Error {
  const environment: Record<string, string> = {};
  for (const each of given) {
    const equals = each.indexOf('=');
    const name = equals < 0 ? each : each.slice(0, equals);
    if (name === '') return new Error(`'--env' takes NAME=VALUE or NAME, not '${each}'`);
    const value = equals < 0 ? variables[name] : each.slice(equals + 1);
    if (value === undefined) return new Error(`'--env ${name}' has no value here: set it, or write ${name}=VALUE`);
    environment[name] = value;
  }
  return environment;
}

function wrong(message: string): Wrong {
  return { kind: 'wrong', message };
}
