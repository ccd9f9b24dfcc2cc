import { textAt } from '../../azure/json.ts';
import { apiVersions } from '../../azure/api-versions.ts';
import type { SourceFacts } from '../facts.ts';
import type { ReadPlace } from '../value.ts';
import { lacksRight } from './access.ts';
import { buildImages, pushImages } from './lookups.ts';
import { block, found, isSameText, type Pieces, readLater, type Scene, warn } from './scene.ts';

/** The commit's short name; of uncommitted states and outside git it follows from what is in the image. Never `latest`. */
export function tagOf(source: SourceFacts): string {
  const contents = source.contents.slice(0, 7);
  if (source.commit === undefined) return contents;
  return source.commit.isDirty ? `${source.commit.short}-${contents}` : source.commit.short;
}

/** The registry's address is Azure's to say; its name does not always give it. */
export function loginServer(scene: Scene): string | ReadPlace {
  return readLater(scene, {
    label: `address of the registry '${scene.target.registry.name}'`,
    method: 'GET',
    path: scene.ids.registry,
    apiVersion: apiVersions.registries,
    get: 'properties.loginServer',
  });
}

/** As far as it is known, for people. */
export function imageText(scene: Scene): string {
  const server = loginServer(scene);
  const { name } = scene.target.registry;
  return `${typeof server === 'string' ? server : `${name}${scene.facts.cloud.registrySuffix}`}/${localName(scene)}`;
}

/** `shop:1a2b3c4`. */
export function localName(scene: Scene): string {
  return `${scene.target.image.repository}:${scene.tag}`;
}

export function* deliverImage(scene: Scene): Pieces {
  const { image, registry } = scene.target;
  const { source } = scene.facts;
  const isCloud = image.build === 'cloud';
  const secretArguments = Object.keys(image.secretArguments ?? {});
  yield* deliveryProblems(scene);
  if (source.commit?.isDirty === true) {
    yield warn(`There are uncommitted changes: the image is tagged '${scene.tag}', not only with the commit`);
  }
  yield {
    id: 'image',
    title: isCloud ? `Build '${localName(scene)}' in '${registry.name}'` : `Build '${localName(scene)}' and push it`,
    effect: 'run',
    do: 'image',
    from: image.build,
    registry: scene.ids.registry,
    loginServer: loginServer(scene),
    repository: image.repository,
    tag: scene.tag,
    dockerfile: image.dockerfile,
    context: image.context,
    ...(image.stage === undefined ? {} : { stage: image.stage }),
    platform: image.platform,
    contents: source.contents,
    ...(secretArguments.length === 0 ? {} : { secretArguments }),
    ...(Object.keys(image.arguments).length === 0 ? {} : { arguments: image.arguments }),
  };
}

function* deliveryProblems(scene: Scene): Pieces {
  const { image, registry } = scene.target;
  const isCloud = image.build === 'cloud';
  if (!isCloud && !scene.facts.source.hasDocker) {
    yield block("Docker does not answer: start it, or choose 'build: cloud' to build in Azure");
  }
  if (image.platform !== 'linux/amd64') {
    yield block(`Azure runs images for 'linux/amd64' here, not '${image.platform}': change 'platform'`);
  }
  for (const [name, source] of Object.entries(image.secretArguments ?? {})) {
    if (Object.hasOwn(image.arguments, name)) {
      yield block(`'${name}' is in 'arguments' and in 'secretArguments': leave it in one of them`);
    }
    const other = scene.target.secrets[name];
    if (other !== undefined && JSON.stringify(other) !== JSON.stringify(source)) {
      yield block(`'${name}' comes from one place in 'secrets' and from another in 'secretArguments': rename one`);
    }
  }
  const there = found(scene, scene.ids.registry);
  // With permissions per repository, pushing is no action of the registry: Azure does not tell beforehand.
  const isPerRepository = isSameText(textAt(there, 'properties.roleAssignmentMode'), 'AbacRepositoryPermissions');
  if (!isPerRepository && lacksRight(scene, scene.ids.registry, isCloud ? buildImages : pushImages)) {
    yield block(
      isCloud
        ? `You may not build in '${registry.name}': ask its owner for 'Contributor' there, or build locally`
        : `You may not push to '${registry.name}': ask its owner for 'AcrPush' there`,
    );
  }
  if (isSameText(textAt(there, 'properties.publicNetworkAccess'), 'Disabled')) {
    yield warn(`The registry '${registry.name}' is closed to the internet: pushing works only from its own network`);
  }
}
