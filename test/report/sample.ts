import type { Finding } from '../../server/src/engine/finding.ts';
import type { FileReport, Report } from '../../server/src/report/report.ts';

const text = 'FROM debian:latest\nRUN apt-get install -y \\\n    curl\nMAINTAINER 名前 me\n';

const findings: readonly Finding[] = [
  {
    rule: 'base-image-latest',
    aliases: ['hadolint:DL3007', 'trivy:DS-0001'],
    severity: 'warning',
    message: "'latest' moves: pin 'debian' to a version",
    ...at('latest'),
    fix: { title: "Pin to 'debian:12'", safe: false, edits: [{ ...at('latest'), text: '12' }] },
    related: [{ ...at('curl'), message: 'needs a package of it' }],
  },
  {
    rule: 'some-rule',
    aliases: [],
    severity: 'error',
    message: '50% of: this,\nis <wrong> & "odd"',
    ...at('apt-get install -y \\\n    curl'),
  },
  {
    rule: 'maintainer-deprecated',
    aliases: ['hadolint:DL4000'],
    severity: 'info',
    message: "'me' is nobody",
    ...at('me'),
    fix: {
      title: 'Remove it and write a file',
      safe: true,
      edits: [{ ...at(' me'), text: '' }],
      newFiles: [{ path: '.dockerignore', text: '.git\n' }],
    },
  },
];

export const sampleFile = fileOf('docker/Dockerfile', text, findings);

export const sample: Report = {
  version: '1.2.3',
  root: 'file:///repo/',
  files: [sampleFile, fileOf('clean.Dockerfile', 'FROM scratch\n', [])],
  unreadable: [{ path: 'gone', uri: 'file:///repo/gone', message: 'permission denied' }],
};

/** A report on one file. */
export function reportOf(...files: readonly FileReport[]): Report {
  return { ...sample, files, unreadable: [] };
}

export function fileOf(path: string, content: string, found: readonly Finding[]): FileReport {
  const uri = `file:///repo/${encodeURIComponent(path).replaceAll('%2F', '/')}`;
  return { path, uri, kind: 'dockerfile', text: content, findings: found };
}

/** A finding without more to it. */
export function findingAt(start: number, end: number, message = 'is wrong'): Finding {
  return { rule: 'some-rule', aliases: [], severity: 'warning', message, range: { start, end } };
}

function at(part: string): { readonly range: { readonly start: number; readonly end: number } } {
  const start = text.indexOf(part);
  return { range: { start, end: start + part.length } };
}
