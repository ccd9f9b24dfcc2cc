import {
  CodeAction,
  CodeActionKind,
  commands,
  languages,
  Range,
  Uri,
  WorkspaceEdit,
  type Diagnostic,
  type Disposable,
  type TextDocument,
} from 'vscode';
import { dockerfileOf } from '../dockerfile-model.ts';
import { promiseOf } from './diagnostics.ts';
import { fixesFor, rulesOf } from './fixes.ts';
import type { PromiseId } from './promise.ts';
import type { ProofRecords } from './proofs.ts';

/** Fixes of broken promises: our own, and those that the rules about the same have elsewhere in the file. */
export function provideProofActions(records: ProofRecords): Disposable {
  // Asking for the rules' fixes asks us, too.
  let isAsking = false;
  return languages.registerCodeActionsProvider(
    { language: 'dockerfile' },
    {
      async provideCodeActions(document, _range, context) {
        const ours = context.diagnostics.filter((each) => promiseOf(each) !== undefined);
        if (isAsking || ours.length === 0) return [];
        isAsking = true;
        try {
          const actions = await Promise.all(ours.map((each) => actionsFor(each, document, records)));
          return actions.flat();
        } finally {
          isAsking = false;
        }
      },
    },
    { providedCodeActionKinds: [CodeActionKind.QuickFix] },
  );
}

async function actionsFor(
  diagnostic: Diagnostic,
  document: TextDocument,
  records: ProofRecords,
): Promise<readonly CodeAction[]> {
  const promise = promiseOf(diagnostic);
  if (promise === undefined) return [];
  const borrowed = await fixesOfRules(document, promise, diagnostic);
  const own = borrowed.length > 0 ? [] : ownFixes(document, promise, records, diagnostic);
  const show = new CodeAction('Show the proof', CodeActionKind.QuickFix);
  show.command = { command: 'shipshape.prove.show', title: show.title, arguments: [document.uri.toString()] };
  show.diagnostics = [diagnostic];
  return [...borrowed, ...own, ...ignoreGit(promise, document, records, diagnostic), show];
}

function ownFixes(
  document: TextDocument,
  promise: PromiseId,
  records: ProofRecords,
  diagnostic: Diagnostic,
): readonly CodeAction[] {
  const dockerfile = dockerfileOf(document.getText());
  const found = recordsOf(document, records).flatMap(({ proof, source }) =>
    proof.verdicts
      .filter((verdict) => verdict.promise === promise && verdict.outcome === 'broken')
      .flatMap((verdict) => fixesFor(verdict, dockerfile, source?.target)),
  );
  return found.map(({ title, edits }) => {
    const action = new CodeAction(title, CodeActionKind.QuickFix);
    action.diagnostics = [diagnostic];
    action.edit = new WorkspaceEdit();
    for (const { range, text } of edits) {
      const where = new Range(document.positionAt(range.start), document.positionAt(range.end));
      action.edit.replace(document.uri, where, text);
    }
    return action;
  });
}

async function fixesOfRules(
  document: TextDocument,
  promise: PromiseId,
  diagnostic: Diagnostic,
): Promise<readonly CodeAction[]> {
  const rules = rulesOf[promise] ?? [];
  const problems = languages.getDiagnostics(document.uri).filter((each) => rules.includes(codeOf(each)));
  const found = problems
    // Where both are on one line, the fix is in the menu already.
    .filter(({ range }) => range.intersection(diagnostic.range) === undefined)
    .map(async (problem) => {
      const actions = await commands.executeCommand<readonly CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        problem.range,
        CodeActionKind.QuickFix.value,
      );
      return actions
        .filter(({ edit, diagnostics = [] }) => edit && diagnostics.some((each) => codeOf(each) === codeOf(problem)))
        .filter(({ title }) => !/^Ignore /.test(title));
    });
  return (await Promise.all(found)).flat().map(({ title, edit }) => {
    const action = new CodeAction(title, CodeActionKind.QuickFix);
    action.diagnostics = [diagnostic];
    if (edit) action.edit = edit;
    return action;
  });
}

/** With the file there already, no rule speaks up: but a line is missing in it. */
function ignoreGit(
  promise: PromiseId,
  document: TextDocument,
  records: ProofRecords,
  diagnostic: Diagnostic,
): readonly CodeAction[] {
  const context = recordsOf(document, records)[0]?.source?.context;
  if (promise !== 'no-git' || context === undefined || document.uri.scheme !== 'file') return [];
  const action = new CodeAction("Keep '.git' out with '.dockerignore'", CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.command = {
    command: 'shipshape.prove.ignore',
    title: action.title,
    arguments: [Uri.file(context).toString(), '**/.git'],
  };
  return [action];
}

function recordsOf(document: TextDocument, records: ProofRecords): ProofRecords['all'] {
  return records.all.filter(({ source }) => source?.uri === document.uri.toString());
}

function codeOf({ code }: Diagnostic): string {
  return String(typeof code === 'object' ? code.value : (code ?? ''));
}
