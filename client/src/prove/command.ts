import { commands, env, ProgressLocation, Range, Uri, window, workspace } from 'vscode';
import { linesOf, positionAt } from '../../../server/src/text/lines.ts';
import { imageToUse, type ImageToUse } from '../build/ask-for-image.ts';
import type { Parts } from '../programs.ts';
import { Cancelled } from '../tools/command.ts';
import { UserError } from '../ui/user-error.ts';
import { prove } from './execute.ts';
import { proofJson } from './formats/json.ts';
import { marksOf } from './marks.ts';
import type { ProofPanel } from './panel.ts';
import type { Proof } from './promise.ts';
import { reportOfRecord, type ProofRecord, type ProofRecords } from './proofs.ts';
import { promiseTitles, summaryLine } from './report.ts';
import { proveSettingsFor } from './settings.ts';

export interface Proving {
  readonly parts: Parts;
  readonly records: ProofRecords;
  readonly panel: ProofPanel;
  /** Images that are being proved. */
  readonly running: Set<string>;
}

/** From the palette, a lens, a menu or a button. */
export async function proveImage(proving: Proving, given: unknown, options: unknown): Promise<ProofRecord | undefined> {
  const uri = uriOf(given) ?? activeDockerfile();
  const found = await imageToUse(proving.parts, uri, { target: targetIn(options) });
  return found && (await proveFound(proving, uri, found));
}

/** What the page shows, once more: of the newest build when it is of a Dockerfile. */
export async function proveAgain(proving: Proving): Promise<ProofRecord | undefined> {
  const { shown } = proving.panel;
  if (shown === undefined) return undefined;
  const { source, proof } = shown;
  if (source) return await proveImage(proving, source.uri, { target: source.target });
  return await proveFound(proving, undefined, { image: proof.image });
}

export async function copyProof({ panel }: Proving): Promise<void> {
  if (panel.shown === undefined) return;
  await env.clipboard.writeText(proofJson(reportOfRecord(panel.shown)));
  window.setStatusBarMessage('The proof is copied as JSON', 4000);
}

/** Puts the cursor where a promise is broken. */
export async function revealPlace({ panel }: Proving, promise: unknown): Promise<void> {
  const { source, proof } = panel.shown ?? {};
  if (!source || !proof) return;
  const document = await workspace.openTextDocument(Uri.parse(source.uri));
  const text = document.getText();
  const mark = marksOf(proof.verdicts, source, text).find(({ verdict }) => verdict.promise === promise);
  if (mark === undefined) throw new UserError('That instruction has changed since: build and prove the image again');
  const lines = linesOf(text);
  const [start, end] = [positionAt(lines, mark.range.start), positionAt(lines, mark.range.end)];
  const isOpen = window.visibleTextEditors.find((editor) => editor.document === document);
  await window.showTextDocument(document, {
    selection: new Range(start.line, start.column, end.line, end.column),
    ...(isOpen?.viewColumn !== undefined && { viewColumn: isOpen.viewColumn }),
  });
}

async function proveFound(
  proving: Proving,
  uri: Uri | undefined,
  { image, record }: ImageToUse,
): Promise<ProofRecord | undefined> {
  const { records, panel, running } = proving;
  if (running.has(image)) throw new UserError(`'${image}' is being proved already`);
  running.add(image);
  let proof: Proof;
  try {
    proof = await proveWithProgress(proving.parts, uri, image);
  } catch (error) {
    if (error instanceof Cancelled) return undefined;
    throw error;
  } finally {
    running.delete(image);
  }
  const target = record?.request.target;
  const made: ProofRecord = {
    proof,
    at: Date.now(),
    // Of an image from elsewhere nobody knows whether this Dockerfile made it.
    ...(record && {
      source: {
        uri: record.uri,
        text: record.text,
        context: record.request.context,
        ...(target !== undefined && { target }),
      },
    }),
  };
  await records.add(made);
  panel.show(made);
  proving.parts.output.info(`Proof of '${image}': ${summaryLine(reportOfRecord(made))}`);
  return made;
}

async function proveWithProgress(
  { run, keeper, tool: findTool }: Parts,
  uri: Uri | undefined,
  image: string,
): Promise<Proof> {
  const settings = proveSettingsFor(uri);
  if (settings.checks.length === 0) {
    const action = {
      title: 'Open settings',
      run: () => commands.executeCommand('workbench.action.openSettings', 'shipshape.prove.checks'),
    };
    throw new UserError("No check is left: choose some in 'shipshape.prove.checks'", action);
  }
  return await window.withProgress(
    { location: ProgressLocation.Notification, title: `Proving '${image}'`, cancellable: true },
    async (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => {
        progress.report({ message: 'removing its containers' });
        controller.abort();
      });
      const { signal } = controller;
      const tool = await findTool(signal);
      return await prove(image, settings, {
        run,
        keeper,
        tool,
        signal,
        onProgress: (step) => {
          if (step.kind === 'started' || signal.aborted) return;
          const { verdict, done, of } = step;
          const word = { kept: 'kept', broken: 'broken', 'not-applicable': 'not applicable' }[verdict.outcome];
          const message = `${done} of ${of}: ${promiseTitles[verdict.promise]} (${word})`;
          progress.report({ message, increment: 100 / of });
        },
      });
    },
  );
}

function activeDockerfile(): Uri | undefined {
  const document = window.activeTextEditor?.document;
  return document?.languageId === 'dockerfile' ? document.uri : undefined;
}

function uriOf(given: unknown): Uri | undefined {
  if (given instanceof Uri) return given;
  return typeof given === 'string' && given !== '' ? Uri.parse(given) : undefined;
}

function targetIn(options: unknown): string | undefined {
  if (typeof options !== 'object' || options === null || !('target' in options)) return undefined;
  return typeof options.target === 'string' ? options.target : undefined;
}
