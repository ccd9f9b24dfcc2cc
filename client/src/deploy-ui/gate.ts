import { Uri, window, workspace } from 'vscode';
import { scan } from '../scan/execute.ts';
import { findTrivy } from '../scan/find-trivy.ts';
import { gate, gateSettings } from '../scan/gate.ts';
import { scanSettings } from '../scan/settings.ts';
import { Cancelled } from '../tools/command.ts';
import type { Trivy } from '../tools/trivy/trivy.ts';
import type { Ui } from './ui.ts';

/**
 * Scans the image before it leaves this machine. What `shipshape.gate` holds up goes on only when the user says so, each time anew.
 * Without Trivy nothing is scanned, which is said: installing it is a decision of its own.
 */
export async function gateImage(ui: Ui, image: string, dockerfile: Uri, signal: AbortSignal): Promise<void> {
  const { run, output, parts } = ui;
  if (!workspace.getConfiguration('shipshape.deploy', dockerfile).get<boolean>('scan', true)) return;
  const trivy = await trivyHere(ui, signal);
  if (trivy === undefined) {
    output.info(`'${image}' was not scanned: there is no Trivy here ('Scan image with Trivy' offers to install it)`);
    return;
  }
  output.info(`Scanning '${image}' before it is pushed`);
  const report = await scan({ kind: 'image', image }, scanSettings(dockerfile), {
    run,
    trivy,
    signal,
    keeper: parts.keeper,
    tool: await parts.tool(signal),
    onProgress: (event) => output.info(event.kind === 'step' ? event.message : event.line),
  });
  const result = gate(report, gateSettings(workspace.getConfiguration('shipshape', dockerfile).get('gate')));
  if (result.passed) return;
  const [worst] = result.blocking;
  const detail = result.blocking
    .slice(0, 8)
    .map((finding) => `${finding.severity.toLowerCase()}: ${finding.title}`)
    .concat(result.blocking.length > 8 ? [`and ${result.blocking.length - 8} more`] : [])
    .join('\n');
  const count = `${result.blocking.length} finding${result.blocking.length === 1 ? '' : 's'}`;
  const message = `The scan holds this deployment up: ${count}, the worst ${worst?.severity.toLowerCase() ?? ''}`;
  const deployAnyway = 'Deploy anyway';
  const answer = await window.showWarningMessage(message, { modal: true, detail }, deployAnyway);
  if (answer !== deployAnyway) throw new Cancelled();
  output.warn(`'${image}' is deployed in spite of ${count}`);
}

async function trivyHere({ run, parts }: Ui, signal: AbortSignal): Promise<Trivy | undefined> {
  const path = workspace.getConfiguration('shipshape.trivy').get('path', '').trim();
  const installFolder = Uri.joinPath(parts.context.globalStorageUri, 'trivy').fsPath;
  return await findTrivy(run, { installFolder, ...(path !== '' && { path }) }, signal);
}
