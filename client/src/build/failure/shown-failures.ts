import { basename } from 'node:path';
import {
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  languages,
  Location,
  Range,
  Uri,
  workspace,
  type TextDocument,
} from 'vscode';
import { linesOf, positionAt, type Lines } from '../../../../server/src/text/lines.ts';
import type { Range as Offsets } from '../../../../server/src/text/range.ts';
import type { FailureFix, RelatedPlace } from './cause.ts';
import type { Explanation } from './explain.ts';
import { changeBetween, moved, type Change } from './moved.ts';

export const failureSource = 'Shipshape build';

/** A failure as it lies in the text of now. */
export interface ShownFailure {
  readonly uri: Uri;
  readonly text: string;
  readonly explanation: Explanation;
}

/** The failures that are underlined, each until the next build of its file or an edit of its instruction. */
export class ShownFailures {
  readonly #collection = languages.createDiagnosticCollection(failureSource);
  readonly #shown = new Map<string, ShownFailure>();

  of(uri: Uri): ShownFailure | undefined {
    return this.#shown.get(uri.toString());
  }

  /** `text` is that which the explanation is about: the file may have changed since. */
  show(uri: Uri, text: string, explanation: Explanation): void {
    this.#shown.set(uri.toString(), { uri, text, explanation });
    this.#draw(uri);
    const document = workspace.textDocuments.find((other) => other.uri.toString() === uri.toString());
    if (document) this.follow(document);
  }

  clear(uri: Uri): void {
    this.#shown.delete(uri.toString());
    this.#collection.delete(uri);
  }

  /** Moves a failure with the text around it, and drops it when its own text is no longer what was built. */
  follow(document: TextDocument): void {
    const shown = this.of(document.uri);
    if (!shown) return;
    const text = document.getText();
    const change = changeBetween(shown.text, text);
    if (!change) return;
    const explanation = afterChange(shown.explanation, change);
    if (!explanation) {
      this.clear(document.uri);
      return;
    }
    this.#shown.set(document.uri.toString(), { uri: document.uri, text, explanation });
    this.#draw(document.uri);
  }

  dispose(): void {
    this.#collection.dispose();
    this.#shown.clear();
  }

  #draw(uri: Uri): void {
    const shown = this.of(uri);
    if (shown) this.#collection.set(uri, [diagnosticOf(shown)]);
  }
}

function diagnosticOf({ uri, text, explanation }: ShownFailure): Diagnostic {
  const lines = linesOf(text);
  const diagnostic = new Diagnostic(rangeOf(lines, explanation.range), explanation.message, DiagnosticSeverity.Error);
  diagnostic.source = failureSource;
  if (explanation.code !== undefined) diagnostic.code = explanation.code;
  diagnostic.relatedInformation = explanation.related.map((place) => relatedTo(place, uri, lines));
  return diagnostic;
}

function relatedTo({ path, text, range, message }: RelatedPlace, uri: Uri, lines: Lines): DiagnosticRelatedInformation {
  const isOther = path !== undefined && text !== undefined;
  const location = isOther
    ? new Location(Uri.file(path), rangeOf(linesOf(text), range))
    : new Location(uri, rangeOf(lines, range));
  return new DiagnosticRelatedInformation(location, isOther ? `${basename(path)}: ${message}` : message);
}

export function rangeOf(lines: Lines, { start, end }: Offsets): Range {
  const from = positionAt(lines, start);
  const to = positionAt(lines, end);
  return new Range(from.line, from.column, to.line, to.column);
}

function afterChange(explanation: Explanation, change: Change): Explanation | undefined {
  const instruction = moved(explanation.instruction, change);
  const range = moved(explanation.range, change);
  if (!instruction || !range) return undefined;
  return {
    ...explanation,
    instruction,
    range,
    fixes: explanation.fixes.flatMap((fix) => fixAfter(fix, change) ?? []),
    related: explanation.related.flatMap((place) => {
      if (place.path !== undefined) return place;
      const there = moved(place.range, change);
      return there ? { ...place, range: there } : [];
    }),
  };
}

/** A fix of what was edited since is none any more. */
function fixAfter(fix: FailureFix, change: Change): FailureFix | undefined {
  if (fix.kind !== 'edit') return fix;
  const edits = fix.edits.map(({ range, text }) => ({ range: moved(range, change), text }));
  const there = edits.flatMap(({ range, text }) => (range ? { range, text } : []));
  return there.length === edits.length ? { ...fix, edits: there } : undefined;
}
