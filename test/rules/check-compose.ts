import { buildCompose } from '../../server/src/model/build-compose.ts';
import type { Compose } from '../../server/src/model/compose.ts';
import type { Project } from '../../server/src/model/project.ts';
import { testerFor } from '../rule-tester.ts';

export const build = (text: string, project: Project): Compose => buildCompose(text, { project });

export const checkCompose = testerFor(build);
