import assert from 'node:assert/strict';
import { test } from 'node:test';
import { githubReport } from '../../server/src/report/github.ts';
import { fileOf, findingAt, reportOf, sample } from './sample.ts';

test('github writes one workflow command for each problem', () => {
  assert.equal(
    githubReport(sample),
    `::warning file=docker/Dockerfile,line=1,endLine=1,col=13,endColumn=19,title=base-image-latest::'latest' moves: pin 'debian' to a version
::error file=docker/Dockerfile,line=2,endLine=3,title=some-rule::50%25 of: this,%0Ais <wrong> & "odd"
::notice file=docker/Dockerfile,line=4,endLine=4,col=15,endColumn=17,title=maintainer-deprecated::'me' is nobody
::error file=gone::permission denied
`,
  );
});

test('github escapes what would end a property', () => {
  const report = reportOf(fileOf('a,b:c%\n::error::x', 'FROM x', [findingAt(0, 4)]));
  assert.equal(
    githubReport(report),
    '::warning file=a%2Cb%3Ac%25%0A%3A%3Aerror%3A%3Ax,line=1,endLine=1,col=1,endColumn=5,title=some-rule::is wrong\n',
  );
});
