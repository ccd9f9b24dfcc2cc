import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonReport } from '../../server/src/report/json.ts';
import { sample } from './sample.ts';

test('json keeps its contract', () => {
  assert.deepEqual(JSON.parse(jsonReport(sample)), {
    version: '1.2.3',
    files: [
      {
        path: 'docker/Dockerfile',
        problems: [
          {
            rule: 'base-image-latest',
            aliases: ['hadolint:DL3007', 'trivy:DS-0001'],
            severity: 'warning',
            message: "'latest' moves: pin 'debian' to a version",
            start: { line: 1, column: 13 },
            end: { line: 1, column: 19 },
            fix: {
              title: "Pin to 'debian:12'",
              safe: false,
              edits: [{ start: { line: 1, column: 13 }, end: { line: 1, column: 19 }, text: '12' }],
            },
            related: [{ message: 'needs a package of it', start: { line: 3, column: 5 }, end: { line: 3, column: 9 } }],
          },
          {
            rule: 'some-rule',
            aliases: [],
            severity: 'error',
            message: '50% of: this,\nis <wrong> & "odd"',
            start: { line: 2, column: 5 },
            end: { line: 3, column: 9 },
          },
          {
            rule: 'maintainer-deprecated',
            aliases: ['hadolint:DL4000'],
            severity: 'info',
            message: "'me' is nobody",
            start: { line: 4, column: 15 },
            end: { line: 4, column: 17 },
            fix: {
              title: 'Remove it and write a file',
              safe: true,
              edits: [{ start: { line: 4, column: 14 }, end: { line: 4, column: 17 }, text: '' }],
              newFiles: [{ path: '.dockerignore', text: '.git\n' }],
            },
          },
        ],
      },
      { path: 'clean.Dockerfile', problems: [] },
    ],
    summary: { files: 2, problems: 3, error: 1, warning: 1, info: 1, hint: 0, fixable: 2 },
  });
});
