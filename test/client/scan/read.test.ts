import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../client/src/scan/finding.ts';
import { readReport } from '../../../client/src/scan/read/read-report.ts';
import { ReportSplitter, type Sink } from '../../../client/src/scan/read/split.ts';
import { UserError } from '../../../client/src/ui/user-error.ts';
import { everyClass } from '../../trivy/every-class.ts';

const whole = JSON.stringify(everyClass, undefined, 2);
const bytesOf = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => readReport([bytesOf(text)]);
const report = (results: unknown, more: object = {}) => JSON.stringify({ SchemaVersion: 2, ...more, Results: results });
const drawn = (finding: Finding) => {
  const lines = 'lines' in finding ? ` ${finding.lines.first}-${finding.lines.last}` : '';
  return `${finding.kind} ${finding.severity} ${finding.id} ${finding.target}${lines}`;
};

test('every class of result', async () => {
  const { findings, skipped, suppressed, ...rest } = await read(whole);
  assert.deepEqual(findings.map(drawn), [
    'vulnerability CRITICAL CVE-2023-38545 shop:1 (debian 12.5)',
    'vulnerability LOW CVE-2011-3374 shop:1 (debian 12.5)',
    'vulnerability HIGH CVE-2021-23337 package-lock.json 11-15',
    'misconfiguration MEDIUM DS-0001 Dockerfile 1-1',
    'misconfiguration HIGH DS-0002 Dockerfile',
    'misconfiguration HIGH AVD-AWS-0086 main.tf 4-9',
    'secret CRITICAL aws-access-key-id config/.env 3-3',
    'license HIGH GPL-3.0-only OS Packages',
    'license UNKNOWN custom app/LICENSE',
  ]);
  assert.deepEqual(skipped, { CustomResources: 1 });
  assert.equal(suppressed, 1);
  assert.deepEqual(
    { ...rest, history: rest.history.length },
    {
      artifactName: 'shop:1',
      artifactType: 'container_image',
      createdAt: '2026-11-20T10:00:00Z',
      trivyVersion: '0.74.0',
      os: { family: 'debian', name: '12.5', isEndOfLife: true },
      imageId: 'sha256:1mage',
      repoTags: ['shop:1', 'shop:latest'],
      diffIds: ['sha256:base', 'sha256:apt', 'sha256:app'],
      history: 4,
    },
  );
});

test('all that is known of a finding', async () => {
  const { findings } = await read(whole);
  const [curl, , lodash, , user, bucket, secret] = findings;
  assert.deepEqual(curl, {
    kind: 'vulnerability',
    id: 'CVE-2023-38545',
    severity: 'CRITICAL',
    title: 'curl: heap overflow — “SOCKS5”',
    target: 'shop:1 (debian 12.5)',
    references: ['https://example.com/a', 'https://example.com/b'],
    packageName: 'curl',
    installedVersion: '7.88.1-10',
    fixedVersions: ['7.88.1-10+deb12u4', '8.4.0'],
    resultClass: 'os-pkgs',
    resultType: 'debian',
    link: 'https://avd.aquasec.com/nvd/cve-2023-38545',
    description: 'A "quoted" \\ description.\nTwo lines.',
    layer: { digest: 'sha256:d', diffId: 'sha256:apt', createdBy: 'RUN apt-get install -y curl' },
    packageUrl: 'pkg:deb/debian/curl@7.88.1-10?arch=amd64',
    status: 'fixed',
  });
  assert.equal(lodash?.kind === 'vulnerability' && lodash.packagePath, 'app/package.json');
  assert.deepEqual(user?.kind === 'misconfiguration' && [user.aliases, user.resolution], [
    ['AVD-DS-0002', 'DS002'],
    'Add USER',
  ]);
  assert.deepEqual(bucket?.kind === 'misconfiguration' && bucket.aliases, ['AWS-0086', 'AWS086']);
  assert.deepEqual(secret?.kind === 'secret' && [secret.match, secret.category], ['KEY=********', 'AWS']);
  // The lines around a secret may hold others, so they are not kept.
  assert.doesNotMatch(JSON.stringify(findings), /OTHER_SECRET/);
});

test('the same, wherever the chunks end', async () => {
  const expected = await read(whole);
  const bytes = bytesOf(whole);
  for (const size of [1, 2, 3, 7, 64, 1000]) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.slice(at * size, (at + 1) * size),
    );
    assert.deepEqual(await readReport(chunks), expected, `chunks of ${size}`);
  }
  const [first, second] = [bytes.slice(0, 777), bytes.slice(777)];
  assert.deepEqual(await readReport([first, new Uint8Array(0), second]), expected);
});

test('the same, however it is laid out', async () => {
  const expected = await read(whole);
  assert.deepEqual(await read(JSON.stringify(everyClass)), expected);
  assert.deepEqual(
    await read(`\u{feff}${JSON.stringify(everyClass, undefined, '\t').replaceAll('\n', '\r\n')}\n\n`),
    expected,
  );
  const { Results: results, Metadata: metadata, ...rest } = everyClass;
  const turned = results.map((result) => Object.fromEntries(Object.entries(result).reverse()));
  assert.deepEqual(await read(JSON.stringify({ Results: turned, Metadata: metadata, ...rest })), expected);
});

test('a report that is cut off keeps what came before, wherever it is cut', async () => {
  const bytes = bytesOf(whole);
  let most = 0;
  for (let length = 60; length < bytes.length - 3; length += 37) {
    const cut = await readReport([bytes.slice(0, length)]);
    assert.match(cut.incomplete ?? '', /^The report ends too early: \d+ findings? before that$/);
    assert.ok(cut.findings.length >= most, 'more of it is never less');
    assert.ok(cut.findings.every(({ target }) => target !== ''));
    most = cut.findings.length;
  }
  assert.equal(most, 9);
});

test('a report that is damaged says where', async () => {
  const at = whole.indexOf('"Class": "config"');
  const damaged = await read(`${whole.slice(0, at)} ] ${whole.slice(at)}`);
  assert.match(damaged.incomplete ?? '', /^The report is damaged at byte \d+: 3 findings before that$/);
  assert.equal(damaged.findings.length, 3);
});

test('what is not known is counted, and nothing known is lost for it', async () => {
  const known = { VulnerabilityID: 'CVE-1', PkgName: 'a', Severity: 'HIGH' };
  const { findings, skipped } = await read(
    report(
      [
        {
          Target: 't',
          Class: 'new-class',
          Type: 'x',
          Vulnerabilities: [known, { ...known, NewField: { deep: [1, '}]'] } }],
          Sast: [{ A: 1 }, {}],
          New: 1,
        },
        'no result',
        null,
        {
          Target: 'u',
          Class: 'secret',
          Secrets: [{ RuleID: 'r' }, { Title: 'no rule' }, 7, null, [known]],
          Vulnerabilities: null,
          Licenses: 'none',
        },
      ],
      { Future: { a: 1 }, SchemaVersion: 3 },
    ),
  );
  assert.deepEqual(findings.map(drawn), [
    'vulnerability HIGH CVE-1 t',
    'vulnerability HIGH CVE-1 t',
    'secret UNKNOWN r u',
  ]);
  assert.deepEqual(skipped, {
    'SchemaVersion 3': 1,
    Future: 1,
    'Vulnerabilities[].NewField': 1,
    'Results[].Sast': 2,
    'Results[].New': 1,
    'class new-class': 1,
    'Results (not an object)': 2,
    'Secrets (without an id)': 1,
    'Secrets (not an object)': 3,
    'Licenses (not a list)': 1,
  });
});

test('values of the wrong kind never stop it', async () => {
  const wrong = [null, 1, true, 'x', [], {}, [null], { a: null }];
  for (const value of wrong) {
    const fields =
      'VulnerabilityID PkgName PkgIdentifier InstalledVersion FixedVersion Severity Layer References Title'.split(' ');
    for (const field of fields) {
      const { findings } = await read(
        report([{ Target: value, Vulnerabilities: [{ VulnerabilityID: 'CVE-1', [field]: value }] }]),
      );
      assert.ok(findings.length <= 1);
    }
    const metadata = {
      OS: value,
      DiffIDs: value,
      RepoTags: value,
      ImageConfig: { history: value, rootfs: value },
      Layers: value,
    };
    await read(report([], { Metadata: metadata, CreatedAt: value, Trivy: value, ArtifactName: value }));
    await read(report(value, { Metadata: value }));
    await read(
      report([
        {
          Packages: [value, { Locations: value, Identifier: value }],
          Misconfigurations: [{ ID: 'a', CauseMetadata: value }],
        },
      ]),
    );
  }
});

test('names of another world do no harm', async () => {
  const { findings, skipped } = await read(
    '{"SchemaVersion":2,"__proto__":{"a":1},"Results":[{"__proto__":[1],"constructor":[{}],"Target":"t","Secrets":[{"RuleID":"__proto__","__proto__":1}]}]}',
  );
  assert.equal(findings[0]?.id, '__proto__');
  assert.equal(({} as Record<string, unknown>)['a'], undefined);
  assert.equal(Object.getPrototypeOf(skipped), Object.prototype);
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`key${index}`, 1]));
  assert.ok(Object.keys((await read(report([], many))).skipped).length <= 201);
});

test('the lines of a package go to its vulnerabilities, by the name that both know', async () => {
  const lines = async (identifier: object, vulnerability: object) => {
    const packages = [{ Name: 'a', Locations: [{ StartLine: 5, EndLine: 7 }, { StartLine: 90 }], ...identifier }];
    const { findings } = await read(
      report([{ Target: 't', Packages: packages, Vulnerabilities: [{ VulnerabilityID: 'C', ...vulnerability }] }]),
    );
    return findings[0]?.kind === 'vulnerability' ? findings[0].lines : undefined;
  };
  assert.deepEqual(await lines({ Identifier: { UID: 'u' } }, { PkgIdentifier: { UID: 'u' } }), { first: 5, last: 7 });
  assert.deepEqual(await lines({ ID: 'a@1' }, { PkgID: 'a@1' }), { first: 5, last: 7 });
  assert.deepEqual(await lines({ Identifier: { PURL: 'p' } }, { PkgIdentifier: { PURL: 'p' } }), { first: 5, last: 7 });
  assert.equal(await lines({ Identifier: { UID: 'u' } }, { PkgIdentifier: { UID: 'v' } }), undefined);
});

test('a report without results is one that found nothing', async () => {
  const nothing = await read('{"SchemaVersion":2,"ArtifactName":".","ArtifactType":"filesystem"}');
  assert.deepEqual([nothing.findings, nothing.incomplete, nothing.skipped], [[], undefined, {}]);
  assert.deepEqual((await read('{"SchemaVersion": 2, "Results": null}')).skipped, {});
});

test('what is no report of Trivy says what it is', async () => {
  const say = (bytes: string | Uint8Array) =>
    readReport([typeof bytes === 'string' ? bytesOf(bytes) : bytes]).then(
      () => 'read',
      (error: unknown) => {
        assert.ok(error instanceof UserError);
        return error.message;
      },
    );
  assert.match(
    await say('{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[]}'),
    /a SARIF report/,
  );
  assert.match(await say('{"bomFormat":"CycloneDX","specVersion":"1.6"}'), /a CycloneDX bill/);
  assert.match(await say('{"spdxVersion":"SPDX-2.3"}'), /an SPDX bill/);
  assert.match(await say('{"ID":"docker-cis-1.6.0","Title":"t","SummaryControls":[]}'), /a compliance report/);
  assert.match(await say('[{"Target":"a"}]'), /before 0.20/);
  assert.match(await say(''), /empty report/);
  assert.match(await say(' \n'), /empty report/);
  assert.match(await say('app:1 (debian 12)\n====='), /^This is not a report of Trivy/);
  assert.match(await say('{"a":1}'), /^This is not a report of Trivy/);
  assert.match(await say('{"a'), /damaged from its start/);
  assert.match(await say(new Uint8Array(Buffer.from('\u{feff}{}', 'utf16le'))), /not UTF-8/);
});

test('a value without end takes no memory', () => {
  const tooLong: string[] = [];
  const sink: Sink = {
    root: () => undefined,
    startResult: () => undefined,
    member: () => undefined,
    item: () => assert.fail('it was kept'),
    endResult: () => undefined,
    tooLong: (key) => tooLong.push(key),
  };
  const splitter = new ReportSplitter(sink, 1000);
  splitter.push(bytesOf('{"Results":[{"Secrets":["'));
  for (let count = 0; count < 100; count++) splitter.push(bytesOf('x'.repeat(999)));
  splitter.push(bytesOf('"]}]}'));
  assert.deepEqual(splitter.end(), { kind: 'whole' });
  assert.deepEqual(tooLong, ['Secrets']);
});

test('100,000 findings of one result', async () => {
  const count = 100_000;
  function* chunks() {
    yield bytesOf('{"SchemaVersion":2,"Results":[{"Target":"t","Class":"os-pkgs","Vulnerabilities":[');
    for (let at = 0; at < count; at += 1000) {
      const some = Array.from(
        { length: 1000 },
        (_, next) => `{"VulnerabilityID":"CVE-${at + next}","PkgName":"p","Severity":"LOW"}`,
      );
      yield bytesOf((at === 0 ? '' : ',') + some.join(','));
    }
    yield bytesOf(']}]}');
  }
  const { findings } = await readReport(chunks());
  assert.equal(findings.length, count);
  assert.equal(findings.at(-1)?.id, `CVE-${count - 1}`);
});
