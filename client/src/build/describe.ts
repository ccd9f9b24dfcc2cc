import { isSecretName } from '../../../server/src/model/secret-name.ts';
import { containerToolNames } from '../tools/container/tool.ts';
import type { Command } from '../tools/command.ts';
import type { BuildSecret } from './build.ts';
import type { RunnablePlan } from './plan.ts';

/** What the user sees before it is done. */
export interface BuildDescription {
  /** `Build 'shop:1a2b3c4' from 'Dockerfile', stage 'runtime'`. */
  readonly title: string;
  /** The command, quoted as a reader of shells expects; it is never run in this form. */
  readonly commandLine: string;
  /** The rest in short sentences: context, platforms, secrets by id and source. */
  readonly details: readonly string[];
}

export function describeBuild({ request, tool, command }: RunnablePlan): BuildDescription {
  const { dockerfile, context, target, platforms, secrets, tags, pull, useCache } = request;
  const file = dockerfile.split(/[\\/]/).at(-1) ?? dockerfile;
  const what = tags.length > 0 ? tags.map((tag) => `'${tag}'`).join(', ') : 'an image without a name';
  return {
    title: `Build ${what} from '${file}'${target === undefined ? '' : `, stage '${target}'`}`,
    commandLine: commandLine(command),
    details: [
      `Context: ${context}`,
      ...(platforms.length > 0 ? [`Platforms: ${platforms.join(', ')}`] : []),
      ...secrets.map(secretSentence),
      ...(pull ? ['Base images are fetched again'] : []),
      ...(useCache ? [] : ['Nothing is taken from the cache']),
      `With ${containerToolNames[tool.kind]} ${tool.version}`,
    ],
  };
}

/** For reading only: as one would type it into a shell, without what is nobody's business. */
function commandLine({ program, args, environment = {} }: Command): string {
  const variables = Object.entries(environment).map(
    ([name, value]) => `${name}=${isSecretName(name) ? '...' : quoted(value)}`,
  );
  return [...variables, ...[program, ...args].map(quoted)].join(' ');
}

function secretSentence({ id, from }: BuildSecret): string {
  const source = from.kind === 'file' ? `the file '${from.path}'` : `the variable '${from.name}'`;
  return `Secret '${id}' from ${source}`;
}

function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (!/\p{Cc}/u.test(word)) return `'${word.replaceAll("'", "'\\''")}'`;
  // A line break in a name is not to look like the end of the command.
  const escaped = word.replaceAll(/['\\]/g, '\\$&').replaceAll(/\p{Cc}/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return character === '\n' ? '\\n' : character === '\t' ? '\\t' : `\\x${code.toString(16).padStart(2, '0')}`;
  });
  return `$'${escaped}'`;
}
