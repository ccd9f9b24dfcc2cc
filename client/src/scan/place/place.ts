import { dockerfileOf } from '../../dockerfile-model.ts';
import type { Finding, Lines, ScanReport, Vulnerability } from '../finding.ts';
import { entriesOf, isSamePackage, manifestKindFor, manifestKindOf } from '../manifest/entries.ts';
import { layersOf, type DockerfileLayers } from './layers.ts';
import { installedBy } from './packages.ts';
import type { BuiltDockerfile, Place, Placed, SourceFile, Surroundings } from './surroundings.ts';

/** Puts each finding where something can be done about it. All of them come back, in their order. */
export function placeFindings(report: ScanReport, surroundings: Surroundings): readonly Placed[] {
  const { dockerfile } = surroundings;
  const layers = dockerfile && layersOf(dockerfileOf(dockerfile.text), dockerfile.target, report);
  const entries = entryFinder(surroundings.files);
  const around = { ...surroundings, layers, entries };
  return report.findings.map((finding) => {
    const place = placeOf(finding, around);
    return { finding, ...(place && { place }) };
  });
}

interface Around extends Surroundings {
  readonly layers: DockerfileLayers | undefined;
  readonly entries: EntryFinder;
}

function placeOf(finding: Finding, around: Around): Place | undefined {
  const { dockerfile, layers } = around;
  if (!dockerfile || !layers) return inFiles(finding, around);
  const maker = finding.kind === 'vulnerability' && finding.isFromBase ? 'base' : layers.makerOf(finding.layer);
  if (maker === 'base') return onBase(dockerfile, layers);
  const inProject = inFiles(finding, around);
  if (inProject) return inProject;
  if (maker === undefined) return onBase(dockerfile, layers);
  const { range, keywordRange, keyword } = maker;
  const token = finding.kind === 'vulnerability' ? installedBy(maker, dockerfile.text, finding) : undefined;
  const line = dockerfile.text.slice(range.start, range.end).replace(/\s+/g, ' ');
  return {
    uri: dockerfile.uri,
    range: token ?? keywordRange,
    kind: 'instruction',
    label: line.length > 60 ? `${line.slice(0, 59)}…` : line || keyword,
  };
}

/** The image that the result is based on, or what there is of a FROM. */
function onBase({ uri, text }: BuiltDockerfile, { base }: DockerfileLayers): Place | undefined {
  if (!base) return undefined;
  const { start, end } = base.image.range;
  const range = end > start ? { start, end } : base.from.keywordRange;
  return { uri, range, kind: 'base', label: `FROM ${text.slice(start, end)}` };
}

/** On its own line of a file of the project. */
function inFiles(finding: Finding, { files, entries }: Around): Place | undefined {
  if (finding.kind === 'vulnerability') return entries(finding) ?? onLine(finding, finding.lines, files);
  if (finding.kind === 'license') return undefined;
  const place = onLine(finding, finding.lines, files);
  if (place || finding.kind === 'secret') return place;
  // What is missing from a file as a whole is said at its top.
  return onLine(finding, { first: 1, last: 1 }, files);
}

function onLine({ target }: Finding, lines: Lines | undefined, files: readonly SourceFile[]): Place | undefined {
  if (lines === undefined) return undefined;
  const file = fileAt(target, files);
  const range = file && rangeOfLines(file.text, lines);
  return file && range && { uri: file.uri, range, kind: 'line', label: file.path };
}

/** The file itself, or the one in the context that has the longest part of its path in the image. */
function fileAt(target: string, files: readonly SourceFile[]): SourceFile | undefined {
  const path = normalPath(target);
  const exact = files.find((file) => file.path === path);
  if (exact) return exact;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const [longest, next] = files
    .filter((file) => file.path.slice(file.path.lastIndexOf('/') + 1) === name)
    .map((file) => ({ file, common: commonEnd(file.path, path) }))
    .sort((a, b) => b.common - a.common);
  // Two files that fit alike would be a guess.
  return longest && longest.common !== next?.common ? longest.file : undefined;
}

/** The first of the lines, without blanks and a continuation: all of a long instruction would be loud. */
function rangeOfLines(text: string, { first }: Lines): Place['range'] | undefined {
  const lines = text.split('\n');
  if (first < 1 || first > lines.length) return undefined;
  const start = lines.slice(0, first - 1).reduce((sum, line) => sum + line.length + 1, 0);
  const line = lines[first - 1] ?? '';
  const trimmed = line.replace(/[\s\\`]+$/, '');
  const indent = line.length - line.trimStart().length;
  return { start: start + Math.min(indent, trimmed.length), end: start + Math.max(trimmed.length, indent) };
}

type EntryFinder = (finding: Vulnerability) => Place | undefined;

/** Finds the direct dependency that a package is, in the manifest nearest to where Trivy found it. */
function entryFinder(files: readonly SourceFile[]): EntryFinder {
  const manifests = files.flatMap((file) => {
    const kind = manifestKindOf(file.path);
    return kind === undefined ? [] : [{ file, kind, entries: entriesOf(kind, file.text) }];
  });
  return (finding) => {
    const kind = manifestKindFor(finding.resultType);
    if (kind === undefined) return undefined;
    const near = normalPath(finding.packagePath ?? finding.target);
    const found = manifests
      .filter((manifest) => manifest.kind === kind)
      .flatMap(({ file, entries }) => {
        const entry = entries.find(({ name }) => isSamePackage(kind, name, finding.packageName));
        return entry ? [{ file, entry, common: commonStart(folderOf(file.path), folderOf(near)) }] : [];
      })
      .sort((a, b) => b.common - a.common || a.file.path.length - b.file.path.length)[0];
    if (!found) return undefined;
    const { file, entry } = found;
    return {
      uri: file.uri,
      range: entry.versionRange ?? entry.nameRange,
      kind: 'manifest',
      label: file.path,
      entry,
      manifest: kind,
    };
  };
}

function folderOf(path: string): readonly string[] {
  return path.split('/').slice(0, -1);
}

function commonStart(a: readonly string[], b: readonly string[]): number {
  const different = a.findIndex((part, i) => part !== b[i]);
  return different < 0 ? a.length : different;
}

function commonEnd(a: string, b: string): number {
  return commonStart(a.split('/').reverse(), b.split('/').reverse());
}

function normalPath(path: string): string {
  return path.replaceAll('\\', '/').replace(/^(?:\.?\/)+/, '');
}
