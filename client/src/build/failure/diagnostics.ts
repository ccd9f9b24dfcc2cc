import { CodeActionKind, languages, Uri, workspace } from 'vscode';
import type { Parts } from '../../programs.ts';
import type { FinishedBuild } from '../build-records.ts';
import { failureActions } from './code-actions.ts';
import { ShownFailures } from './shown-failures.ts';
import { adviceFor, explainWithFiles } from './surroundings.ts';

/** Puts every failed build where it failed, until the next build of that file or an edit of that instruction. */
export function registerBuildFailures({ context, builds, output }: Parts): void {
  const failures = new ShownFailures();
  // Which build of a file is the newest: what an older one still finds out is of no interest any more.
  const newest = new Map<string, FinishedBuild>();

  const onFinish = async (build: FinishedBuild): Promise<void> => {
    const uri = Uri.parse(build.uri);
    newest.set(build.uri, build);
    failures.clear(uri);
    if (build.outcome.kind !== 'failed') return;
    const { failure } = build.outcome;
    const first = adviceFor(failure, build.text, build.request);
    if (first.isElsewhere) return;
    // At once, for whoever tells of the failure; what the files around say comes a moment later.
    failures.show(uri, build.text, first);
    const whole = await explainWithFiles(failure, build.text, build.request);
    if (newest.get(build.uri) === build && failures.of(uri)) failures.show(uri, build.text, whole);
  };

  const actions = languages.registerCodeActionsProvider(
    [{ language: 'dockerfile' }, { scheme: 'file' }],
    failureActions(failures),
    {
      providedCodeActionKinds: [CodeActionKind.QuickFix],
    },
  );
  context.subscriptions.push(
    failures,
    actions,
    builds.onDidFinish((build) => {
      onFinish(build).catch((error: unknown) => output.error(`Explaining a failed build: ${String(error)}`));
    }),
    workspace.onDidChangeTextDocument(({ document }) => failures.follow(document)),
    workspace.onDidDeleteFiles(({ files }) => files.forEach((uri) => failures.clear(uri))),
    workspace.onDidRenameFiles(({ files }) => files.forEach(({ oldUri }) => failures.clear(oldUri))),
    workspace.onDidOpenTextDocument((document) => failures.follow(document)),
  );
}
