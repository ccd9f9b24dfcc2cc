import type { Run } from '../tools/command.ts';
import type { ContainerTool } from '../tools/container/tool.ts';
import type { Trivy } from '../tools/trivy/trivy.ts';
import { UserError } from '../ui/user-error.ts';

export interface WantedTrivy {
  /** The setting `shipshape.trivy.path`. */
  readonly path?: string;
  /** `globalStorageUri`/trivy: where `installTrivy` puts it. */
  readonly installFolder?: string;
  /** Given when the user agreed to run Trivy in a container. */
  readonly containerTool?: ContainerTool;
}

/**
 * The Trivy to scan with: the one of the setting, on PATH, that we installed, then the container.
 * `undefined` when there is none: the user is then asked whether to install it or to run the container.
 * A `UserError` when there is one that cannot be used: too old, broken, or a path that is wrong.
 */
export function findTrivy(_run: Run, _wanted: WantedTrivy, _signal?: AbortSignal): Promise<Trivy | undefined> {
  return Promise.reject(new UserError('Being built'));
}
