import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitlabReport } from '../../server/src/report/gitlab.ts';
import { fileOf, findingAt, reportOf, sample } from './sample.ts';

interface Entry {
  readonly fingerprint: string;
}

test('gitlab lists problems as Code Quality expects them', () => {
  const entries = entriesOf(gitlabReport(sample));
  assert.deepEqual(
    entries.map(({ fingerprint, ...entry }) => (assert.match(fingerprint, /^[0-9a-f]{16}$/), entry)),
    [
      {
        description: "'latest' moves: pin 'debian' to a version",
        check_name: 'base-image-latest',
        severity: 'major',
        location: { path: 'docker/Dockerfile', lines: { begin: 1, end: 1 } },
      },
      {
        description: '50% of: this,\nis <wrong> & "odd"',
        check_name: 'some-rule',
        severity: 'critical',
        location: { path: 'docker/Dockerfile', lines: { begin: 2, end: 3 } },
      },
      {
        description: "'me' is nobody",
        check_name: 'maintainer-deprecated',
        severity: 'minor',
        location: { path: 'docker/Dockerfile', lines: { begin: 4, end: 4 } },
      },
    ],
  );
});

test('fingerprints survive other lines, and tell equal lines apart', () => {
  const fingerprints = (text: string, path = 'Dockerfile'): readonly string[] => {
    const findings = [...text.matchAll(/bad/g)].map(({ index }) => findingAt(index, index + 3));
    return entriesOf(gitlabReport(reportOf(fileOf(path, text, findings)))).map((entry) => entry.fingerprint);
  };
  const [first, second] = fingerprints('RUN bad\nRUN bad\n');
  assert.notEqual(first, second);
  assert.deepEqual(fingerprints('# new\n\nRUN   bad\r\nUSER x\nRUN bad\n'), [first, second]);
  assert.notDeepEqual(fingerprints('RUN bad\nRUN bad\n', 'other/Dockerfile'), [first, second]);
  assert.notEqual(fingerprints('RUN bad --now\n')[0], first);
});

function entriesOf(text: string): readonly Entry[] {
  return JSON.parse(text) as Entry[];
}
