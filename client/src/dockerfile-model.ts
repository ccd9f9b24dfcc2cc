import { buildDockerfile } from '../../server/src/model/build-dockerfile.ts';
import type { Dockerfile } from '../../server/src/model/dockerfile.ts';
import { noProject } from '../../server/src/model/project.ts';
import { emptyScript, type ShellParser } from '../../server/src/syntax/shell/script.ts';

/** What a Dockerfile means, as far as that can be told without reading its shell commands. */
export function dockerfileOf(text: string): Dockerfile {
  return buildDockerfile(text, { shell: noShell, project: noProject });
}

const noShell: ShellParser = { parse: () => emptyScript, parseExec: () => emptyScript };
