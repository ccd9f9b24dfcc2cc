import {
  DiagnosticSeverity,
  DiagnosticTag,
  type CreateFile,
  type Diagnostic,
  type Range as ProtocolRange,
  type TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { Finding } from '../engine/finding.ts';
import { folderOf, resolvePath } from '../engine/uri.ts';
import { offsetAt, positionAt, type Lines } from '../text/lines.ts';
import type { Edit, NewFile, Severity } from '../text/problem.ts';
import type { Range } from '../text/range.ts';
import type { ClientFeatures } from './client-features.ts';
import { rulePage } from './protocol.ts';

// Offsets become positions here and nowhere else. Both count UTF-16 units, the protocol's default.

/** A document as the client knows it: what edits and diagnostics are addressed to. */
export interface Addressed {
  readonly uri: string;
  readonly version: number;
  readonly lines: Lines;
}

/** What a code action does to the document and beside it. */
export interface Change {
  readonly edits: readonly Edit[];
  readonly newFiles?: readonly NewFile[];
}

export function toRange(lines: Lines, { start, end }: Range): ProtocolRange {
  const from = positionAt(lines, start);
  const to = positionAt(lines, end);
  return { start: { line: from.line, character: from.column }, end: { line: to.line, character: to.column } };
}

export function toOffsets(lines: Lines, { start, end }: ProtocolRange): Range {
  return { start: toOffset(lines, start), end: toOffset(lines, end) };
}

export function toOffset(lines: Lines, { line, character }: ProtocolRange['start']): number {
  return offsetAt(lines, { line, column: character });
}

export function toTextEdits(lines: Lines, edits: readonly Edit[]): TextEdit[] {
  return edits.map(({ range, text }) => ({ range: toRange(lines, range), newText: text }));
}

/** `undefined` when the client cannot do what the change needs. */
export function toWorkspaceEdit(
  { uri, version, lines }: Addressed,
  { edits, newFiles = [] }: Change,
  client: ClientFeatures,
): WorkspaceEdit | undefined {
  const textEdits = toTextEdits(lines, edits);
  if (newFiles.length === 0) {
    if (!client.documentChanges) return { changes: { [uri]: textEdits } };
    return { documentChanges: [{ textDocument: { uri, version }, edits: textEdits }] };
  }
  const folder = folderOf(uri);
  if (!client.createsFiles || folder === undefined) return undefined;
  const changes: (CreateFile | TextDocumentEdit)[] = newFiles.flatMap((file) =>
    creation(resolvePath(folder, file.path), file.text),
  );
  if (textEdits.length > 0) changes.push({ textDocument: { uri, version }, edits: textEdits });
  return { documentChanges: changes };
}

/** Fails, rather than writes over it, where the file has come to exist in the meantime. */
export function creation(uri: string, text: string): [CreateFile, TextDocumentEdit] {
  const start = { line: 0, character: 0 };
  return [
    { kind: 'create', uri },
    { textDocument: { uri, version: null }, edits: [{ range: { start, end: start }, newText: text }] },
  ];
}

export function toDiagnostic({ uri, lines }: Addressed, finding: Finding, client: ClientFeatures): Diagnostic {
  const related = client.relatedInformation ? (finding.related ?? []) : [];
  return {
    range: toRange(lines, finding.range),
    message: finding.message,
    severity: severities[finding.severity],
    source: 'shipshape',
    code: finding.rule,
    ...(client.codeDescription && { codeDescription: { href: rulePage(finding.rule) } }),
    ...(finding.tag !== undefined && client.tags && { tags: [tags[finding.tag]] }),
    ...(related.length > 0 && {
      relatedInformation: related.map(({ range, message }) => ({
        location: { uri, range: toRange(lines, range) },
        message,
      })),
    }),
  };
}

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

const tags: Readonly<Record<NonNullable<Finding['tag']>, DiagnosticTag>> = {
  unnecessary: DiagnosticTag.Unnecessary,
  deprecated: DiagnosticTag.Deprecated,
};
