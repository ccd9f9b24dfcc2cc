import { basename } from 'node:path';
import { commands, languages, Range, window, workspace, type Diagnostic, type Uri } from 'vscode';
import type { BuildFailure } from './build.ts';
import type { EndedBuild, PreparedBuild } from './run-build.ts';
import { cachedOf, duration, size } from './step-text.ts';

const mostOfMessage = 160;

/** Says how the build went, with what is likely to come next. */
export async function tell(
  prepared: PreparedBuild,
  ended: EndedBuild,
  showLog: () => void,
  quiet: boolean,
): Promise<void> {
  const { outcome } = ended;
  switch (outcome.kind) {
    case 'cancelled':
      return;
    case 'failed':
      await tellFailure(prepared, outcome.failure, showLog);
      return;
    case 'built':
      if (!quiet && workspace.getConfiguration('shipshape.build').get<boolean>('notify', true))
        await tellBuilt(prepared, ended);
  }
}

async function tellBuilt({ uri, plan }: PreparedBuild, { outcome, size: bytes }: EndedBuild): Promise<void> {
  if (outcome.kind !== 'built') return;
  const { cached, all } = cachedOf(outcome.steps);
  const facts = [
    duration(outcome.seconds),
    ...(all > 0 ? [`${cached} of ${all} steps cached`] : []),
    ...(bytes === undefined ? [] : [size(bytes)]),
  ];
  const next = [
    { title: 'Prove', command: 'shipshape.proveImage' },
    { title: 'Scan', command: 'shipshape.scanImage' },
    { title: 'Show layers', command: 'shipshape.showLayers' },
  ];
  // An image for several platforms is not in the local store.
  const isHere = outcome.image.id !== undefined;
  const name = outcome.image.tags[0] ?? 'the image';
  const answer = await window.showInformationMessage(`Built '${name}': ${facts.join(', ')}`, ...(isHere ? next : []));
  const { target } = plan.request;
  if (answer) await commands.executeCommand(answer.command, uri, { ...(target !== undefined && { target }) });
}

async function tellFailure({ uri }: PreparedBuild, failure: BuildFailure, showLog: () => void): Promise<void> {
  const marked = diagnosticOf(uri);
  const line = marked ? marked.range.start.line + 1 : failure.lines?.first;
  const message = failure.message.replaceAll(/\s+/g, ' ').slice(0, mostOfMessage);
  const where = line === undefined ? '' : `, line ${line}`;
  const [show, log] = ['Show in Dockerfile', 'Show output'];
  const buttons = line === undefined ? [log] : [show, log];
  const answer = await window.showErrorMessage(
    `'${basename(uri.fsPath)}' failed to build${where}: ${message}`,
    ...buttons,
  );
  if (answer === log) showLog();
  if (answer !== show || line === undefined) return;
  const range = diagnosticOf(uri)?.range ?? new Range(line - 1, 0, line - 1, 0);
  await window.showTextDocument(uri, { selection: new Range(range.start, range.start) });
}

/** Where the failure was put, as far as it is known yet. */
function diagnosticOf(uri: Uri): Diagnostic | undefined {
  return languages.getDiagnostics(uri).find(({ source }) => source === 'Shipshape build');
}
