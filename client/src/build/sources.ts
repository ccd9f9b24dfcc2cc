import type { Dockerfile } from '../../../server/src/model/dockerfile.ts';
import type { FolderEntry } from '../../../server/src/model/project.ts';
import type { Instruction } from '../../../server/src/syntax/dockerfile/tree.ts';

/** What a Dockerfile wants from its context. */
export interface Sources {
  /** Files and folders, from the context's root; without those that only a running build could name. */
  readonly paths: readonly string[];
  /** It takes all of the context. */
  readonly takesAll: boolean;
}

export function sourcesOf(dockerfile: Dockerfile): Sources {
  const all = dockerfile.instructions.filter(({ isTrigger }) => !isTrigger);
  const cleaned = all.flatMap((instruction) =>
    wordsFrom(instruction).flatMap((word) => {
      const path = dockerfile.expand(word, instruction);
      return path === undefined || /^[a-z]+:\/\/|^git@/i.test(path) ? [] : [clean(path)];
    }),
  );
  const paths = [...new Set(cleaned)].filter((path) => path !== '' && path !== '*');
  return { paths, takesAll: paths.length < new Set(cleaned).size };
}

/** Those that are not there. A pattern may match nothing, and the build does not mind. */
export async function missingIn(folder: string, paths: readonly string[], list: List): Promise<readonly string[]> {
  const found = await Promise.all(paths.map((path) => hasMatch(folder, path.split('/'), list)));
  return paths.filter((_, index) => found[index] === false);
}

export function isPattern(path: string): boolean {
  return /[*?[]/.test(path);
}

export type List = (folder: string) => Promise<readonly FolderEntry[] | undefined>;

function wordsFrom(instruction: Instruction): readonly string[] {
  const { keyword, flags, json, words, heredocs } = instruction;
  if (keyword === 'RUN') return flags.flatMap(({ name, value = '' }) => (name === 'mount' ? bindSource(value) : []));
  if ((keyword !== 'COPY' && keyword !== 'ADD') || flags.some(({ name }) => name === 'from')) return [];
  if (json) return json.slice(0, -1).map(({ value }) => value);
  const inline = new Set(heredocs.map(({ range }) => range.start));
  return words.slice(0, -1).flatMap(({ text, range }) => (inline.has(range.start) ? [] : [text]));
}

function bindSource(mount: string): readonly string[] {
  const fields = new Map(
    mount.split(',').map((field) => {
      const [name = '', ...value] = field.split('=');
      return [name.toLowerCase(), value.join('=')];
    }),
  );
  if ((fields.get('type') ?? 'bind') !== 'bind' || fields.has('from')) return [];
  return [fields.get('source') ?? fields.get('src') ?? '.'];
}

/** From the context's root, which nothing leads out of. */
function clean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

async function hasMatch(folder: string, [first, ...rest]: readonly string[], list: List): Promise<boolean> {
  if (first === undefined || first === '**') return true;
  const entries = (await list(folder)) ?? [];
  const pattern = isPattern(first) ? patternOf(first) : undefined;
  for (const { name, isFolder } of entries) {
    if (pattern ? !pattern.test(name) : name !== first) continue;
    if (rest.length === 0) return true;
    if (isFolder && (await hasMatch(`${folder}/${name}`, rest, list))) return true;
  }
  return false;
}

/** As Go's `filepath.Match` reads it, but for what is in brackets: any character. */
function patternOf(segment: string): RegExp {
  const source = segment
    .split(/(\*+|\?|\[[^\]]*\])/)
    .map((part, index) => {
      if (index % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      return part.startsWith('*') ? '[^/]*' : '[^/]';
    })
    .join('');
  return new RegExp(`^${source}$`);
}
