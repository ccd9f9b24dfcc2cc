import type { Dockerfile } from './dockerfile.ts';
import { sourcesOf, startWords } from './start-files.ts';

/** A word that may name a file of code: `app.py`, `/docker-entrypoint.sh`, `bin/start`. */
const fileName = /^[\w./-]+\.(?:sh|bash|py|js|mjs|cjs|rb|php)$|^[\w./-]*(?:entrypoint|start|run)[\w-]*$/;

/** The files, relative to the Dockerfile's folder, that rules want to read beside it: what the final image starts, as far as it is copied. */
export function neededFiles(dockerfile: Dockerfile): readonly string[] {
  const { finalStage } = dockerfile;
  if (!finalStage) return [];
  const named = startWords(dockerfile, finalStage).filter((word) => fileName.test(word));
  return [...new Set(named.flatMap((word) => sourcesOf(dockerfile, finalStage, word)))];
}
