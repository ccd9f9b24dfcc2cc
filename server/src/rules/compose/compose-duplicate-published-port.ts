import type { Service } from '../../model/compose.ts';
import { clash, type PublishedPort, publishedPorts } from '../../model/compose-ports.ts';
import { shorten } from '../../text/shorten.ts';
import { composeRule } from '../rule.ts';

export default composeRule({
  id: 'compose-duplicate-published-port',
  summary: 'Publish each host port once.',
  why: `
The host gives a port to one container: the second service fails to start with "port is already allocated".
`,
  category: 'correctness',
  severity: 'error',
  aliases: ['dclint:no-duplicate-exported-ports'],
  bad: `
services:
  web:
    image: nginx:1.27
    ports:
      - "8080:80"
  admin:
    image: adminer:4.8.1
    ports:
      - "8080:8080"
        ^^^^^^^^^^^ Port 8080 is already published by 'web': choose another
`,
  good: `
services:
  web:
    image: nginx:1.27
    ports:
      - "127.0.0.1:8080:80"
      - "8443:443/tcp"
      - "8443:443/udp"
  admin:
    image: adminer:4.8.1
    ports:
      - "127.0.0.2:8080:8080"
      - "8080"
`,

  *check({ services }) {
    const taken = new Taken();
    for (const service of services) {
      for (const port of publishedPorts(service)) {
        // A list behind an anchor clashes with itself as soon as two services take it, so it is not skipped.
        const other = taken.find(port, (before) => clash(before.port, port) && canRunTogether(before.service, service));
        taken.add({ service, port });
        if (!other) continue;
        const range = port.node === other.port.node ? service.nameRange : port.range;
        yield {
          range,
          message: `Port ${nameOf(port)} is already published by '${shorten(other.service.name)}': choose another`,
          related: [{ range: other.port.range, message: `published by '${other.service.name}' here` }],
        };
      }
    }
  },
});

interface Publisher {
  readonly service: Service;
  readonly port: PublishedPort;
}

/** The ports that are taken: the single ones by number, as generated files have thousands, and the few ranges in a list. */
class Taken {
  readonly #single = new Map<number | string, Publisher[]>();
  readonly #all: Publisher[] = [];
  readonly #ranges: Publisher[] = [];

  add(publisher: Publisher): void {
    const key = singlePort(publisher.port);
    this.#all.push(publisher);
    const same = key === undefined ? this.#ranges : this.#single.get(key);
    if (same) same.push(publisher);
    else if (key !== undefined) this.#single.set(key, [publisher]);
  }

  find(port: PublishedPort, matches: (publisher: Publisher) => boolean): Publisher | undefined {
    const key = singlePort(port);
    if (key === undefined) return this.#all.find(matches);
    return this.#single.get(key)?.find(matches) ?? this.#ranges.find(matches);
  }
}

function singlePort({ published }: PublishedPort): number | string | undefined {
  if (typeof published === 'string') return published;
  return published.first === published.last ? published.first : undefined;
}

/** Services whose profiles have nothing in common are alternatives; one without profiles always runs. */
function canRunTogether(a: Service, b: Service): boolean {
  return (
    a.profiles.length === 0 || b.profiles.length === 0 || a.profiles.some((profile) => b.profiles.includes(profile))
  );
}

function nameOf({ published }: PublishedPort): string {
  if (typeof published === 'string') return published;
  return published.first === published.last ? `${published.first}` : `${published.first}-${published.last}`;
}
