// Manifests that are read line by line, or nearly so.
import type { ManifestEntry } from './entries.ts';
import { blankComments, elementIn } from './pom-format.ts';

export function requirementEntries(text: string): readonly ManifestEntry[] {
  const entries: ManifestEntry[] = [];
  let isContinued = false;
  for (const match of text.matchAll(/^[^\n]*/gm)) {
    const line = match[0].trimEnd();
    const last = entries.at(-1);
    // Lines that go on belong to the requirement that they go on from; hashes are usually there.
    if (isContinued && last && /--hash\b/.test(line))
      entries[entries.length - 1] = { ...last, isPinnedOtherwise: true };
    const found = isContinued
      ? undefined
      : /^\s*(?<name>[A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?:(?<version>[=<>!~][^;#\\]*)|[;#\\]|$)/d.exec(line);
    if (found) {
      const [entry] = entryFrom(found, match.index);
      const bare = entry?.version?.replace(/\s--.*$/, '');
      if (entry) entries.push(bare === entry.version ? entry : { ...entry, isPinnedOtherwise: true });
    }
    isContinued = line.endsWith('\\');
  }
  return entries;
}

/** Without those that are marked as indirect: Go itself wrote them. */
export function goEntries(text: string): readonly ManifestEntry[] {
  const entries: ManifestEntry[] = [];
  let isInRequire = false;
  for (const match of text.matchAll(/^[^\n]*/gm)) {
    const line = match[0];
    if (/^\s*require\s*\(/.test(line)) isInRequire = true;
    else if (/^\s*\)/.test(line)) isInRequire = false;
    else if (!/\/\/\s*indirect\b/.test(line)) {
      const pattern = isInRequire
        ? /^\s*(?<name>[^\s/][^\s]*)\s+(?<version>v[^\s]+)/d
        : /^\s*require\s+(?<name>\S+)\s+(?<version>v\S+)/d;
      const found = pattern.exec(line);
      if (found) entries.push(...entryFrom(found, match.index));
    }
  }
  return entries;
}

export function cargoEntries(text: string): readonly ManifestEntry[] {
  const entries: ManifestEntry[] = [];
  let section = '';
  for (const match of text.matchAll(/^[^\n]*/gm)) {
    const line = match[0];
    const header = /^\s*\[+([^\]\n]+)\]+/d.exec(line);
    if (header) {
      section = header[1]?.trim() ?? '';
      const own = /(?:^|\.)(?:dev-|build-)?dependencies\.(?<name>[\w-]+)$/d.exec(section);
      const [start] = own?.indices?.groups?.['name'] ?? [];
      const inHeader = header.indices?.[1]?.[0];
      if (own && start !== undefined && inHeader !== undefined) {
        const at = match.index + inHeader + start;
        const name = own.groups?.['name'] ?? '';
        entries.push({ name, nameRange: { start: at, end: at + name.length } });
      }
    } else if (/(?:^|\.)(?:dev-|build-)?dependencies$/.test(section)) {
      const found =
        /^\s*"?(?<name>[\w-]+)"?\s*=\s*(?:"(?<version>[^"]*)"|\{(?:[^}\n]*?[{,\s]version\s*=\s*"(?<inner>[^"]*)")?)/d.exec(
          line,
        );
      if (found) entries.push(...entryFrom(found, match.index));
    } else if (/(?:^|\.)(?:dev-|build-)?dependencies\.[\w-]+$/.test(section)) {
      const found = /^\s*version\s*=\s*"(?<version>[^"]*)"/d.exec(line);
      const last = entries.at(-1);
      const [start, end] = found?.indices?.groups?.['version'] ?? [];
      if (found && last && start !== undefined && end !== undefined) {
        const versionRange = { start: match.index + start, end: match.index + end };
        entries[entries.length - 1] = { ...last, version: found.groups?.['version'] ?? '', versionRange };
      }
    }
  }
  return entries;
}

export function gemEntries(text: string): readonly ManifestEntry[] {
  const pattern =
    /^[ \t]*gem[ \t(]+(?<q>["'])(?<name>[\w.-]+)\k<q>(?:[ \t]*,[ \t]*(?<p>["'])(?<version>[^"'\n]*)\k<p>(?<more>[ \t]*,[ \t]*["'])?)?/dgm;
  return entriesBy(pattern, text).map(({ entry, groups }) =>
    groups['more'] === undefined ? entry : { ...entry, isPinnedOtherwise: true },
  );
}

/** Projects of .NET and their central list of versions. */
export function projectEntries(text: string): readonly ManifestEntry[] {
  const source = blankComments(text);
  const entries: ManifestEntry[] = [];
  for (const match of source.matchAll(/<(?:PackageReference|PackageVersion)\b(?<attributes>[^>]*?)(?<end>\/?>)/dg)) {
    const attributes = match.groups?.['attributes'] ?? '';
    const at = match.index + match[0].indexOf(attributes);
    const name = attributeIn(attributes, 'Include') ?? attributeIn(attributes, 'Update');
    if (!name) continue;
    const nameRange = { start: at + name.start, end: at + name.start + name.text.length };
    const version = attributeIn(attributes, 'Version');
    const from = match.index + match[0].length;
    const close = match.groups?.['end'] === '>' ? source.indexOf('</Package', from) : -1;
    const inner = close < 0 ? undefined : elementIn(source.slice(from, close), 'Version');
    if (version) {
      const start = at + version.start;
      const versionRange = { start, end: start + version.text.length };
      entries.push({ name: name.text, nameRange, version: version.text, versionRange });
    } else if (inner) {
      const versionRange = { start: from + inner.range.start, end: from + inner.range.end };
      entries.push({ name: name.text, nameRange, version: inner.text, versionRange });
    } else entries.push({ name: name.text, nameRange });
  }
  return entries;
}

function attributeIn(attributes: string, name: string): { readonly text: string; readonly start: number } | undefined {
  const match = new RegExp(`\\b${name}\\s*=\\s*"([^"]*)"`, 'd').exec(attributes);
  const start = match?.indices?.[1]?.[0];
  return match === null || start === undefined ? undefined : { text: match[1] ?? '', start };
}

function entriesBy(
  pattern: RegExp,
  text: string,
): readonly { readonly entry: ManifestEntry; readonly groups: Readonly<Record<string, string | undefined>> }[] {
  return [...text.matchAll(pattern)].flatMap((match) =>
    entryFrom(match, 0).map((entry) => ({ entry, groups: match.groups ?? {} })),
  );
}

/** From a match with the groups `name` and `version` or `inner`, in a text that starts at an offset. */
function entryFrom(match: RegExpMatchArray, offset: number): readonly ManifestEntry[] {
  const groups: Readonly<Record<string, string | undefined>> = match.groups ?? {};
  const where: Readonly<Record<string, [number, number] | undefined>> = match.indices?.groups ?? {};
  const nameAt = where['name'];
  if (nameAt === undefined) return [];
  const nameRange = { start: offset + nameAt[0], end: offset + nameAt[1] };
  const name = groups['name'] ?? '';
  const written = groups['version'] ?? groups['inner'];
  const versionAt = where['version'] ?? where['inner'];
  if (written === undefined || versionAt === undefined) return [{ name, nameRange }];
  const version = written.trimEnd();
  const start = offset + versionAt[0];
  return [{ name, nameRange, version, versionRange: { start, end: start + version.length } }];
}
