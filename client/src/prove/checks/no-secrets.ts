import type { Check, Judgement } from '../check.ts';
import { concernsOf } from '../contents/concerns.ts';
import { shownPath, shownStep } from '../contents/format.ts';
import { lookInside } from '../contents/look-inside.ts';
import { fateOf, type ImageContents, type ImageLayer } from '../contents/read-archive.ts';
import { isSecret, secretIn } from '../contents/secret-text.ts';

const mostDetails = 50;

export const noSecrets: Check = {
  id: 'no-secrets',
  async run(context) {
    return judgeSecrets(await context.once(lookInside));
  },
};

interface Find {
  /** In one line, without the secret. */
  readonly what: string;
  /** With where it is. */
  readonly detail: string;
  readonly layer: Pick<ImageLayer, 'createdBy' | 'isOfBase'>;
  readonly isDeleted: boolean;
  readonly isFile: boolean;
}

export function judgeSecrets(contents: ImageContents): Judgement {
  const finds = [...inEnvironment(contents), ...inHistory(contents), ...inFiles(contents)];
  const [first] = finds;
  if (first === undefined) {
    return { outcome: 'kept', message: 'No file, variable or command looks like a secret', concerns: [] };
  }
  const others = finds.length - 1;
  const more = finds.slice(mostDetails).length;
  return {
    outcome: 'broken',
    message: `${first.what}${others > 0 ? `, and ${others} more` : ''}`,
    advice: adviceFor(first),
    details: [
      ...finds.slice(0, mostDetails).map(({ detail }) => detail),
      ...(more > 0 ? [`... and ${more} more`] : []),
    ],
    concerns: concernsOf(finds.map(({ layer }) => layer)),
  };
}

function adviceFor({ isFile, isDeleted }: Find): string {
  if (isDeleted)
    return 'Deleting it later does not take it out: mount it with RUN --mount=type=secret instead, and replace it';
  if (isFile)
    return "List it in '.dockerignore', mount it with RUN --mount=type=secret if the build needs it, and replace it";
  return 'Set it when the container starts, or mount it with RUN --mount=type=secret, and replace it';
}

function* inFiles(contents: ImageContents): Generator<Find> {
  for (const layer of contents.layers) {
    const from = layer.isOfBase ? 'in the base image' : `in the layer of ${shownStep(layer.createdBy)}`;
    for (const { path, what } of layer.notes.secrets) {
      const fate = fateOf(path, layer, contents);
      const file = shownPath(path);
      const where = fate === 'kept' ? from : `${fate} later, but still ${from}`;
      yield {
        what: `'${file}' ${fate === 'kept' ? 'is' : `was ${fate}, but is still`} in the image: ${what}`,
        detail: `${file}: ${what}, ${where}`,
        layer,
        isDeleted: fate !== 'kept',
        isFile: true,
      };
    }
  }
}

function* inEnvironment({ environment, history }: ImageContents): Generator<Find> {
  for (const variable of environment) {
    const [name, value] = split(variable);
    if (!isSecret(name, value)) continue;
    const setter = history.findLast((each) => /\bENV\b/.test(each) && each.includes(name)) ?? '';
    yield {
      what: `The value of ENV '${name}' is a secret that everybody with the image can read`,
      detail: `ENV ${name}`,
      layer: { createdBy: setter, isOfBase: false },
      isDeleted: false,
      isFile: false,
    };
  }
}

/** Build arguments with their values, and commands with a secret in them. */
function* inHistory({ history }: ImageContents): Generator<Find> {
  const told = new Set<string>();
  for (const createdBy of history) {
    if (/^(?:\S+ -c #\(nop\) +)?ENV\b/.test(createdBy)) continue;
    const find = { layer: { createdBy, isOfBase: false }, isDeleted: false, isFile: false };
    for (const [name, value] of argumentsIn(createdBy)) {
      if (told.has(name) || !isSecret(name, value)) continue;
      told.add(name);
      const what = `The value of ARG '${name}' is a secret that the image's history tells`;
      yield { ...find, what, detail: `ARG ${name}, told by the image's history` };
    }
    const token = secretIn(createdBy);
    if (token === undefined) continue;
    yield { ...find, what: `The image's history tells ${token}`, detail: `${token}, in ${shownStep(createdBy)}` };
  }
}

/** `ARG NAME=value`, and `|2 A=1 B=2 /bin/sh -c ...`: where the values end cannot be told, but where the next begins. */
function* argumentsIn(createdBy: string): Generator<readonly [string, string]> {
  const declared = /^(?:\S+ -c #\(nop\) +)?ARG +(.*)$/s.exec(createdBy)?.[1];
  if (declared !== undefined) for (const word of declared.split(/\s+/)) yield split(word);
  const [, count, rest = ''] = /^(?:RUN )?\|(\d{1,4}) (.*)$/s.exec(createdBy) ?? [];
  if (count === undefined) return;
  const values = rest.split(/ (?=\/\S+ -\w+ )/, 1)[0] ?? '';
  for (const word of values.split(/ (?=[A-Za-z_]\w*=)/).slice(0, Number(count))) yield split(word);
}

function split(assignment: string): readonly [string, string] {
  const equals = assignment.indexOf('=');
  return equals < 0
    ? [assignment, '']
    : [assignment.slice(0, equals), assignment.slice(equals + 1).replace(/^(["'])(.*)\1$/s, '$2')];
}
