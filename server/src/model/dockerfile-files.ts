import { dependencyInstalls, installMentions } from './dependency-install.ts';
import type { Dockerfile, Stage } from './dockerfile.ts';
import { wholeFolderCopy } from './manifest-copy.ts';
import { sourcesOf, startWords } from './start-files.ts';

/** A word that may name a file of code: `app.py`, `/docker-entrypoint.sh`, `bin/start`. */
const fileName = /^[\w./-]+\.(?:sh|bash|py|js|mjs|cjs|rb|php)$|^[\w./-]*(?:entrypoint|\/start|\/run)[\w-]*$/;

/** What programs read that do not say so. */
const filesBehind: ReadonlyMap<string, readonly string[]> = new Map([
  ['npm', ['package.json']],
  ['yarn', ['package.json']],
  ['pnpm', ['package.json']],
  ['bun', ['package.json']],
  ['flask', ['app.py', 'wsgi.py', 'main.py']],
  ['quart', ['app.py', 'main.py']],
]);

/** The files, relative to the Dockerfile's folder, that rules want to read beside it: what the final image starts, what is installed from. */
export function neededFiles(dockerfile: Dockerfile): readonly string[] {
  const { finalStage } = dockerfile;
  if (!finalStage) return [];
  return [...new Set([...startedFiles(dockerfile, finalStage), ...manifests(dockerfile)])];
}

function startedFiles(dockerfile: Dockerfile, finalStage: Stage): readonly string[] {
  const words = startWords(dockerfile, finalStage);
  const named = [
    ...words.filter((word) => fileName.test(word)),
    ...words.flatMap((word) => filesBehind.get(word) ?? []),
  ];
  return named.flatMap((word) => [
    // An absolute path is one of the image, not one of this machine.
    ...(word.startsWith('/') || word.includes('..') ? [] : [word]),
    ...sourcesOf(dockerfile, finalStage, word),
  ]);
}

/** What dependencies are installed from where everything was copied before. */
function manifests(dockerfile: Dockerfile): readonly string[] {
  return dockerfile.stages
    .filter(({ instructions }) => instructions.some(wholeFolderCopy))
    .flatMap(({ instructions }) => instructions.filter(({ keyword }) => keyword === 'RUN'))
    .flatMap((run) => dependencyInstalls(dockerfile.script(run, installMentions).commands))
    .flatMap((install) => install.manifests.filter((path) => /^\w[\w./-]*$/.test(path) && !/lock|sum$/.test(path)));
}
