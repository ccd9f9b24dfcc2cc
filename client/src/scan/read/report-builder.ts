import type { Finding, Layer, Lines, ScanReport } from '../finding.ts';
import {
  knownFields,
  licenseOf,
  linesOf,
  misconfigurationOf,
  secretOf,
  vulnerabilityOf,
  type Draft,
  type Read,
  type Shared,
} from './findings.ts';
import type { Sink } from './split.ts';
import { listOf, objectIn, objectOf, textOf, textsOf, valueIn, type Fields } from './values.ts';

const knownRoot = new Set(
  'SchemaVersion Trivy ReportID CreatedAt ArtifactID ArtifactName ArtifactType Metadata Results BOM'.split(' '),
);
const knownMembers = new Set(
  (
    'Target Class Type Packages Vulnerabilities MisconfSummary Misconfigurations Secrets Licenses CustomResources ' +
    'ExperimentalModifiedFindings'
  ).split(' '),
);
const knownClasses = new Set('os-pkgs lang-pkgs config secret license license-file custom unknown'.split(' '));
const readers: Readonly<Record<string, (fields: Fields, shared: Shared) => Read<Finding>>> = {
  Vulnerabilities: vulnerabilityOf,
  Misconfigurations: misconfigurationOf,
  Secrets: secretOf,
  Licenses: licenseOf,
};

const none: readonly string[] = [];

/** A report names what it does not know at most this often, whatever it is made of. */
const mostNames = 200;

/** What was scanned under another name than it has for the user. */
export interface Renamed {
  readonly from: string;
  readonly to: string;
}

/** Makes a report of the pieces that a splitter cuts, in whatever order they come. */
export class ReportBuilder implements Sink {
  readonly keys = new Set<string>();
  readonly #renamed: readonly Renamed[];
  readonly #findings: Draft<Finding>[] = [];
  readonly #skipped = new Map<string, number>();
  readonly #texts = new Map<string, string>();
  readonly #descriptions = new Map<string, string>();
  readonly #references = new Map<string, readonly string[]>();
  readonly #layers = new Map<string, Draft<Layer>>();
  #suppressed = 0;
  #root: Draft<Partial<ScanReport>> = {};
  #result = newResult(0);

  readonly #shared: Shared = {
    text: (value) => this.#once(value),
    references: (id, references) => {
      if (references.length === 0) return none;
      const known = this.#references.get(id);
      if (known?.length === references.length && known.every((one, index) => one === references[index])) return known;
      this.#references.set(id, references);
      return references;
    },
    description: (id, text) => {
      const known = this.#descriptions.get(id);
      if (known === text) return known;
      this.#descriptions.set(id, text);
      return text;
    },
    layer: (value) => this.#layerOf(objectOf(value)),
  };

  constructor(renamed: readonly Renamed[] = []) {
    this.#renamed = renamed;
  }

  get looksLikeReport(): boolean {
    return ['SchemaVersion', 'ArtifactName', 'Results'].some((key) => this.keys.has(key));
  }

  root(key: string, text: string): void {
    this.keys.add(key);
    if (key === 'SchemaVersion' && text !== '2') this.#skip(`SchemaVersion ${text.slice(0, 20)}`);
    else if (key === 'Results[]' || (key === 'Results' && text !== 'null')) this.#skip('Results (not an object)');
    else if (!knownRoot.has(key)) this.#skip(key);
    else this.#takeRoot(key, valueIn(text));
  }

  startResult(): void {
    this.keys.add('Results');
    this.#result = newResult(this.#findings.length);
  }

  member(key: string, text: string): void {
    if (!knownMembers.has(key)) this.#skip(`Results[].${key}`);
    else if (key === 'Target') this.#result.target = this.#nameOf(textOf(valueIn(text)) ?? '');
    else if (key === 'Class') this.#result.class = textOf(valueIn(text)) ?? '';
    else if (key === 'Type') this.#result.type = textOf(valueIn(text)) ?? '';
    else if (text !== 'null' && key !== 'MisconfSummary') this.#skip(`${key} (not a list)`);
  }

  item(key: string, text: string): void {
    const read = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (key === 'Packages') this.#takePackage(text);
    else if (key === 'ExperimentalModifiedFindings') this.#suppressed++;
    else if (read) this.#takeFinding(key, text, read);
    else this.#skip(knownMembers.has(key) ? key : `Results[].${key}`);
  }

  /** Only now is all known that may come in any order: what was looked at, and where its packages are written. */
  endResult(): void {
    const { target, class: name, type, first, packages, packageKeys: keys } = this.#result;
    if (name !== '' && !knownClasses.has(name)) this.#skip(`class ${name}`);
    for (let index = first; index < this.#findings.length; index++) {
      const finding = this.#findings[index] as Draft<Finding>;
      finding.target = target;
      if (finding.kind !== 'vulnerability') continue;
      finding.resultClass = name;
      finding.resultType = type;
      const lines = keys[index - first]?.map((key) => packages.get(key)).find((found) => found !== undefined);
      if (lines) finding.lines = lines;
    }
    this.#result = newResult(this.#findings.length);
  }

  tooLong(key: string): void {
    this.#skip(`${key} (too long)`);
  }

  report(): ScanReport {
    // A result that was cut off still has its target.
    this.endResult();
    const { history = [], diffIds = [] } = this.#root;
    const steps = history.filter(({ isEmpty }) => !isEmpty);
    for (const [index, diffId] of diffIds.entries()) {
      const createdBy = steps[index]?.createdBy;
      // Trivy's layers have as many steps as the history has that made one, or the history is not whole.
      if (createdBy === undefined || steps.length !== diffIds.length) continue;
      for (const layer of this.#layers.values()) if (layer.diffId === diffId) layer.createdBy ??= createdBy;
    }
    return {
      artifactName: '',
      artifactType: '',
      repoTags: [],
      ...this.#root,
      diffIds,
      history,
      findings: this.#findings,
      skipped: Object.fromEntries(this.#skipped),
      suppressed: this.#suppressed,
    };
  }

  #takeRoot(key: string, value: unknown): void {
    const text = textOf(value);
    if (key === 'ArtifactName') this.#root.artifactName = this.#nameOf(text ?? '');
    else if (key === 'ArtifactType') this.#root.artifactType = text ?? '';
    else if (key === 'CreatedAt' && text !== undefined) this.#root.createdAt = text;
    else if (key === 'Trivy') {
      const version = textOf(objectOf(value)?.['Version']);
      if (version !== undefined) this.#root.trivyVersion = version;
    } else if (key === 'Metadata') Object.assign(this.#root, metadataOf(objectOf(value) ?? {}));
  }

  #takeFinding(key: string, text: string, read: (fields: Fields, shared: Shared) => Read<Finding>): void {
    const fields = objectIn(text);
    if (!fields) {
      this.#skip(`${key} (not an object)`);
      return;
    }
    for (const name in fields) if (knownFields[key]?.has(name) !== true) this.#skip(`${key}[].${name}`);
    const result = read(fields, this.#shared);
    if ('finding' in result) {
      this.#findings.push(result.finding);
      const keys = key === 'Vulnerabilities' ? packageKeys(fields['PkgIdentifier'], fields['PkgID']) : [];
      this.#result.packageKeys.push(keys);
    } else if (result.reason === 'no id') this.#skip(`${key} (without an id)`);
  }

  #takePackage(text: string): void {
    // Most have no place in a file, and there are very many.
    if (!text.includes('"Locations"')) return;
    const fields = objectIn(text);
    const lines = linesOf(objectOf(listOf(fields?.['Locations'])[0]));
    if (!lines) return;
    for (const key of packageKeys(fields?.['Identifier'], fields?.['ID'])) {
      if (!this.#result.packages.has(key)) this.#result.packages.set(key, lines);
    }
  }

  #layerOf(fields: Fields | undefined): Layer | undefined {
    const digest = textOf(fields?.['Digest']);
    const diffId = textOf(fields?.['DiffID']);
    const createdBy = textOf(fields?.['CreatedBy']);
    if (digest === undefined && diffId === undefined && createdBy === undefined) return undefined;
    const key = `${digest ?? ''} ${diffId ?? ''}`;
    const known = this.#layers.get(key);
    if (known) return known;
    const layer: Draft<Layer> = {};
    if (digest !== undefined) layer.digest = digest;
    if (diffId !== undefined) layer.diffId = diffId;
    if (createdBy !== undefined) layer.createdBy = createdBy;
    this.#layers.set(key, layer);
    return layer;
  }

  #nameOf(text: string): string {
    const renamed = this.#renamed.find(({ from }) => text.startsWith(from));
    return renamed ? renamed.to + text.slice(renamed.from.length) : text;
  }

  #once(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }

  #skip(name: string): void {
    const short = name.length > 100 ? `${name.slice(0, 100)}…` : name;
    const known = this.#skipped.has(short) || this.#skipped.size < mostNames ? short : 'others';
    this.#skipped.set(known, (this.#skipped.get(known) ?? 0) + 1);
  }
}

interface OpenResult {
  target: string;
  class: string;
  type: string;
  /** Where its findings begin. */
  readonly first: number;
  readonly packages: Map<string, Lines>;
  /** Of each of its findings, what its package is called among `packages`. */
  readonly packageKeys: (readonly string[])[];
}

function newResult(first: number): OpenResult {
  return { target: '', class: '', type: '', first, packages: new Map(), packageKeys: [] };
}

/** From the one that is surely the same package to the one that is probably. */
function packageKeys(identifier: unknown, id: unknown): readonly string[] {
  const fields = objectOf(identifier);
  const names: readonly (readonly [string, unknown])[] = [
    ['uid', fields?.['UID']],
    ['id', id],
    ['purl', fields?.['PURL']],
  ];
  return names.flatMap(([kind, value]) => (typeof value === 'string' && value !== '' ? [`${kind} ${value}`] : []));
}

function metadataOf(metadata: Fields): Draft<Partial<ScanReport>> {
  const root: Draft<Partial<ScanReport>> = {};
  const os = objectOf(metadata['OS']);
  const family = textOf(os?.['Family']);
  if (family !== undefined) root.os = { family, name: textOf(os?.['Name']) ?? '', isEndOfLife: os?.['EOSL'] === true };
  const imageId = textOf(metadata['ImageID']);
  if (imageId !== undefined) root.imageId = imageId;
  root.repoTags = textsOf(metadata['RepoTags']);
  const config = objectOf(metadata['ImageConfig']);
  const diffIds = textsOf(metadata['DiffIDs']);
  const layers = listOf(metadata['Layers']).map((layer) => textOf(objectOf(layer)?.['DiffID']));
  root.diffIds =
    diffIds.length > 0
      ? diffIds
      : layers.length > 0
        ? layers.filter((id) => id !== undefined)
        : textsOf(objectOf(config?.['rootfs'])?.['diff_ids']);
  root.history = listOf(config?.['history']).map((step) => {
    const fields = objectOf(step);
    return { createdBy: textOf(fields?.['created_by']) ?? '', isEmpty: fields?.['empty_layer'] === true };
  });
  return root;
}
