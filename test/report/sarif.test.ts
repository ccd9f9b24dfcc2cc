import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { suite, test } from 'node:test';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import type { Report } from '../../server/src/report/report.ts';
import type { DescribedRule } from '../../server/src/report/rule-page.ts';
import { sarifReport } from '../../server/src/report/sarif.ts';
import { fileOf, findingAt, reportOf, sample } from './sample.ts';

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

const rules: readonly DescribedRule[] = ['unused', 'base-image-latest', 'some-rule'].map((id) => ({
  language: 'dockerfile',
  rule: {
    id,
    summary: 'Do it right.',
    why: 'Because.',
    category: 'security',
    severity: 'warning',
    aliases: ['hadolint:DL3007'],
    bad: '\nFROM a\n^^^^ no\n=> Fix it\nFROM b\n',
    good: '\nFROM b\n',
  },
}));

suite('sarif', () => {
  test('is valid', () => {
    for (const report of [sample, reportOf(), reportOf(fileOf('a b/Dockerfile', '', [findingAt(0, 0)]))]) {
      const isValid = validate(JSON.parse(sarifReport(report, rules)));
      assert.ok(isValid, JSON.stringify(validate.errors, undefined, 2));
    }
  });

  test('says where and what', () => {
    const run = runOf(sample);
    assert.equal(run.columnKind, 'utf16CodeUnits');
    assert.deepEqual(run.originalUriBaseIds, { '%SRCROOT%': { uri: 'file:///repo/' } });
    assert.deepEqual(
      run.invocations.map((invocation) => invocation.executionSuccessful),
      [false],
    );
    const [first, second, third] = run.results;
    const artifactLocation = { uri: 'docker/Dockerfile', uriBaseId: '%SRCROOT%' };
    const region = { startLine: 1, startColumn: 13, endLine: 1, endColumn: 19 };
    assert.deepEqual(first, {
      ruleId: 'base-image-latest',
      ruleIndex: 0,
      level: 'warning',
      message: { text: "'latest' moves: pin 'debian' to a version" },
      locations: [{ physicalLocation: { artifactLocation, region } }],
      relatedLocations: [
        {
          id: 0,
          physicalLocation: { artifactLocation, region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 9 } },
          message: { text: 'needs a package of it' },
        },
      ],
      partialFingerprints: first?.partialFingerprints,
      fixes: [
        {
          description: { text: "Pin to 'debian:12'" },
          artifactChanges: [
            { artifactLocation, replacements: [{ deletedRegion: region, insertedContent: { text: '12' } }] },
          ],
        },
      ],
    });
    assert.match(first.partialFingerprints['markedLines/v1'] ?? '', /^[0-9a-f]{16}$/);
    assert.equal(second?.level, 'error');
    assert.equal(third?.level, 'note');
    assert.equal(third.fixes, undefined, 'SARIF cannot write new files');
  });

  test('describes the rules that found something', () => {
    const { rules: described } = runOf(sample).tool.driver;
    assert.deepEqual(
      described.map(({ id }) => id),
      ['base-image-latest', 'some-rule'],
    );
    const [rule] = described;
    assert.equal(rule?.name, 'BaseImageLatest');
    assert.deepEqual(rule.defaultConfiguration, { level: 'warning' });
    assert.match(rule.helpUri, /^https:.*\/base-image-latest\.md$/);
    assert.match(rule.help.markdown, /## Why\n\nBecause\./);
    assert.deepEqual(rule.properties, {
      tags: ['security', 'dockerfile', 'hadolint:DL3007'],
      precision: 'high',
      'problem.severity': 'warning',
      'security-severity': '6.0',
    });
  });

  test('names files relative to the folder it ran in, else in full', () => {
    const inside = fileOf('a b/#1/Dockerfile', 'x', [findingAt(0, 1)]);
    const outside = { ...inside, path: '../Dockerfile', uri: 'file:///Dockerfile' };
    const locations = runOf(reportOf(inside, outside)).results.map(
      (result) => result.locations[0]?.physicalLocation.artifactLocation,
    );
    assert.deepEqual(locations, [
      { uri: 'a%20b/%231/Dockerfile', uriBaseId: '%SRCROOT%' },
      { uri: 'file:///Dockerfile' },
    ]);
  });
});

interface Run {
  readonly columnKind: string;
  readonly originalUriBaseIds: object;
  readonly invocations: readonly { readonly executionSuccessful: boolean }[];
  readonly tool: { readonly driver: { readonly rules: readonly DescribedInSarif[] } };
  readonly results: readonly {
    readonly level: string;
    readonly fixes?: object;
    readonly locations: readonly { readonly physicalLocation: { readonly artifactLocation: object } }[];
    readonly partialFingerprints: Readonly<Record<string, string>>;
  }[];
}

interface DescribedInSarif {
  readonly id: string;
  readonly name: string;
  readonly helpUri: string;
  readonly help: { readonly markdown: string };
  readonly defaultConfiguration: object;
  readonly properties: object;
}

function runOf(report: Report): Run {
  const log = JSON.parse(sarifReport(report, rules)) as { runs: [Run] };
  return log.runs[0];
}
