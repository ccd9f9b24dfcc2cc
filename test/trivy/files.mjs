// A scanner as small as can be: enough for files of a test to get the findings that Trivy would give them.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { globOf } from './ignore.mjs';
import { Fatal } from './options.mjs';

const advisories = [
  ['npm', 'lodash', '4.17.21', 'CVE-2021-23337', 'HIGH', 'nodejs-lodash: command injection via template'],
  ['npm', 'minimist', '1.2.6', 'CVE-2021-44906', 'CRITICAL', 'minimist: prototype pollution'],
  ['pip', 'flask', '2.2.5', 'CVE-2023-30861', 'HIGH', 'flask: possible disclosure of permanent session cookie'],
  ['pip', 'jinja2', undefined, 'CVE-2019-8341', 'MEDIUM', 'python-jinja2: injection in from_string'],
];

/** The results for a file or folder, as `fs` and `config` give them. */
export function lookAt(root, { scanners, skipDirs, patterns, withPackages }) {
  if (!existsSync(root))
    throw new Fatal(
      `filesystem scan error: scan error: unable to initialize a scan service: stat ${root}: no such file or directory`,
    );
  const isFile = statSync(root).isFile();
  const files = isFile ? [root] : [...walk(root, root, skipDirs.map(globOf))];
  const results = [];
  for (const file of files) {
    const target = isFile ? basename(root) : relative(root, file).replaceAll('\\', '/');
    const text = readFileSync(file, 'utf8');
    if (scanners.includes('vuln')) results.push(...vulnerabilitiesIn(target, text, withPackages));
    if (scanners.includes('misconfig') && isDockerfile(target, patterns))
      results.push(misconfigurationsIn(target, text));
    if (scanners.includes('secret')) results.push(...secretsIn(target, text));
  }
  const order = ['lang-pkgs', 'config', 'secret'];
  return results.sort((a, b) => order.indexOf(a.Class) - order.indexOf(b.Class));
}

function* walk(folder, root, skipped) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const place = relative(root, path).replaceAll('\\', '/');
    if (entry.isDirectory()) {
      if (entry.name === '.git' || entry.name === 'node_modules' || skipped.some((glob) => glob.test(place))) continue;
      yield* walk(path, root, skipped);
    } else if (entry.isFile() && statSync(path).size < 1_000_000) yield path;
  }
}

function vulnerabilitiesIn(target, text, withPackages) {
  const name = basename(target);
  const type = name === 'package-lock.json' ? 'npm' : name === 'requirements.txt' ? 'pip' : undefined;
  if (type === undefined) return [];
  const packages = type === 'npm' ? npmPackages(text) : pipPackages(text);
  const vulnerabilities = packages.flatMap((one) => vulnerabilitiesOf(type, one));
  return [
    {
      Target: target,
      Class: 'lang-pkgs',
      Type: type,
      ...(withPackages && { Packages: packages }),
      ...(vulnerabilities.length > 0 && { Vulnerabilities: vulnerabilities }),
    },
  ];
}

function npmPackages(text) {
  let lock;
  try {
    lock = JSON.parse(text);
  } catch {
    return [];
  }
  const lines = text.split('\n');
  return Object.entries(lock.packages ?? {}).flatMap(([path, { version }]) => {
    const name = path.split('node_modules/').at(-1);
    if (name === '' || version === undefined) return [];
    const first = lines.findIndex((line) => line.includes(`"${path}"`)) + 1;
    const last = first + lines.slice(first).findIndex((line) => /^\s{4}\}/.test(line)) + 1;
    return [packageOf('npm', name, version, [{ StartLine: first, EndLine: last }])];
  });
}

function pipPackages(text) {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const [, name, version] = /^([\w.-]+)==([\w.]+)/.exec(line) ?? [];
    return name === undefined ? [] : [packageOf('pypi', name, version, [{ StartLine: index + 1, EndLine: index + 1 }])];
  });
}

function packageOf(ecosystem, name, version, locations) {
  const purl = `pkg:${ecosystem}/${name.toLowerCase().replace(/^@/, '%40')}@${version}`;
  const uid = [...purl].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7).toString(16);
  const id = ecosystem === 'npm' ? { ID: `${name}@${version}` } : {};
  return {
    ...id,
    Name: name,
    Identifier: { PURL: purl, UID: uid },
    Version: version,
    Relationship: 'direct',
    Locations: locations,
  };
}

function vulnerabilitiesOf(type, { ID: id, Name: name, Identifier: identifier, Version: version }) {
  return advisories
    .filter(
      ([kind, one, fixed]) =>
        kind === type && one === name.toLowerCase() && (fixed === undefined || isBefore(version, fixed)),
    )
    .map(([, , fixed, cve, severity, title]) => ({
      VulnerabilityID: cve,
      ...(id !== undefined && { PkgID: id }),
      PkgName: name,
      PkgIdentifier: identifier,
      InstalledVersion: version,
      ...(fixed !== undefined && { FixedVersion: fixed }),
      Status: fixed === undefined ? 'affected' : 'fixed',
      SeveritySource: 'ghsa',
      PrimaryURL: `https://avd.aquasec.com/nvd/${cve.toLowerCase()}`,
      DataSource: { ID: 'ghsa', Name: `GitHub Security Advisory ${type}`, URL: 'https://github.com/advisories' },
      Title: title,
      Description: `${title}. Everything before ${fixed ?? 'the next release'} is affected.`,
      Severity: severity,
      References: [`https://nvd.nist.gov/vuln/detail/${cve}`],
    }));
}

function isBefore(version, fixed) {
  const parts = (text) => text.split('.').map(Number);
  for (const [index, wanted] of parts(fixed).entries()) {
    const part = parts(version)[index] ?? 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}

function isDockerfile(target, patterns) {
  const name = basename(target);
  const isKnown = /^(Dockerfile|Containerfile)(\.[^.]*)?$/.test(name) || /\.(dockerfile|containerfile)$/i.test(name);
  return isKnown || patterns.some((one) => one.startsWith('dockerfile:') && new RegExp(one.slice(11)).test(target));
}

function misconfigurationsIn(target, text) {
  const lines = text.split(/\r?\n/);
  const lineOf = (pattern) => lines.findIndex((line) => pattern.test(line)) + 1;
  const latest = lineOf(/^FROM\s+[^\s:@]+(:latest)?(\s|$)/i);
  const found = [];
  if (latest > 0)
    found.push(
      checkOf('DS-0001', 'MEDIUM', "':latest' tag used", 'Add a tag to the image in the FROM statement', latest),
    );
  if (lineOf(/^USER\s+(?!root\b|0\b)/i) === 0)
    found.push(
      checkOf(
        'DS-0002',
        'HIGH',
        "Image user should not be 'root'",
        "Add 'USER <non root user name>' line to the Dockerfile",
      ),
    );
  if (lineOf(/^HEALTHCHECK\b/i) === 0)
    found.push(checkOf('DS-0026', 'LOW', 'No HEALTHCHECK defined', 'Add HEALTHCHECK instruction in Dockerfile'));
  return {
    Target: target,
    Class: 'config',
    Type: 'dockerfile',
    MisconfSummary: { Successes: 27 - found.length, Failures: found.length },
    Misconfigurations: found,
  };
}

function checkOf(id, severity, title, resolution, line) {
  const number = id.slice(3).replace(/^0/, '');
  return {
    Type: 'Dockerfile Security Check',
    ID: id,
    Title: title,
    Description: `${title}.`,
    Message: resolution,
    Namespace: `builtin.dockerfile.DS${number}`,
    Query: `data.builtin.dockerfile.DS${number}.deny`,
    Resolution: resolution,
    Severity: severity,
    PrimaryURL: `https://avd.aquasec.com/misconfig/${id.toLowerCase()}`,
    References: [`https://avd.aquasec.com/misconfig/${id.toLowerCase()}`],
    Status: 'FAIL',
    CauseMetadata: {
      Provider: 'Dockerfile',
      Service: 'general',
      ...(line !== undefined && { StartLine: line, EndLine: line }),
    },
  };
}

function secretsIn(target, text) {
  const lines = text.split(/\r?\n/);
  const secrets = lines.flatMap((line, index) => {
    const found = /(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])/.exec(line);
    if (!found) return [];
    const match = line.replace(found[0], '*'.repeat(found[0].length));
    return [
      {
        RuleID: 'aws-access-key-id',
        Category: 'AWS',
        Severity: 'CRITICAL',
        Title: 'AWS Access Key ID',
        StartLine: index + 1,
        EndLine: index + 1,
        Code: { Lines: [{ Number: index + 1, Content: match, IsCause: true, FirstCause: true, LastCause: true }] },
        Match: match,
        Offset: lines.slice(0, index).join('\n').length + found.index + (index > 0 ? 1 : 0),
      },
    ];
  });
  return secrets.length === 0 ? [] : [{ Target: target, Class: 'secret', Secrets: secrets }];
}
