import { apiVersions } from '../../azure/api-versions.ts';
import { textAt } from '../../azure/json.ts';
import { saysUnauthorized } from '../run/refused-pull.ts';
import type { AppPlace } from '../step.ts';
import type { World } from '../world.ts';
import { type Look, tailOf } from './look.ts';

type Site = Extract<AppPlace, { kind: 'appService' }>;
const apiVersion = apiVersions.web;

/** The platform writes its own lines, of pulling and starting, into the container's log. */
export async function lookAtSite(site: Site, { arm }: Pick<World, 'arm'>, signal: AbortSignal): Promise<Look> {
  const path = pathOf(site);
  const log = await arm.send({ method: 'POST', path: `${path}/containerlogs`, apiVersion }, { signal });
  const all = typeof log === 'string' ? log : '';
  const lines = tailOf(all);
  const state = textAt(await arm.get(path, apiVersion, { signal }), 'properties.state');
  if (state !== undefined && state.toLowerCase() === 'stopped') {
    return { state: 'broken', reason: 'the app is stopped', lines };
  }
  // What was said before the last start does not count any more.
  const recent = lines.slice(Math.max(0, lines.findLastIndex((line) => begun.test(line)) + 1));
  const complaint =
    // One that has ended does not answer either, which is said after it.
    recent.findLast((line) => ended.test(line)) ??
    recent.findLast((line) => known.some(([pattern]) => pattern.test(line)));
  const reason = known.find(([pattern]) => complaint !== undefined && pattern.test(complaint))?.[1];
  if (complaint !== undefined && saysUnauthorized(complaint)) {
    return { state: 'pull', reason: 'it may not pull the image', lines };
  }
  const failedStarts = all.split(/\r?\n/).filter((line) => givenUp.test(line));
  return { state: 'starting', ...(reason !== undefined && { reason }), lines, failedStarts };
}

/** Of the app's own container, and not of those that App Service puts beside it. */
const begun =
  /Initiating warmup request to container (?!\S*_(?:middleware|msiProxy|easyauth)\b)|Initiating warmup$|started successfully|Site: .* started/i;
const ended = /has exited|exited with code|terminated during site startup/i;
/** As the older and the newer hosts of App Service say it. */
const givenUp = /Stopping site .* because it failed during startup|Failed to start site\. Revert by stopping site/i;

/** App Service's own words, and ours. */
const known: readonly (readonly [RegExp, string])[] = [
  [/unauthorized|denied|ImagePullUnauthorized/i, 'it may not pull the image'],
  [/manifest.*(?:unknown|not found)|not found: manifest/i, 'the image is not in the registry'],
  [/ImagePullFailure|pull.*fail|fail.*pull/i, 'the image could not be pulled'],
  [/didn't respond to HTTP pings on port:? ?(\d+)/i, 'it does not answer on the port that was chosen'],
  [/exec format error/i, 'the image is made for another processor'],
  [
    /exited with code|has exited|terminated during site startup|ContainerExit|failed to start/i,
    'the container has ended by itself',
  ],
];

export async function restartSite(site: Site, { arm }: Pick<World, 'arm'>, signal: AbortSignal): Promise<void> {
  await arm.send({ method: 'POST', path: `${pathOf(site)}/restart`, apiVersion }, { signal });
}

function pathOf({ site, slot }: Site): string {
  return slot === undefined || /\/slots\/[^/]+$/i.test(site) ? site : `${site}/slots/${slot}`;
}
