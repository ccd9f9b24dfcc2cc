import { commands, Uri, type WorkspaceFolder } from 'vscode';
import type { Arm } from '../azure/arm.ts';
import { clock } from '../deploy/clock.ts';
import type { Images } from '../deploy/world.ts';
import { createImages } from '../registry/images.ts';
import type { Deploying } from './deploying.ts';
import { gateImage } from './gate.ts';

export interface Source {
  readonly arm: Arm;
  readonly folder: WorkspaceFolder;
  /** From the folder on. */
  readonly dockerfile: string;
  readonly signal: AbortSignal;
}

/** Gets images of this folder into registries; what is built here is remembered as any build is, and scanned before it leaves. */
export function imagesOf(
  deploying: Deploying,
  { arm, folder, dockerfile, signal }: Source,
  mayBuildHere = false,
): Images {
  const { run, parts } = deploying;
  const uri = Uri.joinPath(folder.uri, dockerfile);
  return createImages({
    arm,
    run,
    keeper: parts.keeper,
    tool: parts.tool,
    folder: folder.uri.fsPath,
    wait: clock.wait,
    ...(mayBuildHere && { buildHere: () => commands.executeCommand('shipshape.pushImage', uri) }),
    onBuilt: async ({ request, text, outcome }) => {
      await parts.builds.add({ uri: uri.toString(), request, text, outcome });
      if (outcome.kind === 'built') await gateImage(deploying, outcome.image.tags[0] ?? '', uri, signal);
    },
  });
}
