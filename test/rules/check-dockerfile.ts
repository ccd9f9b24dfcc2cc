import { buildDockerfile } from '../../server/src/model/build-dockerfile.ts';
import type { Dockerfile } from '../../server/src/model/dockerfile.ts';
import type { Project } from '../../server/src/model/project.ts';
import { testerFor } from '../rule-tester.ts';
import { shellParser } from '../shell-parser.ts';

export const build = (text: string, project: Project): Dockerfile =>
  buildDockerfile(text, { shell: shellParser, project });

export const checkDockerfile = testerFor(build);
