import { env, Uri, window, workspace, type Progress } from 'vscode';
import type { Parts } from '../programs.ts';
import { containerToolNames, type ContainerTool } from '../tools/container/tool.ts';
import type { Trivy } from '../tools/trivy/trivy.ts';
import { UserError } from '../ui/user-error.ts';
import { findTrivy } from './find-trivy.ts';
import { installOffer, installTrivy } from './install.ts';

const instructions = 'https://trivy.dev/docs/latest/getting-started/installation/';

/** Trivy is not here: asks how to have it. Nothing is downloaded or run before the user has said so. */
export async function offerTrivy(
  parts: Parts,
  progress: Progress<{ message?: string; increment?: number }>,
  signal: AbortSignal,
): Promise<Trivy | undefined> {
  const folder = Uri.joinPath(parts.context.globalStorageUri, 'trivy').fsPath;
  const remembered = parts.context.globalState.get<boolean>(containerKey, false) ? await toolOf(parts) : undefined;
  if (remembered) return await findTrivy(parts.run, { installFolder: folder, containerTool: remembered }, signal);
  const offer = installOffer();
  const tool = await toolOf(parts);
  const install = offer && `Install ${offer.version}`;
  const contain = tool && `Use its ${containerToolNames[tool.kind]} image`;
  const how = 'How to install it';
  const detail = offer
    ? `Version ${offer.version} would be downloaded from ${new URL(offer.url).host}, compared with its checksum, and kept with this extension's data.`
    : 'There is no release of it for this machine that could be installed from here.';
  const choices = [install, contain, how].filter((choice) => choice !== undefined);
  const answer = await window.showWarningMessage('Trivy was not found', { modal: true, detail }, ...choices);
  if (answer === undefined) return undefined;
  if (answer === how) {
    await env.openExternal(Uri.parse(instructions));
    return undefined;
  }
  if (answer === contain && tool) {
    await parts.context.globalState.update(containerKey, true);
    const found = await findTrivy(parts.run, { installFolder: folder, containerTool: tool }, signal);
    if (!found) throw new UserError(`Trivy's image could not be run by ${containerToolNames[tool.kind]}`);
    return found;
  }
  let shown = 0;
  return await installTrivy({
    folder,
    signal,
    onProgress: (share) => {
      progress.report({ message: `Installing Trivy: ${Math.round(share * 100)} %`, increment: (share - shown) * 100 });
      shown = share;
    },
  });
}

const containerKey = 'shipshape.trivy.inContainer';

/** What is wrong with the container tool is not the question here. */
async function toolOf(parts: Parts): Promise<ContainerTool | undefined> {
  if (!workspace.isTrusted) return undefined;
  try {
    return await parts.tool();
  } catch {
    return undefined;
  }
}
