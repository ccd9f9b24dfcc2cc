import { basename } from 'node:path';
import { commands, languages, Position, Range, window, workspace, type Diagnostic, type Uri } from 'vscode';
import type { BuildFailure } from './build.ts';
import { failureSource } from './failure/shown-failures.ts';
import { adviceFor } from './failure/surroundings.ts';
import type { EndedBuild, PreparedBuild } from './run-build.ts';
import { duration, size } from './step-text.ts';

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
  const next = [
    { title: 'Prove', command: 'shipshape.proveImage' },
    { title: 'Scan', command: 'shipshape.scanImage' },
    { title: 'Show layers', command: 'shipshape.showLayers' },
  ];
  // An image for several platforms is not in the local store.
  const isHere = outcome.image.id !== undefined;
  const name = outcome.image.tags[0] ?? 'the image';
  const weight = bytes === undefined ? '' : `, ${size(bytes)}`;
  const message = `Built '${name}' in ${duration(outcome.seconds)}${weight}`;
  const answer = await window.showInformationMessage(message, ...(isHere ? next : []));
  const { target } = plan.request;
  if (answer) await commands.executeCommand(answer.command, uri, { ...(target !== undefined && { target }) });
}

async function tellFailure(
  { uri, text, plan }: PreparedBuild,
  failure: BuildFailure,
  showLog: () => void,
): Promise<void> {
  const { message, advice, isElsewhere } = adviceFor(failure, text, plan.request);
  const [headline = ''] = message.split('\n');
  const last = failure.output.findLast((line) => line.trim() !== '');
  const line = diagnosticOf(uri)?.range.start.line;
  const where =
    isElsewhere || line === undefined ? `'${basename(uri.fsPath)}'` : `Line ${line + 1} of '${basename(uri.fsPath)}'`;
  const more = (advice ?? last ?? '').replaceAll(/[\s\p{Cc}]+/gu, ' ').slice(0, mostOfMessage);
  const [show, log] = ['Show in Dockerfile', 'Show output'];
  const answer = await window.showErrorMessage(
    `${where}: ${headline}${more === '' ? '' : `: ${more}`}`,
    ...(line === undefined ? [log] : [show, log]),
  );
  if (answer === log) showLog();
  if (answer !== show) return;
  const start = diagnosticOf(uri)?.range.start ?? new Position(line ?? 0, 0);
  await window.showTextDocument(uri, { selection: new Range(start, start) });
}

/** Where the failure was put, as far as it is known yet. */
function diagnosticOf(uri: Uri): Diagnostic | undefined {
  return languages.getDiagnostics(uri).find(({ source }) => source === failureSource);
}
