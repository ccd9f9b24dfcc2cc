import type { AppPlace } from '../step.ts';
import type { ReadPlace, Value } from '../value.ts';
import { appVersion } from './lookups.ts';
import { type Pieces, readLater, type Scene, textOf, warn } from './scene.ts';

/** The deployment has worked when the app says so itself. */
export function* answer(scene: Scene, at: Value = urlOf(scene)): Pieces {
  const { app } = scene.target;
  const { name } = app;
  if (app.kind === 'containerApp' && !app.external) {
    yield warn(`'${name}' can be reached only from its environment: whether it answers is not asked`);
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

/** A new revision without traffic answers at an address of its own; `forAll` is the app's. */
export function urlOf(scene: Scene, forAll = false): Value {
  const { app } = scene.target;
  const base = { method: 'GET', path: scene.ids.app, apiVersion: appVersion(scene.target) } as const;
  const label = `address of '${app.name}'`;
  switch (app.kind) {
    case 'appService':
      return textOf('https://', readLater(scene, { ...base, label, get: 'properties.defaultHostName' }));
    case 'containerApp': {
      const isOwn = app.revisions === 'multiple' && !forAll;
      const ingress = readLater(scene, { ...base, label, get: 'properties.configuration.ingress.fqdn' });
      return textOf('https://', isOwn ? { $read: { ...base, label, get: 'properties.latestRevisionFqdn' } } : ingress);
    }
    case 'containerInstance': {
      const host: ReadPlace = { $read: { ...base, label, get: 'properties.ipAddress.fqdn' } };
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
