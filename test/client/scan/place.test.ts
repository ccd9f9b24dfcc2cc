import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../client/src/scan/finding.ts';
import { marksOf, type Levels } from '../../../client/src/scan/place/marks.ts';
import { newerTag } from '../../../client/src/scan/place/newer-tag.ts';
import { placeFindings } from '../../../client/src/scan/place/place.ts';
import type { Surroundings } from '../../../client/src/scan/place/surroundings.ts';
import { parseImageReference } from '../../../server/src/model/image-reference.ts';
import { underline } from '../../../server/src/text/draw.ts';
import { misconfiguration, report, secret, vulnerability } from './sample-findings.ts';

const levels: Levels = { CRITICAL: 'error', HIGH: 'warning', MEDIUM: 'information', LOW: 'hint', UNKNOWN: 'off' };
const dockerfile = `\
FROM node:20.11.0-slim AS build
WORKDIR /app
COPY package.json ./
RUN npm ci

FROM debian:12.1-slim
RUN apt-get update && \\
    # for the health check
    apt-get install -y --no-install-recommends curl=7.88.1-10 \\
      ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=build /app /app
USER nobody
`;
/** As BuildKit writes it, over a base of one layer. */
const history = [
  ['/bin/sh -c #(nop) ADD file:4d3f in / ', false],
  ['/bin/sh -c #(nop)  CMD ["bash"]', true],
  [
    'RUN /bin/sh -c apt-get update &&     apt-get install -y --no-install-recommends curl=7.88.1-10       ca-certificates && rm -rf /var/lib/apt/lists/* # buildkit',
    false,
  ],
  ['COPY /app /app # buildkit', false],
  ['USER nobody', true],
].map(([createdBy, isEmpty]) => ({ createdBy: String(createdBy), isEmpty: isEmpty === true }));
const diffIds = ['sha256:base', 'sha256:apt', 'sha256:app'];
const [base, apt, app] = [{ diffId: 'sha256:base' }, { diffId: 'sha256:apt' }, { diffId: 'sha256:app' }];

test('findings of an image are underlined where they came from', () => {
  const findings = [
    vulnerability({
      id: 'CVE-1',
      packageName: 'libc6',
      installedVersion: '2.36-9',
      fixedVersions: ['2.36-9+deb12u4'],
      layer: base,
    }),
    vulnerability({
      id: 'CVE-2',
      packageName: 'perl-base',
      installedVersion: '5.36',
      severity: 'CRITICAL',
      layer: base,
    }),
    vulnerability({
      id: 'CVE-3',
      packageName: 'curl',
      installedVersion: '7.88.1-10',
      fixedVersions: ['7.88.1-10+deb12u8'],
      layer: apt,
    }),
    vulnerability({
      id: 'CVE-4',
      packageName: 'libcurl4',
      installedVersion: '7.88.1-10',
      severity: 'MEDIUM',
      layer: apt,
    }),
    vulnerability({
      id: 'CVE-5',
      packageName: 'minimist',
      installedVersion: '1.2.0',
      resultClass: 'lang-pkgs',
      resultType: 'node-pkg',
      target: 'Node.js',
      packagePath: 'app/node_modules/minimist/package.json',
      layer: app,
    }),
    // Nobody says where it came from.
    vulnerability({ id: 'CVE-6', packageName: 'tzdata', installedVersion: '2023', severity: 'LOW' }),
  ];
  assert.equal(
    drawn(findings, { dockerfile: { uri: 'Dockerfile', text: dockerfile }, files: [] }),
    `\
FROM node:20.11.0-slim AS build
WORKDIR /app
COPY package.json ./
RUN npm ci

FROM debian:12.1-slim
     ^^^^^^^^^^^^^^^^ error: 'debian:12.1-slim' brings 3 vulnerabilities: 1 critical, 1 high, 1 low; 1 goes away with updated packages, as a newer 'debian:12-slim' has them
RUN apt-get update && \\
    # for the health check
    apt-get install -y --no-install-recommends curl=7.88.1-10 \\
    ^^^^^^^^^^^^^^^ information: 'libcurl4' 7.88.1-10 has CVE-4 (medium), no fix yet: something is wrong
                                               ^^^^ warning: 'curl' 7.88.1-10 has CVE-3 (high), fixed in 7.88.1-10+deb12u8: something is wrong
      ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=build /app /app
^^^^ warning: 'minimist' 1.2.0 has CVE-5 (high), no fix yet: something is wrong
USER nobody
`,
  );
});

const manifest = `\
{
\t"name": "app",
\t"dependencies": {
\t\t"lodash": "^4.17.15",
\t\t"express": "4.18.0"
\t}
}
`;

test('a direct dependency is underlined in its manifest, once for each weight', () => {
  const lodash = (id: string, fixed: readonly string[], severity: Finding['severity']): Finding =>
    vulnerability({
      id,
      packageName: 'lodash',
      installedVersion: '4.17.15',
      fixedVersions: fixed,
      severity,
      resultClass: 'lang-pkgs',
      resultType: 'node-pkg',
      packagePath: 'app/node_modules/lodash/package.json',
      target: 'Node.js',
      layer: app,
    });
  const findings = [
    lodash('CVE-1', ['4.17.19'], 'HIGH'),
    lodash('CVE-2', ['4.17.21', '5.0.1'], 'HIGH'),
    lodash('CVE-3', ['4.17.20'], 'CRITICAL'),
  ];
  const files = [{ uri: 'package.json', path: 'package.json', text: manifest }];
  assert.equal(
    drawn(findings, { dockerfile: { uri: 'Dockerfile', text: dockerfile }, files }, 'package.json').replaceAll(
      '\t',
      ' ',
    ),
    `\
{
 "name": "app",
 "dependencies": {
  "lodash": "^4.17.15",
             ^^^^^^^^ warning: 'lodash' 4.17.15 has 2 high vulnerabilities: 4.17.21 fixes all
             ^^^^^^^^ error: 'lodash' 4.17.15 has CVE-3 (critical), fixed in 4.17.20: something is wrong
  "express": "4.18.0"
 }
}
`,
  );
  const raised = manifest.replace('^4.17.15', '^4.17.21');
  const after = {
    dockerfile: { uri: 'Dockerfile', text: dockerfile },
    files: [{ uri: 'package.json', path: 'package.json', text: raised }],
  };
  assert.equal(
    drawn(findings, after, 'package.json'),
    raised,
    'what the manifest no longer asks for is not underlined',
  );
});

test('of two manifests the one in the folder of the lockfile counts', () => {
  const finding = vulnerability({
    id: 'CVE-1',
    packageName: 'lodash',
    installedVersion: '4.17.15',
    resultType: 'npm',
    target: 'web/package-lock.json',
    lines: { first: 2, last: 2 },
  });
  const file = (path: string, text: string) => ({ uri: path, path, text });
  const files = [
    file('package.json', manifest),
    file('web/package.json', manifest),
    file('web/package-lock.json', '{\n "x": 1\n}\n'),
  ];
  assert.equal(placeFindings(report([finding]), { files })[0]?.place?.uri, 'web/package.json');
  const indirect = { ...finding, packageName: 'left-pad' };
  const place = placeFindings(report([indirect]), { files })[0]?.place;
  assert.deepEqual([place?.uri, place?.range], ['web/package-lock.json', { start: 3, end: 9 }]);
});

test('a secret and a misconfiguration are underlined on their line', () => {
  const text = 'FROM debian:latest\nRUN cd /tmp && \\\n    make\nRUN sudo make\n';
  const findings = [
    misconfiguration({ id: 'DS-0013', lines: { first: 2, last: 3 }, severity: 'MEDIUM' }),
    misconfiguration({ id: 'DS-0010', lines: { first: 4, last: 4 }, severity: 'CRITICAL' }),
    misconfiguration({ id: 'DS-0026', severity: 'LOW' }),
    secret({ target: 'Dockerfile', lines: { first: 4, last: 4 }, severity: 'HIGH' }),
    misconfiguration({ id: 'DS-0099', severity: 'UNKNOWN', lines: { first: 1, last: 1 } }),
    misconfiguration({ id: 'DS-0098', lines: { first: 99, last: 100 } }),
  ];
  const files = [{ uri: 'Dockerfile', path: 'Dockerfile', text }];
  assert.equal(
    drawn(findings, { files }),
    `\
FROM debian:latest
^^^^^^^^^^^^^^^^^^ hint: Do better than DS-0026
^^^^^^^^^^^^^^^^^^ warning: Do better than DS-0098
RUN cd /tmp && \\
^^^^^^^^^^^^^^ information: Do better than DS-0013
    make
RUN sudo make
^^^^^^^^^^^^^ error: Do better than DS-0010
^^^^^^^^^^^^^ warning: This looks like a secret (AWS Access Key ID): take it out and replace it where it is used
`,
  );
  assert.equal(placeFindings(report(findings), { files }).length, findings.length, 'nothing is dropped');
});

test('an image without a Dockerfile has its findings in the tree only', () => {
  const findings = [vulnerability({ id: 'CVE-1', packageName: 'curl', installedVersion: '1' })];
  assert.deepEqual(placeFindings(report(findings), { files: [] }), [{ finding: findings[0] }]);
});

test('a target that several files could be is put on none of them', () => {
  const files = ['a/.env', 'b/.env'].map((path) => ({ uri: path, path, text: 'KEY=1\n' }));
  const found = secret({ target: '/srv/.env', lines: { first: 1, last: 1 } });
  assert.equal(placeFindings(report([found]), { files })[0]?.place, undefined);
  const named = { ...found, target: '/srv/b/.env' };
  assert.equal(placeFindings(report([named]), { files })[0]?.place?.uri, 'b/.env');
});

test('the newer tag keeps to its line and variant', () => {
  const tagOf = (image: string): string | undefined => newerTag(parseImageReference(image, 0));
  assert.equal(tagOf('node:20.11.0-slim'), '20-slim');
  assert.equal(tagOf('python:3.11.4-bookworm'), '3.11-bookworm');
  assert.equal(tagOf('node:20-slim'), undefined, 'is the newest of its line already');
  assert.equal(tagOf('node:latest'), undefined);
  assert.equal(tagOf('ghcr.io/acme/node:20.1.0'), undefined, 'nothing is known of it');
  assert.equal(tagOf('node:20.11.0@sha256:0123'), undefined, 'pinned on purpose');
});

function drawn(findings: readonly Finding[], surroundings: Surroundings, uri = 'Dockerfile'): string {
  const placed = placeFindings(report(findings, { history, diffIds }), surroundings);
  const { dockerfile: source, files } = surroundings;
  const text = files.find((file) => file.uri === uri)?.text ?? source?.text ?? '';
  const marks = marksOf(placed, levels, surroundings).filter(({ place }) => place.uri === uri);
  const inOrder = marks.toSorted((a, b) => a.place.range.start - b.place.range.start);
  return underline(
    text,
    inOrder.map(({ place, level, message }) => ({ range: place.range, message: `${level}: ${message}` })),
  );
}
