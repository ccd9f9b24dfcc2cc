import { Uri, window, workspace } from 'vscode';
import { scan } from '../scan/execute.ts';
import type { RegistryLogin, ScanReport, ScanSubject } from '../scan/finding.ts';
import { findTrivy } from '../scan/find-trivy.ts';
import { gate, gateSettings } from '../scan/gate.ts';
import { scanSettings } from '../scan/settings.ts';
import { Cancelled } from '../tools/command.ts';
import type { Trivy } from '../tools/trivy/trivy.ts';
import { isUserError } from '../ui/user-error.ts';
import type { Ui } from './ui.ts';

/** What the image is about to go through. */
export type Leaving = 'deployment' | 'push';

export interface GatedImage {
  readonly image: string;
  readonly dockerfile: Uri;
  readonly leaving: Leaving;
  /** For one that is in its registry already and not here. */
  readonly login?: () => Promise<RegistryLogin>;
}

/**
 * Scans the image before it leaves this machine, or before what was built in the cloud is deployed. What `shipshape.gate` holds up, and what could
 * not be scanned, goes on only when the user says so, each time anew. Without Trivy nothing is scanned, which is said: installing it is a decision
 * of its own.
 */
export async function gateImage(ui: Ui, gated: GatedImage, signal: AbortSignal): Promise<void> {
  const { output } = ui;
  const { image, dockerfile, leaving } = gated;
  if (!workspace.getConfiguration('shipshape.deploy', dockerfile).get<boolean>('scan', true)) return;
  const report = await scanned(ui, gated, signal);
  if (report === undefined) {
    output.info(`'${image}' was not scanned: there is no Trivy here ('Scan image with Trivy' offers to install it)`);
    return;
  }
  if (typeof report === 'string') {
    await override(`The scan that comes before this ${leaving} failed`, report, leaving);
    output.warn(`'${image}' is ${next(gated)} without having been scanned`);
    return;
  }
  const result = gate(report, gateSettings(workspace.getConfiguration('shipshape', dockerfile).get('gate')));
  if (result.passed) return;
  const [worst] = result.blocking;
  const detail = result.blocking
    .slice(0, 8)
    .map((finding) => `${finding.severity.toLowerCase()}: ${finding.title}`)
    .concat(result.blocking.length > 8 ? [`and ${result.blocking.length - 8} more`] : [])
    .join('\n');
  const count = `${result.blocking.length} finding${result.blocking.length === 1 ? '' : 's'}`;
  const message = `The scan holds this ${leaving} up: ${count}, the worst ${worst?.severity.toLowerCase() ?? ''}`;
  await override(message, detail, leaving);
  output.warn(`'${image}' is ${next(gated)} in spite of ${count}`);
}

function next({ login }: GatedImage): 'pushed' | 'deployed' {
  return login === undefined ? 'pushed' : 'deployed';
}

/** Going away is a no. */
async function override(message: string, detail: string, leaving: Leaving): Promise<void> {
  const anyway = leaving === 'deployment' ? 'Deploy anyway' : 'Push anyway';
  const answer = await window.showWarningMessage(message, { modal: true, detail }, anyway);
  if (answer !== anyway) throw new Cancelled();
}

/** The report, or why there is none; `undefined` without Trivy. */
async function scanned(ui: Ui, gated: GatedImage, signal: AbortSignal): Promise<ScanReport | string | undefined> {
  const { run, output, parts } = ui;
  const { image, dockerfile, login } = gated;
  try {
    const trivy = await trivyHere(ui, signal);
    if (trivy === undefined) return undefined;
    output.info(`Scanning '${image}' before it is ${next(gated)}`);
    const subject: ScanSubject = { kind: 'image', image, ...(login && { registry: await login() }) };
    return await scan(subject, scanSettings(dockerfile), {
      run,
      trivy,
      signal,
      keeper: parts.keeper,
      ...(!login && { tool: await parts.tool(signal) }),
      onProgress: (event) => output.info(event.kind === 'step' ? event.message : event.line),
    });
  } catch (error) {
    if (isUserError(error)) return error.message;
    throw error;
  }
}

async function trivyHere({ run, parts }: Ui, signal: AbortSignal): Promise<Trivy | undefined> {
  const path = workspace.getConfiguration('shipshape.trivy').get('path', '').trim();
  const installFolder = Uri.joinPath(parts.context.globalStorageUri, 'trivy').fsPath;
  return await findTrivy(run, { installFolder, ...(path !== '' && { path }) }, signal);
}
