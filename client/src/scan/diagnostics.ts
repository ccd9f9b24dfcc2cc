import { Diagnostic, DiagnosticSeverity, languages, Range, Uri, type Disposable } from 'vscode';
import { linesOf, positionAt, type Lines } from '../../../server/src/text/lines.ts';
import { marksOf, type Mark } from './place/marks.ts';
import { levels } from './settings.ts';
import { textsOf, type ScanView, type ScanViews } from './store-views.ts';
import { advisoryOf } from './web-link.ts';

/** A mark as it is shown in a file, with the scan it came from. */
export interface ShownMark {
  readonly mark: Mark;
  readonly view: ScanView;
  readonly diagnostic: Diagnostic;
}

/** Shows findings as problems of the source `trivy`, calmly: one for each token. */
export class FindingDiagnostics implements Disposable {
  readonly #collection = languages.createDiagnosticCollection('trivy');
  readonly #views: ScanViews;
  readonly #listening: Disposable;
  #shown: ReadonlyMap<string, readonly ShownMark[]> = new Map();

  constructor(views: ScanViews) {
    this.#views = views;
    this.#listening = views.onDidChange(() => this.refresh());
    this.refresh();
  }

  /** What is marked in a file. */
  in(uri: Uri): readonly ShownMark[] {
    return this.#shown.get(uri.toString()) ?? [];
  }

  refresh(): void {
    const shown = new Map<string, ShownMark[]>();
    const said = new Set<string>();
    for (const view of this.#views.all) {
      const texts = textsOf(view.surroundings);
      const lines = new Map([...texts].map(([uri, text]) => [uri, linesOf(text)]));
      const own = view.placed.filter(({ finding }) => !view.covered.has(finding));
      for (const mark of marksOf(own, levels(), view.surroundings)) {
        const { uri, range } = mark.place;
        const table = lines.get(uri);
        // The image and the folder it was built from may both have been scanned.
        const key = JSON.stringify([uri, range, mark.message]);
        if (!table || said.has(key)) continue;
        said.add(key);
        shown.set(uri, [...(shown.get(uri) ?? []), { mark, view, diagnostic: diagnosticOf(mark, view, table) }]);
      }
    }
    const before = this.#shown;
    this.#shown = shown;
    for (const uri of before.keys()) if (!shown.has(uri)) this.#collection.delete(Uri.parse(uri));
    for (const [uri, marks] of shown)
      this.#collection.set(
        Uri.parse(uri),
        marks.map(({ diagnostic }) => diagnostic),
      );
  }

  dispose(): void {
    this.#listening.dispose();
    this.#collection.dispose();
  }
}

function diagnosticOf({ place, message, level, findings }: Mark, { isStale }: ScanView, lines: Lines): Diagnostic {
  const start = positionAt(lines, place.range.start);
  const end = positionAt(lines, place.range.end);
  const range = new Range(start.line, start.column, end.line, end.column);
  const said = isStale ? `${message} (before your last change)` : message;
  const diagnostic = new Diagnostic(range, said, diagnosticLevels[level]);
  diagnostic.source = 'trivy';
  const [first] = findings;
  if (first) {
    const value = findings.length === 1 ? first.id : `${first.id} and ${findings.length - 1} more`;
    const link = advisoryOf(first);
    diagnostic.code = link === undefined ? value : { value, target: Uri.parse(link) };
  }
  return diagnostic;
}

const diagnosticLevels: Readonly<Record<Mark['level'], DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};
