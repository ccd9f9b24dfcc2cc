import {
  CodeAction,
  CodeActionKind,
  EndOfLine,
  Position,
  Uri,
  workspace,
  WorkspaceEdit,
  type CodeActionContext,
  type CodeActionProvider,
  type Diagnostic,
  type Range,
  type TextDocument,
} from 'vscode';
import { linesOf } from '../../../../server/src/text/lines.ts';
import type { FailureFix } from './cause.ts';
import { failureSource, rangeOf, type ShownFailure, type ShownFailures } from './shown-failures.ts';

export const showBuildOutputCommand = 'shipshape.showBuildOutput';

/** What can be done about a failed build, in the light bulb of the place where it failed. */
export function failureActions(failures: ShownFailures): CodeActionProvider {
  return {
    provideCodeActions: async (document: TextDocument, range: Range, context: CodeActionContext) => {
      const shown = failures.of(document.uri);
      if (!shown || context.only?.contains(CodeActionKind.QuickFix) === false) return [];
      if (!rangeOf(linesOf(shown.text), shown.explanation.range).intersection(range)) return [];
      const diagnostics = context.diagnostics.filter(({ source }) => source === failureSource);
      const fixes = await Promise.all(shown.explanation.fixes.map((fix) => actionFor(fix, shown, document)));
      const actions = fixes.filter((action) => action !== undefined);
      return [
        ...actions.map((action, index) => withDiagnostics(action, diagnostics, index === 0)),
        showOutput(document),
      ];
    },
  };
}

async function actionFor(
  fix: FailureFix,
  { text }: ShownFailure,
  document: TextDocument,
): Promise<CodeAction | undefined> {
  const action = new CodeAction(fix.title, CodeActionKind.QuickFix);
  switch (fix.kind) {
    case 'edit': {
      // Offsets are those of the text we follow; a change that we have not heard of yet would put the edit elsewhere.
      if (document.getText() !== text) return undefined;
      const lines = linesOf(text);
      const edit = new WorkspaceEdit();
      for (const { range, text: added } of fix.edits) {
        edit.replace(document.uri, rangeOf(lines, range), asIn(document, added));
      }
      action.edit = edit;
      return action;
    }
    case 'append': {
      const edit = await appended(fix.path, fix.line);
      if (!edit) return undefined;
      action.edit = edit;
      return action;
    }
    case 'build':
      action.command = {
        title: fix.title,
        command: 'shipshape.buildImage',
        arguments: [document.uri, { target: fix.target }],
      };
      return action;
  }
}

/** A line at the end of a file, as it is in the editor now. */
async function appended(path: string, line: string): Promise<WorkspaceEdit | undefined> {
  const uri = Uri.file(path);
  const document = await Promise.resolve(workspace.openTextDocument(uri)).catch(() => undefined);
  if (!document || document.getText().split(/\r?\n/).at(-1) === line) return undefined;
  const last = document.lineAt(document.lineCount - 1);
  const isEnded = last.text === '';
  const edit = new WorkspaceEdit();
  edit.insert(
    uri,
    new Position(last.lineNumber, last.text.length),
    asIn(document, isEnded ? `${line}\n` : `\n${line}\n`),
  );
  return edit;
}

function withDiagnostics(action: CodeAction, diagnostics: readonly Diagnostic[], isPreferred: boolean): CodeAction {
  action.diagnostics = [...diagnostics];
  action.isPreferred = isPreferred;
  return action;
}

function showOutput({ uri }: TextDocument): CodeAction {
  const title = 'Show build output';
  const action = new CodeAction(title, CodeActionKind.QuickFix);
  action.command = { title, command: showBuildOutputCommand, arguments: [uri] };
  return action;
}

function asIn(document: TextDocument, text: string): string {
  return document.eol === EndOfLine.CRLF ? text.replace(/\r?\n/g, '\r\n') : text;
}
