import { type Datastore, datastores, type Healthcheck } from '../knowledge/datastores.ts';
import { entriesOf, itemsOf, scalarOf, textOf } from '../syntax/yaml/entries.ts';
import type { Edit } from '../text/problem.ts';
import type { Compose, Service } from './compose.ts';
import { appendEntry, indentStep } from './compose-edit.ts';
import { dockerfileOf } from './compose-files.ts';
import { imageOf } from './compose-image.ts';

/** The known database, queue or search engine that a service runs. */
export function datastoreOf(service: Service): Datastore | undefined {
  // An image that is built here only has the name of one.
  if (service.entries.has('build')) return undefined;
  const name = imageOf(service)?.reference.name;
  return name === undefined ? undefined : datastoreNamed(name);
}

/** Mirrors and builds for other processors keep the name: `arm32v7/postgres`, `docker/library/postgres`. */
function datastoreNamed(name: string): Datastore | undefined {
  const exact = datastores.find(({ images }) => images.includes(name));
  if (exact) return exact;
  const official = /^(?:(?:amd64|arm32v[567]|arm64v8|i386|ppc64le|s390x)|(?:.*\/)?library)\/([^/]+)$/.exec(name)?.[1];
  return official === undefined ? undefined : datastores.find(({ images }) => images.includes(official));
}

/**
 * How Docker would know that a service is healthy: by its own healthcheck, by that of its Dockerfile or image, or not at all.
 * `off` is a check that was switched off on purpose.
 */
export function healthOf({ project }: Compose, service: Service): 'service' | 'image' | 'off' | 'none' {
  const own = service.entries.get('healthcheck')?.value;
  if (own?.kind === 'mapping') {
    const entries = entriesOf(own);
    const test = entries.get('test')?.value;
    if (textOf(entries.get('disable')?.value) === 'true') return 'off';
    if ((textOf(test) ?? scalarOf(itemsOf(test)[0])?.text) === 'NONE') return 'off';
    if (test) return 'service';
  }
  if (datastoreOf(service)?.hasHealthcheck) return 'image';
  const dockerfile = dockerfileOf(service);
  const text = dockerfile === undefined ? undefined : project.text(dockerfile);
  return text !== undefined && hasHealthcheck(text) ? 'image' : 'none';
}

/** Looks at the last stage only; what the base image checks is not known here. */
function hasHealthcheck(dockerfile: string): boolean {
  const lastStage = dockerfile.split(/^[ \t]*FROM[ \t]/im).at(-1) ?? '';
  const last = [...lastStage.matchAll(/^[ \t]*HEALTHCHECK[ \t]+(\S+)/gim)].at(-1);
  return last !== undefined && last[1]?.toUpperCase() !== 'NONE';
}

/** Gives a service the usual check of its database. `undefined` when there is none, or no place to write it. */
export function insertHealthcheck(compose: Compose, service: Service): Edit | undefined {
  const check = usualCheck(service);
  const { written } = service.entry;
  if (!check || written.kind !== 'mapping' || service.entries.has('healthcheck')) return undefined;
  const step = indentStep(compose);
  return appendEntry(compose.text, written, [
    'healthcheck:',
    `${step}test: [${check.test.map(quote).join(', ')}]`,
    `${step}interval: 10s`,
    `${step}timeout: ${check.timeout ?? '5s'}`,
    `${step}retries: 5`,
    `${step}start_period: ${check.startPeriod ?? '30s'}`,
  ]);
}

function usualCheck(service: Service): Healthcheck | undefined {
  const datastore = datastoreOf(service);
  const major = Number(/^v?(\d+)/.exec(imageOf(service)?.reference.tag ?? '')?.[1] ?? Number.NaN);
  const earlier = datastore?.earlierHealthcheck;
  return earlier && major < earlier.before ? earlier : datastore?.healthcheck;
}

function quote(word: string): string {
  return /["\\]/.test(word) ? `'${word.replaceAll("'", "''")}'` : `"${word}"`;
}
