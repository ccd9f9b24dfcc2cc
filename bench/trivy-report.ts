// Reads a Trivy report of 50 MB: `node bench/trivy-report.ts [megabytes]`. Each way of reading has a process of its own, as memory is
// counted by process, and JSON.parse of the whole reads the same file in the same run. The limit is for the processor's time, which is the
// clock's on a quiet machine.
import { spawnSync } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readReport } from '../client/src/scan/read/read-report.ts';
import { medianOf, take, type Taken } from './measure.ts';

const limits = { seconds: 1.5, megabytes: 200 };
const mega = 1024 * 1024;

interface Reading {
  readonly taken: Taken;
  /** How far memory grew beyond what the process had before. */
  readonly megabytes: number;
  readonly findings: number;
}

const [way, path] = process.argv.slice(2);
if ((way === 'stream' || way === 'whole') && path !== undefined) console.log(JSON.stringify(await read(way, path)));
else await compare(Number(way ?? 50));

async function compare(megabytes: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const file = join(folder, 'report.json');
    const expected = await writeReport(file, megabytes * mega);
    console.log(`A report of ${Math.round(statSync(file).size / mega)} MB with ${expected} findings`);
    const stream = measure('stream', file);
    const whole = measure('whole', file);
    for (const [name, { taken, megabytes: more }] of Object.entries({ 'our reader': stream, 'JSON.parse': whole }))
      console.log(
        `${name.padEnd(12)} ${seconds(taken.cpu)} cpu, ${seconds(taken.wall)} wall, ${Math.round(more)} MB more memory`,
      );
    if (stream.findings !== expected) throw new Error(`${stream.findings} findings were read`);
    const isKept = stream.taken.cpu / 1000 < limits.seconds && stream.megabytes < limits.megabytes;
    console.log(`limits       ${limits.seconds.toFixed(2)} s, ${limits.megabytes} MB: ${isKept ? 'kept' : 'BROKEN'}`);
    if (!isKept) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function measure(way: 'stream' | 'whole', file: string): Reading {
  const runs = Array.from({ length: 3 }, () => {
    const { stdout, status } = spawnSync(process.execPath, [import.meta.filename, way, file], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`Reading as a ${way} failed`);
    return JSON.parse(stdout) as Reading;
  });
  return {
    taken: medianOf(runs.map(({ taken }) => taken)),
    megabytes: Math.max(...runs.map(({ megabytes }) => megabytes)),
    findings: runs[0]?.findings ?? 0,
  };
}

async function read(way: 'stream' | 'whole', file: string): Promise<Reading> {
  const before = process.resourceUsage().maxRSS;
  let findings = 0;
  const taken = await take(async () => {
    findings = way === 'stream' ? await readStreamed(file) : readWhole(file);
  });
  return { taken, megabytes: (process.resourceUsage().maxRSS - before) / 1024, findings };
}

async function readStreamed(file: string): Promise<number> {
  return (await readReport(createReadStream(file, { highWaterMark: 256 * 1024 }))).findings.length;
}

function readWhole(file: string): number {
  const report = JSON.parse(readFileSync(file, 'utf8')) as { Results: { Vulnerabilities?: unknown[] }[] };
  return report.Results.reduce((sum, { Vulnerabilities: some }) => sum + (some?.length ?? 0), 0);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** As Trivy writes it for a large image: indented, packages before their vulnerabilities, each with scores and references. */
async function writeReport(file: string, size: number): Promise<number> {
  const out = createWriteStream(file);
  let written = 0;
  const write = async (text: string): Promise<void> => {
    written += text.length;
    if (!out.write(text)) await once(out, 'drain');
  };
  const layers = Array.from({ length: 12 }, (_, index) => hash(index));
  const head = {
    SchemaVersion: 2,
    CreatedAt: '2026-11-20T10:00:00Z',
    ArtifactName: 'large:1',
    ArtifactType: 'container_image',
    Metadata: {
      OS: { Family: 'debian', Name: '12.5' },
      ImageID: hash(99),
      DiffIDs: layers,
      ImageConfig: { history: layers.map((_, index) => ({ created_by: `RUN step ${index}` })) },
    },
  };
  await write(`${JSON.stringify(head, undefined, 2).slice(0, -2)},\n  "Results": [\n`);
  let findings = 0;
  for (let result = 0; written < size; result++) {
    const name = result % 2 === 0 ? ['os-pkgs', 'debian'] : ['lang-pkgs', 'npm'];
    const target = result % 2 === 0 ? 'large:1 (debian 12.5)' : `app/${result}/package-lock.json`;
    await write(
      `${result === 0 ? '' : ',\n'}    {"Target": "${target}", "Class": "${name[0]}", "Type": "${name[1]}",\n`,
    );
    await write(`      "Packages": [\n${list(400, (index) => packageOf(index, layers, result % 2 === 1))}\n      ],\n`);
    await write('      "Vulnerabilities": [\n');
    const share = result % 2 === 0 ? 2000 : 500;
    for (let index = 0; index < share; index += 100) {
      await write(
        `${index === 0 ? '' : ',\n'}${list(100, (next) => vulnerabilityOf(result * 5000 + index + next, layers))}`,
      );
    }
    findings += share;
    await write('\n      ]\n    }');
  }
  await write('\n  ]\n}\n');
  out.end();
  await once(out, 'close');
  return findings;
}

function packageOf(index: number, layers: readonly string[], isLocked: boolean): unknown {
  return {
    ID: `package-${index}@1.${index}.0`,
    Name: `package-${index}`,
    Identifier: { PURL: `pkg:npm/package-${index}@1.${index}.0`, UID: hash(index).slice(7, 23) },
    Version: `1.${index}.0`,
    Licenses: ['MIT'],
    DependsOn: [`package-${index + 1}@1.${index + 1}.0`],
    Layer: { DiffID: layers[index % layers.length] },
    ...(isLocked ? { Locations: [{ StartLine: index * 10 + 1, EndLine: index * 10 + 9 }] } : {}),
    InstalledFiles: isLocked
      ? undefined
      : Array.from({ length: 8 }, (_, file) => `/usr/share/package-${index}/file-${file}.so`),
  };
}

function vulnerabilityOf(index: number, layers: readonly string[]): unknown {
  const id = `CVE-2025-${10000 + index}`;
  const sentence = `The function number ${index} of the library reads beyond its buffer when it is given a crafted "header". `;
  return {
    VulnerabilityID: id,
    PkgID: `package-${index % 400}@1.${index % 400}.0`,
    PkgName: `package-${index % 400}`,
    PkgIdentifier: { PURL: `pkg:npm/package-${index % 400}@1.${index % 400}.0`, UID: hash(index % 400).slice(7, 23) },
    InstalledVersion: `1.${index % 400}.0`,
    FixedVersion: index % 3 === 0 ? undefined : `1.${index % 400}.1, 2.0.0`,
    Status: index % 3 === 0 ? 'affected' : 'fixed',
    Layer: { Digest: hash(index % 12), DiffID: layers[index % layers.length] },
    SeveritySource: 'nvd',
    PrimaryURL: `https://avd.aquasec.com/nvd/${id.toLowerCase()}`,
    DataSource: {
      ID: 'debian',
      Name: 'Debian Security Tracker',
      URL: 'https://salsa.debian.org/security-tracker-team/security-tracker',
    },
    Title: `library: out-of-bounds read ${index}`,
    Description: sentence.repeat(4 + (index % 5)),
    Severity: ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'][index % 4],
    CweIDs: ['CWE-125'],
    VendorSeverity: { nvd: 3, redhat: 2, ubuntu: 2 },
    CVSS: {
      nvd: { V3Vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H', V3Score: 7.5 },
      redhat: { V3Vector: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H', V3Score: 5.9 },
    },
    References: Array.from({ length: 8 }, (_, place) => `https://example.com/advisories/${place}/${id}`),
    PublishedDate: '2025-03-01T17:15:00Z',
    LastModifiedDate: '2025-06-20T22:15:00Z',
  };
}

function list(count: number, item: (index: number) => unknown): string {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify(item(index), undefined, 2).replaceAll('\n', '\n        '),
  ).join(',\n');
}

function hash(seed: number): string {
  return `sha256:${seed.toString(16).padStart(64, '5')}`;
}
