import { askApp, clock } from '../deploy/clock.ts';
import type { Journal, World } from '../deploy/world.ts';
import type { Deploying } from './deploying.ts';
import type { Deployment } from './deploy-command.ts';
import { imagesOf } from './images.ts';
import { secretsOf } from './secrets.ts';

/** What a deployment from the editor acts on. */
export function worldOf(
  deploying: Deploying,
  { arm, folder, target }: Deployment,
  journal: Journal,
  signal: AbortSignal,
): World {
  return {
    arm,
    journal,
    clock,
    folder: folder.uri.fsPath,
    ask: askApp,
    secret: secretsOf(target, deploying.parts.context.secrets),
    images: imagesOf(deploying, { arm, folder, dockerfile: target.image.dockerfile, leaving: 'deployment', signal }),
  };
}
