import { buildCompose } from '../../../server/src/model/build-compose.ts';
import { dockerfileOf } from '../../../server/src/model/compose-files.ts';
import type { Dockerfile } from '../../../server/src/model/dockerfile.ts';
import { noProject } from '../../../server/src/model/project.ts';
import { entriesOf, textOf } from '../../../server/src/syntax/yaml/entries.ts';

export interface LensStage {
  /** Where its FROM starts. */
  readonly offset: number;
  /** Its name, or its number where it has none. */
  readonly target: string;
}

/** The stages that somebody builds: the last one, and those that are built as a target. */
export function lensStages({ stages, finalStage }: Dockerfile, targets: readonly string[]): readonly LensStage[] {
  const wanted = new Set(targets.map((target) => target.toLowerCase()));
  return stages.flatMap((stage) => {
    const target = stage.name?.value ?? String(stage.index);
    return stage === finalStage || wanted.has(target.toLowerCase()) ? [{ offset: stage.from.range.start, target }] : [];
  });
}

/** The targets of the services that are built from the Dockerfile in question; paths are relative to the Compose file's folder. */
export function targetsInCompose(text: string, isDockerfile: (path: string) => boolean): readonly string[] {
  return buildCompose(text, { project: noProject }).services.flatMap((service) => {
    const path = dockerfileOf(service);
    const build = service.entries.get('build')?.value;
    if (path === undefined || !build || !isDockerfile(path)) return [];
    return textOf(entriesOf(build).get('target')?.value) ?? [];
  });
}
