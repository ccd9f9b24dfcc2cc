import type { AppPlace } from '../step.ts';
import type { ReadPlace, Value } from '../value.ts';
import { appVersion } from './lookups.ts';
import { found, type Pieces, readLater, type Scene, textOf, warn } from './scene.ts';
import { isPublic, newGroup, reachOf, revisionsOf, saidOf } from './unsaid.ts';

/** The deployment has worked when the app says so itself. */
export function* answer(scene: Scene, at: Value = urlOf(scene)): Pieces {
  const { app } = scene.target;
  const { name } = app;
  const hidden = whyHidden(scene);
  if (hidden !== undefined) {
    yield warn(`'${name}' ${hidden}: whether it answers is not checked`);
    return;
  }
  yield {
    id: 'answer',
    title: `Wait until '${name}' answers at ${scene.health?.path ?? '/'}`,
    effect: 'run',
    do: 'answer',
    url: at,
    path: scene.health?.path ?? '/',
    // The longest that App Service can be told to wait for a start, and time for the pull.
    seconds: app.kind === 'appService' ? 600 : 300,
    app: placeOf(scene),
  };
}

/** From here, that is. */
function whyHidden(scene: Scene): string | undefined {
  const { app } = scene.target;
  const there = found(scene, scene.ids.app);
  if (app.kind === 'containerInstance') return isPublic(app, there) ? undefined : 'has no public address';
  if (app.kind !== 'containerApp') return undefined;
  const reach = reachOf(saidOf(app, there), there);
  if (reach === 'internet') return undefined;
  return reach === 'nobody' ? 'takes no requests' : 'can be reached only from its environment';
}

/** A new revision without traffic answers at an address of its own; `forAll` is the app's. */
export function urlOf(scene: Scene, forAll = false): Value {
  const { app } = scene.target;
  const base = { method: 'GET', path: scene.ids.app, apiVersion: appVersion(scene.target) } as const;
  const label = `address of '${app.name}'`;
  const there = found(scene, scene.ids.app);
  switch (app.kind) {
    case 'appService':
      return textOf('https://', readLater(scene, { ...base, label, get: 'properties.defaultHostName' }));
    case 'containerApp': {
      const isOwn = revisionsOf(saidOf(app, there), there) === 'multiple' && !forAll;
      const ingress = readLater(scene, { ...base, label, get: 'properties.configuration.ingress.fqdn' });
      return textOf('https://', isOwn ? { $read: { ...base, label, get: 'properties.latestRevisionFqdn' } } : ingress);
    }
    case 'containerInstance': {
      const hasName = newGroup(app, there).dnsLabel !== undefined;
      const get = `properties.ipAddress.${hasName ? 'fqdn' : 'ip'}`;
      const host: ReadPlace = { $read: { ...base, label, get } };
      return textOf('http://', host, `:${scene.port}`);
    }
  }
}

function placeOf(scene: Scene): AppPlace {
  const { app } = scene.target;
  switch (app.kind) {
    case 'appService':
      return {
        kind: 'appService',
        site: scene.ids.site ?? '',
        ...(app.slot === undefined ? {} : { slot: app.slot }),
      };
    case 'containerApp':
      return { kind: 'containerApp', app: scene.ids.app };
    case 'containerInstance':
      return { kind: 'containerInstance', group: scene.ids.app };
  }
}
