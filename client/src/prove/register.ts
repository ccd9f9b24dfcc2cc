import { commands } from 'vscode';
import type { Parts } from '../programs.ts';
import { provideProofActions } from './actions.ts';
import { copyProof, proveAgain, proveImage, revealPlace, type Proving } from './command.ts';
import { ProofDiagnostics } from './diagnostics.ts';
import { addToDockerignore } from './ignore.ts';
import { ProofPanel } from './panel.ts';
import { ProofRecords } from './proofs.ts';

export function registerProve(parts: Parts): void {
  const { context, register } = parts;
  const records = new ProofRecords(context.workspaceState);
  const panel = new ProofPanel(context.extensionUri, records);
  const diagnostics = new ProofDiagnostics(records);
  const proving: Proving = { parts, records, panel, running: new Set() };
  context.subscriptions.push(records, panel, diagnostics, provideProofActions(records));
  void diagnostics.refresh();
  const tell = (): unknown => commands.executeCommand('setContext', 'shipshape.hasProofs', records.all.length > 0);
  records.onDidChange(tell);
  tell();

  register('shipshape.proveImage', (uri, options) => proveImage(proving, uri, options));
  register('shipshape.prove.again', () => proveAgain(proving));
  register('shipshape.prove.copy', () => copyProof(proving));
  register('shipshape.prove.reveal', (promise) => revealPlace(proving, promise));
  register('shipshape.prove.ignore', (folder, pattern) => addToDockerignore(folder, pattern));
  register('shipshape.prove.show', (uri) => {
    const record = records.all.find(({ source }) => uri === undefined || source?.uri === uri) ?? records.all[0];
    if (record) panel.show(record);
  });
}
