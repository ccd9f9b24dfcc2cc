import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandFor } from '../../../client/src/scan/manifest/advice.ts';
import {
  entriesOf,
  isSamePackage,
  manifestKindOf,
  type ManifestKind,
} from '../../../client/src/scan/manifest/entries.ts';
import { raisedVersion } from '../../../client/src/scan/manifest/raise.ts';
import { compareVersions, nearestFix } from '../../../client/src/scan/manifest/version.ts';
import { vulnerability } from './sample-findings.ts';

/** Raises one package and gives the whole text, or what stands there when it cannot be raised. */
function raised(path: string, text: string, name: string, target: string): string {
  const kind = manifestKindOf(path);
  assert.ok(kind, path);
  const entry = entriesOf(kind, text).find((each) => isSamePackage(kind, each.name, name));
  assert.ok(entry, `${name} in ${path}`);
  assert.equal(text.slice(entry.nameRange.start, entry.nameRange.end).replace(/["']/g, ''), nameIn(kind, entry.name));
  const version = raisedVersion(kind, entry, target);
  if (version === undefined || !entry.versionRange) return 'not raised';
  return text.slice(0, entry.versionRange.start) + version + text.slice(entry.versionRange.end);
}

const nameIn = (kind: ManifestKind, name: string): string =>
  kind === 'pom.xml' ? name.slice(name.indexOf(':') + 1) : name;

test('package.json keeps its tabs, its order and the kind of range', () => {
  const text =
    '{\n\t"dependencies": {\n\t\t"a": "^1.2.0", "b": "1.0.0"\n\t},\n\t"devDependencies": { "c": "~2.1" }\n}\n';
  assert.equal(raised('package.json', text, 'a', '1.2.5'), text.replace('^1.2.0', '^1.2.5'));
  assert.equal(raised('web/package.json', text, 'b', '1.0.1'), text.replace('1.0.0', '1.0.1'));
  assert.equal(raised('package.json', text, 'c', '2.1.9'), text.replace('~2.1', '~2.1.9'));
  assert.equal(raised('package.json', text, 'a', '1.1.0'), 'not raised', 'it asks for more already');
});

test('what takes thinking is left alone', () => {
  for (const version of [
    '*',
    'latest',
    '1.x',
    '>=1 <2',
    '^1 || ^2',
    'git+https://example.com/a',
    'npm:b@1',
    'workspace:*',
    '',
  ]) {
    const text = `{"dependencies": {"a": ${JSON.stringify(version)}}}`;
    assert.equal(raised('package.json', text, 'a', '9.9.9'), 'not raised', version);
  }
});

test('a manifest that is half typed is read as far as it goes', () => {
  assert.deepEqual(entriesOf('package.json', '{"dependencies": {"a": "1.0.0", "b'), [
    { name: 'a', nameRange: { start: 18, end: 21 }, version: '1.0.0', versionRange: { start: 24, end: 29 } },
    ...entriesOf('package.json', '{"dependencies": {"a": "1.0.0", "b').slice(1),
  ]);
  for (const text of [
    '',
    '[]',
    'null',
    '{"dependencies": 3}',
    '{{{',
    '<project><dependency>',
    'require (',
    '[dependencies',
    '\0',
  ]) {
    for (const kind of [
      'package.json',
      'pom.xml',
      'go.mod',
      'Cargo.toml',
      'Gemfile',
      'csproj',
      'requirements.txt',
      'composer.json',
    ] as const) {
      assert.ok(Array.isArray(entriesOf(kind, text)), kind);
    }
  }
});

test('requirements.txt', () => {
  const text =
    '# web\nDjango==4.2.1  # pinned\nrequests[socks] >= 2.28 ; python_version < "3.12"\nurllib3~=1.26\n-r other.txt\nflask>=2,<3\nhashed==1.0 \\\n    --hash=sha256:00\n';
  assert.equal(raised('requirements.txt', text, 'django', '4.2.7'), text.replace('4.2.1', '4.2.7'));
  assert.equal(raised('requirements-dev.txt', text, 'requests', '2.31.0'), text.replace('2.28', '2.31.0'));
  assert.equal(raised('requirements.txt', text, 'urllib3', '1.26.18'), text.replace('~=1.26', '~=1.26,>=1.26.18'));
  assert.equal(raised('requirements.txt', text, 'flask', '2.3.2'), 'not raised', 'two conditions');
  assert.equal(raised('requirements.txt', text, 'hashed', '1.1'), 'not raised', 'its hash would be wrong');
  assert.ok(isSamePackage('requirements.txt', 'Foo.Bar_baz', 'foo-bar-baz'));
});

test('pom.xml, without what is a property', () => {
  const text = `<project>
  <dependencies>
    <!-- <dependency><groupId>g</groupId><artifactId>a</artifactId><version>0</version></dependency> -->
    <dependency>
      <groupId>g</groupId>
      <artifactId>a</artifactId>
      <version>1.2.3</version>
      <exclusions><exclusion><groupId>x</groupId><artifactId>y</artifactId></exclusion></exclusions>
    </dependency>
    <dependency><groupId>g</groupId><artifactId>b</artifactId><version>\${b.version}</version></dependency>
    <dependency><groupId>g</groupId><artifactId>c</artifactId></dependency>
  </dependencies>
</project>
`;
  assert.equal(raised('pom.xml', text, 'g:a', '1.2.9'), text.replace('1.2.3', '1.2.9'));
  assert.equal(raised('pom.xml', text, 'g:b', '1.2.9'), 'not raised');
  assert.equal(raised('pom.xml', text, 'g:c', '1.2.9'), 'not raised');
  assert.deepEqual(
    entriesOf('pom.xml', text).map(({ name }) => name),
    ['g:a', 'g:b', 'g:c'],
  );
});

test('go.mod, without what Go itself wrote', () => {
  const text =
    'module m\n\nrequire example.com/one v1.0.0\n\nrequire (\n\tgolang.org/x/net v0.7.0 // why\n\tgolang.org/x/text v0.3.0 // indirect\n)\n';
  assert.equal(raised('go.mod', text, 'golang.org/x/net', '0.17.0'), text.replace('v0.7.0', 'v0.17.0'));
  assert.equal(raised('go.mod', text, 'example.com/one', 'v1.0.1'), text.replace('v1.0.0', 'v1.0.1'));
  assert.equal(entriesOf('go.mod', text).length, 2);
});

test('Cargo.toml in all its forms', () => {
  const text =
    '[package]\nversion = "0.1.0"\n\n[dependencies]\nserde = "1.0" # keep\ntokio = { features = ["full"], version = "1.20.0" }\nlocal = { path = "../local" }\n\n[dev-dependencies.time]\nversion = "0.1.40"\n';
  assert.equal(raised('Cargo.toml', text, 'serde', '1.0.5'), text.replace('"1.0"', '"1.0.5"'));
  assert.equal(raised('Cargo.toml', text, 'tokio', '1.20.4'), text.replace('1.20.0', '1.20.4'));
  assert.equal(raised('Cargo.toml', text, 'time', '0.2.23'), text.replace('0.1.40', '0.2.23'));
  assert.equal(raised('Cargo.toml', text, 'local', '2.0.0'), 'not raised');
});

test('a Gemfile stays as open as it was', () => {
  const text =
    "source 'https://rubygems.org'\ngem 'rails', '~> 7.0'\ngem \"rack\", \"2.2.3\"\ngem 'puma'\ngem 'json', '>= 2', '< 3'\n";
  assert.equal(raised('Gemfile', text, 'rails', '7.0.8'), text.replace("'~> 7.0'", "'~> 7.0', '>= 7.0.8'"));
  assert.equal(raised('Gemfile', text, 'rack', '2.2.8'), text.replace('2.2.3', '2.2.8'));
  assert.equal(raised('Gemfile', text, 'puma', '6.0.0'), 'not raised');
  assert.equal(raised('Gemfile', text, 'json', '2.9.0'), 'not raised');
});

test('composer.json and projects of .NET', () => {
  const composer = '{"require": {"php": ">=8.1", "guzzlehttp/psr7": "^2.4"}}';
  assert.equal(raised('composer.json', composer, 'guzzlehttp/psr7', '2.4.5'), composer.replace('^2.4', '^2.4.5'));
  const project =
    '<Project>\n  <PackageReference Include="Newtonsoft.Json" Version="12.0.1" />\n  <PackageReference Include="B">\n    <Version>1.0.0</Version>\n  </PackageReference>\n  <PackageReference Include="C" />\n</Project>\n';
  assert.equal(raised('app/app.csproj', project, 'newtonsoft.json', '13.0.1'), project.replace('12.0.1', '13.0.1'));
  assert.equal(raised('Directory.Packages.props', project, 'B', '1.0.1'), project.replace('1.0.0', '1.0.1'));
  assert.equal(raised('app.csproj', project, 'C', '1.0.1'), 'not raised');
});

test('the smallest fix within the major version comes first', () => {
  assert.equal(nearestFix('4.17.15', ['5.0.1', '4.17.21', '4.17.20']), '4.17.20');
  assert.equal(nearestFix('3.9.0', ['5.0.1', '4.17.21']), '4.17.21');
  assert.equal(nearestFix('6.0.0', ['5.0.1']), undefined);
  assert.equal(nearestFix('1.0.0', ['< 2.0.0', '']), undefined);
  const ordered = ['1.0.0-rc.1', '1.0.0', '1.0.2', '1.0.10', '1.10.0', '2.0.0'];
  assert.deepEqual(ordered.toReversed().sort(compareVersions), ordered);
});

test('a command is only proposed for names that a shell takes as they are', () => {
  const finding = vulnerability({ id: 'CVE-1', packageName: 'minimist', installedVersion: '1', resultType: 'npm' });
  assert.equal(commandFor(finding, '1.2.6'), 'npm update minimist');
  assert.equal(
    commandFor({ ...finding, resultType: 'gomod', packageName: 'golang.org/x/net' }, '0.17.0'),
    'go get golang.org/x/net@v0.17.0',
  );
  for (const packageName of ['a; rm -rf ~', '$(x)', '--global', 'a b', "a'b", '']) {
    assert.equal(commandFor({ ...finding, packageName }, '1.2.6'), undefined, packageName);
  }
  assert.equal(commandFor(finding, '1.2.6; x'), undefined);
});
