import { EventEmitter, languages, RelativePattern, Uri, workspace, type Disposable, type Event } from 'vscode';
import type { BuildRecords } from '../build/build-records.ts';
import type { Finding } from './finding.ts';
import { placeFindings } from './place/place.ts';
import type { Placed, Surroundings } from './place/surroundings.ts';
import { coveredBy, type OwnProblem } from './same.ts';
import { checksum, type Scan, type ScanStore } from './store.ts';
import { surroundingsOf } from './store-read.ts';

/** A scan with its findings put on the files as they are now. */
export interface ScanView {
  readonly scan: Scan;
  readonly surroundings: Surroundings;
  /** All findings, those that our own rules report too. */
  readonly placed: readonly Placed[];
  /** Our rule that reports the same, for findings that are therefore not reported again. */
  readonly covered: ReadonlyMap<Finding, string>;
  /** The image, the Dockerfile or a manifest is no longer what was scanned. */
  readonly isStale: boolean;
}

/** How long nothing must have been typed. */
const pause = 250;

/** Keeps the views of all scans true while files, builds and our own problems change. */
export class ScanViews implements Disposable {
  readonly #store: ScanStore;
  readonly #builds: BuildRecords;
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange: Event<void> = this.#changed.event;
  readonly #disposables: Disposable[];
  #watched: Disposable[] = [];
  #watchedKey = '';
  #views: readonly ScanView[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;
  #isOutdated = false;

  constructor(store: ScanStore, builds: BuildRecords) {
    this.#store = store;
    this.#builds = builds;
    this.#disposables = [
      store.onDidChange(() => void this.refresh()),
      builds.onDidFinish(() => void this.refresh()),
      workspace.onDidChangeTextDocument(({ document }) => this.#later([document.uri])),
      languages.onDidChangeDiagnostics(({ uris }) => this.#coverAgain(uris)),
    ];
  }

  /** Newest first. */
  get all(): readonly ScanView[] {
    return this.#views;
  }

  /** Those of one after the other: what is asked for while it runs is done once more after it. */
  async refresh(): Promise<void> {
    this.#isOutdated = true;
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    await this.#running;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const disposable of [...this.#disposables, ...this.#watched, this.#changed]) disposable.dispose();
  }

  async #run(): Promise<void> {
    while (this.#isOutdated) {
      this.#isOutdated = false;
      const views = await Promise.all(this.#store.all.map((scan) => this.#viewOf(scan)));
      this.#views = views;
      this.#watch(views.flatMap(({ scan }) => Object.keys(scan.stamps)));
      this.#changed.fire();
    }
  }

  async #viewOf(scan: Scan): Promise<ScanView> {
    const surroundings = await surroundingsOf(scan);
    const placed = placeFindings(scan.report, surroundings);
    const texts = textsOf(surroundings);
    const isChanged = Object.entries(scan.stamps).some(([uri, stamp]) => {
      const text = texts.get(uri);
      return text === undefined || checksum(text) !== stamp;
    });
    const isStale = isChanged || this.#isRebuilt(scan);
    return { scan, surroundings, placed, covered: coveredIn(placed, texts), isStale };
  }

  #isRebuilt({ dockerfile }: Scan): boolean {
    if (dockerfile?.imageId === undefined) return false;
    const newest = this.#builds.of(dockerfile.uri).find(({ request }) => request.target === dockerfile.target);
    return newest?.id !== undefined && newest.id !== dockerfile.imageId;
  }

  #later(uris: readonly Uri[]): void {
    const names = new Set(uris.map((uri) => uri.toString()));
    const isOurs = this.#views.some(
      ({ scan, surroundings }) =>
        Object.keys(scan.stamps).some((uri) => names.has(uri)) ||
        surroundings.files.some(({ uri }) => names.has(uri)) ||
        (scan.dockerfile && names.has(scan.dockerfile.uri)),
    );
    if (!isOurs) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh(), pause);
  }

  /** Our linter has had its say on a file: what it reports is not to be reported twice. */
  #coverAgain(uris: readonly Uri[]): void {
    const names = new Set(uris.map((uri) => uri.toString()));
    const views = this.#views.map((view) => {
      if (!view.placed.some(({ place }) => place && names.has(place.uri))) return view;
      const covered = coveredIn(view.placed, textsOf(view.surroundings));
      return isSame(covered, view.covered) ? view : { ...view, covered };
    });
    if (views.every((view, i) => view === this.#views[i])) return;
    this.#views = views;
    this.#changed.fire();
  }

  /** Files that change on disk; what is changed in an editor is told by it. */
  #watch(uris: readonly string[]): void {
    const unique = [...new Set(uris)].sort();
    const key = unique.join('\n');
    if (key === this.#watchedKey) return;
    this.#watchedKey = key;
    for (const old of this.#watched) old.dispose();
    const folders = new Set(unique.map((uri) => Uri.joinPath(Uri.parse(uri), '..').toString()));
    const wanted = new Set(unique);
    this.#watched = [...folders].map((folder) => {
      const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.parse(folder), '*'));
      const check = (uri: Uri): void => {
        if (wanted.has(uri.toString())) this.#later([uri]);
      };
      watcher.onDidChange(check);
      watcher.onDidCreate(check);
      watcher.onDidDelete(check);
      return watcher;
    });
  }
}

/** What the files that matter say now, by which a later change is seen. */
export async function stampsOf(scan: Scan): Promise<Readonly<Record<string, string>>> {
  const surroundings = await surroundingsOf(scan);
  const placed = placeFindings(scan.report, surroundings);
  const used = new Set(placed.flatMap(({ place }) => (place ? [place.uri] : [])));
  if (scan.dockerfile) used.add(scan.dockerfile.uri);
  const texts = [...textsOf(surroundings)].filter(([uri]) => used.has(uri));
  return Object.fromEntries(texts.map(([uri, text]) => [uri, checksum(text)]));
}

export function textsOf({ dockerfile, files }: Surroundings): ReadonlyMap<string, string> {
  return new Map([...(dockerfile ? [dockerfile] : []), ...files].map(({ uri, text }) => [uri, text]));
}

function coveredIn(placed: readonly Placed[], texts: ReadonlyMap<string, string>): ReadonlyMap<Finding, string> {
  const covered = new Map<Finding, string>();
  const own = new Map<string, readonly OwnProblem[]>();
  for (const { finding, place } of placed) {
    if (finding.kind !== 'misconfiguration' || !place || !texts.has(place.uri)) continue;
    const problems = own.get(place.uri) ?? ownProblems(Uri.parse(place.uri));
    own.set(place.uri, problems);
    const rule = coveredBy(finding, problems);
    if (rule !== undefined) covered.set(finding, rule);
  }
  return covered;
}

function ownProblems(uri: Uri): readonly OwnProblem[] {
  return languages.getDiagnostics(uri).flatMap(({ source, code, range }) => {
    const rule = typeof code === 'object' ? code.value : code;
    if (source !== 'shipshape' || typeof rule !== 'string') return [];
    return [{ rule, first: range.start.line + 1, last: range.end.line + 1 }];
  });
}

function isSame(a: ReadonlyMap<Finding, string>, b: ReadonlyMap<Finding, string>): boolean {
  return a.size === b.size && [...a].every(([finding, rule]) => b.get(finding) === rule);
}
