import { Uri } from 'vscode';
import { askApp, clock } from '../deploy/clock.ts';
import type { Journal, World } from '../deploy/world.ts';
import { createImages } from '../registry/images.ts';
import type { Deploying } from './deploying.ts';
import type { Deployment } from './deploy-command.ts';
import { gateImage } from './gate.ts';
import { secretsOf } from './secrets.ts';

/** What a deployment from the editor acts on. */
export function worldOf(
  deploying: Deploying,
  { arm, folder, target }: Deployment,
  journal: Journal,
  signal: AbortSignal,
): World {
  const { run, parts } = deploying;
  return {
    arm,
    journal,
    clock,
    ask: askApp,
    secret: secretsOf(target, parts.context.secrets),
    images: createImages({
      arm,
      run,
      keeper: parts.keeper,
      tool: parts.tool,
      folder: folder.uri.fsPath,
      wait: clock.wait,
      onBuilt: async ({ request, text, outcome }) => {
        const uri = Uri.joinPath(folder.uri, target.image.dockerfile);
        await parts.builds.add({ uri: uri.toString(), request, text, outcome });
        if (outcome.kind === 'built') await gateImage(deploying, outcome.image.tags[0] ?? '', uri, signal);
      },
    }),
  };
}
