import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { placeFindings } from '../../../client/src/scan/place/place.ts';
import { sarifOf } from '../../../client/src/scan/sarif.ts';
import { misconfiguration, report, secret, vulnerability } from './sample-findings.ts';

// The schema is of draft 4, and says nothing that later drafts read differently but its own name.
const {
  $schema: _draft,
  id: _id,
  ...schema
} = createRequire(import.meta.url)('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json') as Record<
  string,
  unknown
>;
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(schema);

const text = 'FROM debian:12.1\nRUN sudo make\n';
const files = [{ uri: 'file:///repo/a%20b/Dockerfile', path: 'Dockerfile', text }];
const found = report(
  [
    misconfiguration({ id: 'DS-0010', lines: { first: 2, last: 2 }, link: 'https://avd.aquasec.com/ds-0010' }),
    misconfiguration({ id: 'DS-0010', lines: { first: 1, last: 1 }, resolution: 'Do not' }),
    vulnerability({
      id: 'CVE-1',
      packageName: 'libc6',
      installedVersion: '2',
      severity: 'CRITICAL',
      link: 'javascript:alert(1)',
    }),
    secret({ target: '/srv/ü &.env', severity: 'LOW' }),
  ],
  { trivyVersion: '0.69.3' },
);
const placed = placeFindings(found, { files });

interface Log {
  readonly runs: readonly {
    readonly tool: {
      readonly driver: {
        readonly name: string;
        readonly rules: readonly { readonly id: string; readonly helpUri?: string }[];
      };
    };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly locations: readonly { readonly physicalLocation: unknown }[];
    }[];
  }[];
}

test('the export is valid SARIF 2.1.0', () => {
  for (const root of [undefined, 'file:///repo/']) {
    const log: unknown = JSON.parse(sarifOf({ report: found, placed, files, ...(root !== undefined && { root }) }));
    assert.ok(validate(log), JSON.stringify(validate.errors, undefined, 2));
  }
  assert.ok(validate(JSON.parse(sarifOf({ report: report([]), placed: [], files: [] }))));
});

test('each finding is there, by its rule and where it was put', () => {
  const { runs } = JSON.parse(sarifOf({ report: found, placed, files, root: 'file:///repo/' })) as Log;
  const [run] = runs;
  assert.ok(run);
  assert.deepEqual(
    run.tool.driver.rules.map(({ id, helpUri }) => [id, helpUri]),
    [
      ['DS-0010', 'https://avd.aquasec.com/ds-0010'],
      ['CVE-1', undefined],
      ['aws-access-key-id', undefined],
    ],
  );
  assert.deepEqual(
    run.results.map(({ ruleId, ruleIndex, level }) => [ruleId, ruleIndex, level]),
    [
      ['DS-0010', 0, 'error'],
      ['DS-0010', 0, 'error'],
      ['CVE-1', 1, 'error'],
      ['aws-access-key-id', 2, 'note'],
    ],
  );
  assert.deepEqual(run.results[0]?.locations[0]?.physicalLocation, {
    artifactLocation: { uri: 'a%20b/Dockerfile', uriBaseId: '%SRCROOT%' },
    region: { startLine: 2, startColumn: 1, endLine: 2, endColumn: 14 },
  });
  assert.deepEqual(run.results[3]?.locations[0]?.physicalLocation, {
    artifactLocation: { uri: 'srv/%C3%BC%20&.env' },
    region: { startLine: 1, endLine: 1 },
  });
});
