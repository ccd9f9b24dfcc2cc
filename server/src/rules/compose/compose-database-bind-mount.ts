import type { Compose, Service } from '../../model/compose.ts';
import { declare } from '../../model/compose-edit.ts';
import { datastoreOf } from '../../model/compose-health.ts';
import { type Mount, mountsOf } from '../../model/compose-volumes.ts';
import type { Fix, Severity } from '../../text/problem.ts';
import { shorten } from '../../text/shorten.ts';
import { composeRule } from '../rule.ts';

export default composeRule({
  id: 'compose-database-bind-mount',
  summary: 'Keep the data of a database in a named volume.',
  why: `
A database on a folder of the host meets the host's owners and permissions, is many times slower under Docker Desktop, where its files may even be
damaged, and lies in the source tree, where it is copied into builds and commits. A named volume belongs to Docker and has none of this.
Configuration, initialisation scripts and read-only mounts are fine. A folder outside of the project is only mentioned: it may be meant.
`,
  category: 'reliability',
  severity: 'warning',
  bad: `
services:
  db:
    image: postgres:17.2
    volumes:
      - ./data:/var/lib/postgresql/data
        ^^^^^^ 'db' keeps its data in a host folder: use a named volume
=> Use the named volume 'db-data'
services:
  db:
    image: postgres:17.2
    volumes:
      - db-data:/var/lib/postgresql/data

volumes:
  db-data:
`,
  good: `
services:
  db:
    image: postgres:17.2
    volumes:
      - db-data:/var/lib/postgresql/data
      - ./init:/docker-entrypoint-initdb.d
volumes:
  db-data:
`,

  *check(compose) {
    const seen = new Set<number>();
    for (const service of compose.services) {
      const directories = datastoreOf(service)?.dataDirectories;
      if (!directories) continue;
      for (const mount of mountsOf(service, compose.text)) {
        const range = mount.sourceRange ?? mount.node.range;
        if (mount.kind !== 'bind' || mount.isReadOnly || !directories.includes(mount.target) || seen.has(range.start))
          continue;
        seen.add(range.start);
        const message = `'${shorten(service.name)}' keeps its data in a host folder: use a named volume`;
        const fix = useVolume(compose, service, mount);
        yield { range, message, ...milder(mount), ...(fix && { fix }) };
      }
    }
  },
});

/** A place outside of the project, or one that whoever deploys it chooses. */
function milder({ resolvedSource }: Mount): { readonly severity?: Severity } {
  return resolvedSource === undefined || /^[/~]/.test(resolvedSource) ? { severity: 'info' } : {};
}

/** Not safe: what is in the folder does not move into the volume. */
function useVolume(compose: Compose, service: Service, { sourceRange, node, typeNode }: Mount): Fix | undefined {
  const { declared } = compose.sections.volumes;
  const wanted = `${service.name}-data`;
  const name = declared.has(wanted) ? `${wanted}-volume` : wanted;
  const declaration = declare(compose, 'volumes', name);
  if (!declaration || !sourceRange || declared.has(name)) return undefined;
  // Options of a bind mount would have no meaning any more.
  if (node.kind === 'mapping' && (!typeNode || node.pairs.some(({ key }) => key.text === 'bind'))) return undefined;
  const edits = [
    ...(typeNode ? [{ range: typeNode.range, text: 'volume' }] : []),
    { range: sourceRange, text: name },
    declaration,
  ];
  return { title: `Use the named volume '${name}'`, safe: false, edits };
}
