import { parse } from 'yaml';
import { at, isObject, textAt, type Json, type JsonObject } from '../../../client/src/azure/json.ts';

/** What a run does, one after the other. */
export type TaskStep =
  | {
      readonly kind: 'build';
      readonly id: string;
      /** What stands behind `docker build`. */
      readonly args: readonly string[];
      readonly images: readonly string[];
      /** Also holds the values of build arguments, which so appear in no list of processes. */
      readonly environment: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'push'; readonly id: string; readonly images: readonly string[] };

export interface RunContext {
  readonly runId: string;
  readonly loginServer: string;
  readonly registryName: string;
}

/** Thrown for what no run can be made of; the run fails with it. */
export class TaskProblem extends Error {}

/** A `DockerBuildRequest`: always the classic builder. */
export function stepsOfBuildRequest(request: JsonObject, context: RunContext): readonly TaskStep[] {
  const names = listAt(request, 'imageNames').filter((name) => typeof name === 'string');
  const images = names.map((name) => qualified(render(name, {}, context), context));
  const given = listAt(request, 'arguments').map((argument) => ({
    name: textAt(argument, 'name') ?? '',
    value: textAt(argument, 'value') ?? '',
  }));
  const target = textAt(request, 'target');
  const architecture = textAt(request, 'platform.architecture') ?? 'amd64';
  const args = [
    ...images.flatMap((image) => ['--tag', image]),
    ...['--file', textAt(request, 'dockerFilePath') ?? ''],
    ...given.flatMap(({ name }) => ['--build-arg', name]),
    ...(target === undefined ? [] : ['--target', target]),
    ...(request['noCache'] === true ? ['--no-cache'] : []),
    ...(architecture === 'amd64' ? [] : ['--platform', `linux/${architecture}`]),
    '.',
  ];
  const environment = { ...Object.fromEntries(given.map(({ name, value }) => [name, value])), DOCKER_BUILDKIT: '0' };
  const build = { kind: 'build', id: 'build', args, images, environment } as const;
  const isPushed = request['isPushEnabled'] !== false && images.length > 0;
  return isPushed ? [build, { kind: 'push', id: 'push', images }] : [build];
}

/** An `EncodedTaskRunRequest`: a task file, its values filled in, with `build` and `push` steps. */
export function stepsOfTaskFile(request: JsonObject, context: RunContext): readonly TaskStep[] {
  const content = decode(textAt(request, 'encodedTaskContent') ?? '');
  const file: unknown = readYaml(decode(textAt(request, 'encodedValuesContent') ?? ''));
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(isObject(file) ? file : {})) values[name] = textOf(value);
  for (const value of listAt(request, 'values')) values[textAt(value, 'name') ?? ''] = textAt(value, 'value') ?? '';
  const task: unknown = readYaml(render(withAliases(content), values, context));
  const steps = isObject(task) ? task['steps'] : undefined;
  if (!Array.isArray(steps) || steps.length === 0) throw new TaskProblem('task must have at least one step');
  return (steps as readonly Json[]).map((step, index) => stepOf(step, `acb_step_${index}`));
}

function stepOf(step: Json, number: string): TaskStep {
  const id = textAt(step, 'id') ?? number;
  const line = textAt(step, 'build');
  if (line !== undefined) {
    const args = wordsOf(line);
    const environment = { DOCKER_BUILDKIT: '0', ...environmentOf(listAt(step, 'env')) };
    return { kind: 'build', id, args, images: tagsIn(args), environment };
  }
  const push = at(step, 'push');
  const pushed = typeof push === 'string' ? [push] : listAt(step, 'push');
  if (pushed.length === 0) throw new TaskProblem(`step ID: ${id}: only build and push steps are known here`);
  return { kind: 'push', id, images: pushed.map(textOf) };
}

function environmentOf(lines: readonly Json[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = textOf(line).split('=');
      return [name, value.join('=')];
    }),
  );
}

function tagsIn(args: readonly string[]): readonly string[] {
  return args.flatMap((word, index) => {
    const next = args[index + 1];
    if ((word === '-t' || word === '--tag') && next !== undefined) return [next];
    return /^(?:-t=?|--tag=)(.+)$/.exec(word)?.[1] ?? [];
  });
}

/** Without the name of a registry, an image is of this one. */
function qualified(image: string, { loginServer }: RunContext): string {
  const [host = ''] = image.split('/');
  return image.includes('/') && /[.:]/.test(host) ? image : `${loginServer}/${image}`;
}

/** Task files of version v1.1.0 know these short forms. */
function withAliases(text: string): string {
  return text
    .replace(/\$RegistryName\b/g, '{{.Run.RegistryName}}')
    .replace(/\$Registry\b/g, '{{.Run.Registry}}')
    .replace(/\$ID\b/g, '{{.Run.ID}}');
}

function render(text: string, values: Readonly<Record<string, string>>, context: RunContext): string {
  return text.replace(/\{\{\s*\.([\w.]+)\s*\}\}/g, (_, path: string) => {
    const known: Readonly<Record<string, string>> = {
      'Run.ID': context.runId,
      'Run.Registry': context.loginServer,
      'Run.RegistryName': context.registryName,
      'Run.OS': 'linux',
      'Run.Architecture': 'amd64',
    };
    const value = path.startsWith('Values.') ? values[path.slice('Values.'.length)] : known[path];
    if (value === undefined) throw new TaskProblem(`failed to render the task: there is no value for '${path}'`);
    return value;
  });
}

/** Splits as a shell does, but for variables. */
function wordsOf(line: string): readonly string[] {
  const words = line.match(/(?:[^\s"']|"(?:[^"\\]|\\.)*"|'[^']*')+/g) ?? [];
  return words.map((word) =>
    word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_, double: string | undefined, single: string | undefined) =>
      double === undefined ? (single ?? '') : double.replace(/\\(.)/g, '$1'),
    ),
  );
}

function readYaml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new TaskProblem(`failed to unmarshal task: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function decode(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}

function listAt(value: Json, path: string): readonly Json[] {
  const found = at(value, path);
  return Array.isArray(found) ? (found as readonly Json[]) : [];
}
