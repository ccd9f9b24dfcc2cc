import { commands, Uri, type WorkspaceFolder } from 'vscode';
import type { Arm } from '../azure/arm.ts';
import type { BuildEvent } from '../build/build.ts';
import { clock } from '../deploy/clock.ts';
import { createImages, type ImagesHere } from '../registry/images.ts';
import type { Deploying } from './deploying.ts';
import { gateImage, type Leaving } from './gate.ts';

export interface Source {
  readonly arm: Arm;
  readonly folder: WorkspaceFolder;
  /** From the folder on. */
  readonly dockerfile: string;
  readonly leaving: Leaving;
  readonly signal: AbortSignal;
  readonly onBuildEvent?: (event: BuildEvent) => void;
}

/** Gets images of this folder into registries; what is built here is remembered as any build is, and any is scanned before it is deployed. */
export function imagesOf(
  deploying: Deploying,
  { arm, folder, dockerfile, leaving, signal, onBuildEvent }: Source,
): ImagesHere {
  const { run, parts, output } = deploying;
  const uri = Uri.joinPath(folder.uri, dockerfile);
  const gated = { dockerfile: uri, leaving };
  return createImages({
    arm,
    run,
    keeper: parts.keeper,
    tool: parts.tool,
    folder: folder.uri.fsPath,
    wait: clock.wait,
    onBuildEvent,
    ...(leaving === 'push' && { buildHere: () => commands.executeCommand('shipshape.pushImage', uri) }),
    onBuilt: async ({ from, request, text, outcome }) => {
      await parts.builds.add({ uri: uri.toString(), request, text, outcome });
      if (outcome.kind !== 'built') return;
      if (from === 'local') await gateImage(deploying, { image: outcome.image.tags[0] ?? '', ...gated }, signal);
      else if (leaving === 'push') output.info('An image that is only built in the cloud is not scanned');
    },
    onCloudImage: ({ image, login }) => gateImage(deploying, { image, login, ...gated }, signal),
  });
}
