// What .trivyignore and .trivyignore.yaml take out of a report: https://trivy.dev/docs/latest/configuration/filtering/
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { Fatal } from './options.mjs';

const sections = ['vulnerabilities', 'misconfigurations', 'secrets', 'licenses'];

/** By section, what is ignored now. A file that is not there ignores nothing, as with Trivy itself. */
export function readIgnoreFile(path, now = new Date()) {
  if (!existsSync(path)) return Object.fromEntries(sections.map((section) => [section, []]));
  const text = readFileSync(path, 'utf8');
  const entries = /\.ya?ml$/.test(path) ? inYaml(text, path) : inText(text);
  return Object.fromEntries(
    sections.map((section) => [section, entries[section].filter(({ until }) => until === undefined || until >= now)]),
  );
}

function inText(text) {
  const all = [];
  for (const line of text.split(/\r?\n/).map((one) => one.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const [id, ...rest] = line.split(/\s+/);
    const expiry = rest.find((word) => word.startsWith('exp:'))?.slice(4);
    const until = expiry === undefined ? undefined : new Date(`${expiry}T00:00:00Z`);
    // Trivy warns of a wrong date, and then does not ignore.
    if (until !== undefined && Number.isNaN(until.getTime())) continue;
    all.push({ id, paths: [], purls: [], until, statement: '' });
  }
  return Object.fromEntries(sections.map((section) => [section, all]));
}

function inYaml(text, path) {
  let content;
  try {
    content = parse(text) ?? {};
    if (typeof content !== 'object') throw new Error('cannot unmarshal !!str into result.IgnoreConfig');
  } catch (error) {
    throw new Fatal(
      `filesystem scan error: filter error: ${path} error: ${path} parse error: yaml decode error: ${error.message.split('\n')[0]}`,
    );
  }
  const entryOf = (entry) => ({
    id: String(entry.id),
    paths: entry.paths ?? [],
    purls: entry.purls ?? [],
    until: entry.expired_at === undefined ? undefined : new Date(entry.expired_at),
    statement: entry.statement ?? '',
  });
  return Object.fromEntries(sections.map((section) => [section, (content[section] ?? []).map(entryOf)]));
}

const kinds = [
  ['Vulnerabilities', 'vulnerabilities', 'vulnerability', ({ VulnerabilityID: id }) => [id]],
  ['Misconfigurations', 'misconfigurations', 'misconfiguration', ({ ID: id, AVDID: other }) => [id, other]],
  ['Secrets', 'secrets', 'secret', ({ RuleID: id }) => [id]],
  ['Licenses', 'licenses', 'license', ({ Name: id }) => [id]],
];

/** The result without what is ignored or of another severity; what is ignored becomes a modified finding. */
export function filterResult(result, { ignored, source, severities, showSuppressed }) {
  const filtered = { ...result };
  const modified = [...(result.ExperimentalModifiedFindings ?? [])];
  for (const [list, section, type, idsOf] of kinds) {
    if (!Array.isArray(result[list])) continue;
    const kept = [];
    for (const finding of result[list]) {
      if (!severities.includes(finding.Severity ?? 'UNKNOWN')) continue;
      const entry = ignored[section].find((one) => isFor(one, finding, idsOf(finding), result.Target));
      if (entry)
        modified.push({ Type: type, Status: 'ignored', Statement: entry.statement, Source: source, Finding: finding });
      else if (list !== 'Misconfigurations' || finding.Status === 'FAIL') kept.push(finding);
    }
    if (kept.length > 0) filtered[list] = kept;
    else delete filtered[list];
  }
  if (showSuppressed && modified.length > 0) filtered.ExperimentalModifiedFindings = modified;
  else delete filtered.ExperimentalModifiedFindings;
  return filtered;
}

function isFor({ id, paths, purls }, finding, ids, target) {
  if (!ids.includes(id)) return false;
  const places = [target, finding.PkgPath].filter((place) => place !== undefined);
  if (paths.length > 0 && !paths.some((pattern) => places.some((place) => globOf(pattern).test(place)))) return false;
  const purl = finding.PkgIdentifier?.PURL;
  return purl === undefined || purls.length === 0 || purls.some((one) => isSamePackage(one, purl));
}

/** Without a version, all versions are meant; qualifiers count only when they are given. */
function isSamePackage(wanted, purl) {
  const [name, version] = wanted.split('?')[0].split('@');
  const [itsName, itsVersion] = purl.split('?')[0].split('@');
  return name === itsName && (version === undefined || version === itsVersion);
}

/** `**` for folders, `*` within one, `?` and `{a,b}`, as in the doublestar library. */
export function globOf(pattern) {
  const source = pattern.replace(/[.+^$()|[\]\\]/g, '\\$&').replace(/\*\*\/?|\*|\?|\{([^}]*)\}/g, (found, choices) => {
    if (found === '**/') return '(?:.*/)?';
    if (found === '**') return '.*';
    if (found === '*') return '[^/]*';
    if (found === '?') return '[^/]';
    return `(?:${choices.replaceAll(',', '|')})`;
  });
  return new RegExp(`^${source}$`);
}
