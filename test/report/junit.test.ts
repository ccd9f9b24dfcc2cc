import assert from 'node:assert/strict';
import { test } from 'node:test';
import { junitReport } from '../../server/src/report/junit.ts';
import { fileOf, findingAt, reportOf, sample } from './sample.ts';

test('junit has a suite for each file and a failed case for each problem', () => {
  assert.equal(
    junitReport(sample),
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="shipshape" tests="5" failures="3" errors="1">
  <testsuite name="docker/Dockerfile" tests="3" failures="3" errors="0">
    <testcase name="base-image-latest (1:13)" classname="docker/Dockerfile" file="docker/Dockerfile" line="1">
      <failure type="warning" message="&apos;latest&apos; moves: pin &apos;debian&apos; to a version">docker/Dockerfile:1:13 &apos;latest&apos; moves: pin &apos;debian&apos; to a version</failure>
    </testcase>
    <testcase name="some-rule (2:5)" classname="docker/Dockerfile" file="docker/Dockerfile" line="2">
      <failure type="error" message="50% of: this,&#10;is &lt;wrong&gt; &amp; &quot;odd&quot;">docker/Dockerfile:2:5 50% of: this,&#10;is &lt;wrong&gt; &amp; &quot;odd&quot;</failure>
    </testcase>
    <testcase name="maintainer-deprecated (4:15)" classname="docker/Dockerfile" file="docker/Dockerfile" line="4">
      <failure type="info" message="&apos;me&apos; is nobody">docker/Dockerfile:4:15 &apos;me&apos; is nobody</failure>
    </testcase>
  </testsuite>
  <testsuite name="clean.Dockerfile" tests="1" failures="0" errors="0">
    <testcase name="no problems" classname="clean.Dockerfile" file="clean.Dockerfile"/>
  </testsuite>
  <testsuite name="gone" tests="1" failures="0" errors="1">
    <testcase name="read" classname="gone">
      <error message="permission denied"/>
    </testcase>
  </testsuite>
</testsuites>
`,
  );
});

test('junit holds nothing that XML cannot', () => {
  const report = reportOf({
    ...fileOf('Dockerfile', 'FROM x', [findingAt(0, 4, 'nul \0 ]]> 🚢')]),
    path: 'a\u001b\ud800.Dockerfile',
  });
  const text = junitReport(report);
  assert.doesNotMatch(text, /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
  assert.match(text, /name="a\ufffd\ufffd\.Dockerfile"/u);
  assert.match(text, /message="nul \ufffd \]\]&gt; 🚢"/u);
});
