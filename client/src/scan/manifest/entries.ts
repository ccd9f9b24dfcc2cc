import type { Range } from '../../../../server/src/text/range.ts';
import { cargoEntries, gemEntries, goEntries, projectEntries, requirementEntries } from './line-formats.ts';
import { jsonEntries } from './json-format.ts';
import { pomEntries } from './pom-format.ts';

/** A direct dependency, where a manifest names it. */
export interface ManifestEntry {
  readonly name: string;
  readonly nameRange: Range;
  /** What is asked for, as written without its quotes; absent when the manifest leaves it open or says it elsewhere. */
  readonly version?: string;
  readonly versionRange?: Range;
  /** Set where another version alone would break the file: with hashes beside it. */
  readonly isPinnedOtherwise?: boolean;
}

export type ManifestKind =
  'package.json' | 'composer.json' | 'requirements.txt' | 'pom.xml' | 'go.mod' | 'Cargo.toml' | 'Gemfile' | 'csproj';

/** By the file's name; `undefined` for what is no manifest that we know. */
export function manifestKindOf(path: string): ManifestKind | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/^requirements[\w.-]*\.txt$/i.test(name)) return 'requirements.txt';
  if (/\.(?:cs|fs|vb)proj$/i.test(name) || name === 'Directory.Packages.props') return 'csproj';
  return byName.find((kind) => kind === name);
}

/** The manifest that a dependency of this type is declared in, by Trivy's name of the type. */
export function manifestKindFor(resultType: string): ManifestKind | undefined {
  return Object.hasOwn(byType, resultType) ? byType[resultType] : undefined;
}

/** The direct dependencies that a manifest names, in its order. */
export function entriesOf(kind: ManifestKind, text: string): readonly ManifestEntry[] {
  return readers[kind](text);
}

/** Whether two spellings name the same package. */
export function isSamePackage(kind: ManifestKind, a: string, b: string): boolean {
  return normal(kind, a) === normal(kind, b);
}

function normal(kind: ManifestKind, name: string): string {
  // https://packaging.python.org/en/latest/specifications/name-normalization/
  if (kind === 'requirements.txt') return name.toLowerCase().replace(/[-_.]+/g, '-');
  return kind === 'csproj' || kind === 'composer.json' ? name.toLowerCase() : name;
}

const readers: Readonly<Record<ManifestKind, (text: string) => readonly ManifestEntry[]>> = {
  'package.json': (text) => jsonEntries(text, npmSections),
  'composer.json': (text) => jsonEntries(text, ['require', 'require-dev']),
  'requirements.txt': requirementEntries,
  'pom.xml': pomEntries,
  'go.mod': goEntries,
  'Cargo.toml': cargoEntries,
  Gemfile: gemEntries,
  csproj: projectEntries,
};

const npmSections = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
const byName: readonly ManifestKind[] = [
  'package.json',
  'composer.json',
  'requirements.txt',
  'pom.xml',
  'go.mod',
  'Cargo.toml',
  'Gemfile',
];

const byType: Readonly<Record<string, ManifestKind>> = {
  npm: 'package.json',
  yarn: 'package.json',
  pnpm: 'package.json',
  bun: 'package.json',
  'node-pkg': 'package.json',
  composer: 'composer.json',
  'composer-vendor': 'composer.json',
  pip: 'requirements.txt',
  pipenv: 'requirements.txt',
  poetry: 'requirements.txt',
  uv: 'requirements.txt',
  'python-pkg': 'requirements.txt',
  pom: 'pom.xml',
  jar: 'pom.xml',
  gomod: 'go.mod',
  gobinary: 'go.mod',
  cargo: 'Cargo.toml',
  rustbinary: 'Cargo.toml',
  bundler: 'Gemfile',
  gemspec: 'Gemfile',
  nuget: 'csproj',
  'dotnet-core': 'csproj',
  'packages-props': 'csproj',
};
