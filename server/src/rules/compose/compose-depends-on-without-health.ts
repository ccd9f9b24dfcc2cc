import type { Compose, Service } from '../../model/compose.ts';
import { dependenciesOf, waitForHealthy } from '../../model/compose-dependencies.ts';
import { datastoreOf, healthOf, insertHealthcheck } from '../../model/compose-health.ts';
import { imageOf } from '../../model/compose-image.ts';
import { entriesOf, itemsOf, textOf } from '../../syntax/yaml/entries.ts';
import type { Fix } from '../../text/problem.ts';
import { shorten } from '../../text/shorten.ts';
import { composeRule } from '../rule.ts';

export default composeRule({
  id: 'compose-depends-on-without-health',
  summary: 'Wait until a database is ready, not only until it has started.',
  why: `
\`depends_on\` alone waits until the container of the other service runs. A database then still needs seconds, on its first start more,
before it takes connections, and what depends on it fails now and then. With \`condition: service_healthy\` Compose waits for its healthcheck.
`,
  category: 'reliability',
  severity: 'warning',
  bad: `
services:
  web:
    image: example/web:2.1
    depends_on:
      - cache
        ^^^^^ 'web' may start before 'cache' is ready: wait until it is healthy
  cache:
    image: redis:7.4
=> Wait until 'cache' is healthy
services:
  web:
    image: example/web:2.1
    depends_on:
      cache:
        condition: service_healthy
  cache:
    image: redis:7.4
    healthcheck:
      test: ["CMD", "redis-cli", "ping"]
      interval: 10s
      timeout: 5s
      retries: 5
      start_period: 5s
`,
  good: `
services:
  web:
    image: example/web:2.1
    depends_on:
      cache:
        condition: service_healthy
  worker:
    image: example/worker:2.1
    command: ["./wait-for-it.sh", "cache:6379", "--", "./worker"]
    depends_on: [cache]
  cache:
    image: redis:7.4
    healthcheck:
      test: ["CMD", "redis-cli", "ping"]
`,

  *check(compose) {
    if (compose.services.some(isForSwarm)) return;
    const seen = new Set<number>();
    for (const service of compose.services) {
      if (!service.entries.has('depends_on') || isOneShot(service) || waitsItself(service)) continue;
      const late = dependenciesOf(service).flatMap((dependency) => {
        const target = compose.findService(dependency.name);
        return target && dependency.condition === 'service_started' && needsTime(compose, target)
          ? [{ dependency, target }]
          : [];
      });
      // One change mends them all: the short form has to become the long one for the whole list.
      const fix = waitFor(
        compose,
        service,
        late.map(({ target }) => target),
      );
      for (const { dependency } of late) {
        if (seen.has(dependency.range.start)) continue;
        seen.add(dependency.range.start);
        const message = `'${shorten(service.name, 28)}' may start before '${shorten(dependency.name, 28)}' is ready: wait until it is healthy`;
        yield { range: dependency.range, message, ...(fix && { fix }) };
      }
    }
  },
});

function needsTime(compose: Compose, target: Service): boolean {
  if (stateless.test(imageOf(target)?.reference.name ?? '')) return false;
  const health = healthOf(compose, target);
  return health === 'service' || health === 'image' || (health === 'none' && datastoreOf(target) !== undefined);
}

/** Web servers and proxies answer as soon as they run. */
const stateless = /(?:^|\/)(?:nginx|httpd|caddy|traefik|haproxy|envoy|nginx-proxy|openresty|swag)$/;

/** A job that is run once, or again until it succeeds. */
function isOneShot({ entries, name }: Service): boolean {
  const restart = textOf(entries.get('restart')?.value) ?? '';
  return (
    restart === 'no' ||
    restart === 'false' ||
    restart.startsWith('on-failure') ||
    /(?:^|[-_])migrat(?:e|ions?|or)(?:$|[-_])/.test(name)
  );
}

/** It looks itself whether the other one is there. */
function waitsItself({ entries }: Service): boolean {
  const words = ['command', 'entrypoint'].flatMap((key) => {
    const value = entries.get(key)?.value;
    return textOf(value) ?? itemsOf(value).map((item) => textOf(item) ?? '');
  });
  return /wait[-_]?for|wait4|waitforit|dockerize|pg_isready|mysqladmin|redis-cli|\buntil\b|\bnc -\w*z|\bsleep \d/.test(
    words.join(' '),
  );
}

/** `docker stack deploy` does not know conditions and refuses the long form. */
function isForSwarm({ entries }: Service): boolean {
  const deploy = entriesOf(entries.get('deploy')?.value);
  return ['placement', 'update_config', 'rollback_config', 'endpoint_mode', 'mode'].some((key) => deploy.has(key));
}

function waitFor(compose: Compose, service: Service, targets: readonly Service[]): Fix | undefined {
  const wait = waitForHealthy(compose, service, new Set(targets.map(({ name }) => name)));
  if (!wait) return undefined;
  const unchecked = targets.filter((target) => healthOf(compose, target) === 'none');
  const checks = unchecked.flatMap((target) => insertHealthcheck(compose, target) ?? []);
  // To wait for a check that is not there would keep the service from starting at all.
  if (checks.length < unchecked.length) return undefined;
  const names = targets.map(({ name }) => `'${name}'`).join(' and ');
  return {
    title: `Wait until ${names} ${targets.length === 1 ? 'is' : 'are'} healthy`,
    safe: false,
    edits: [...wait, ...checks],
  };
}
