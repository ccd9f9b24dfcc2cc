import { createRun } from '../../../client/src/process/run.ts';
import { findTool } from '../../../client/src/container/find-tool.ts';
import { connect } from '../../../client/src/azure/connect.ts';
import { publicCloud } from '../../../client/src/azure/cloud.ts';
import type { Arm } from '../../../client/src/azure/arm.ts';
import type { Json, JsonObject } from '../../../client/src/azure/json.ts';
import type { ImageEvents, ResolvedImage } from '../../../client/src/deploy/world.ts';
import { createImages, type ImagesOptions } from '../../../client/src/registry/images.ts';
import type { LocalAzure } from '../../azure/local-azure.ts';

export const run = createRun();

/** The product's own client of a local Azure, as the bearer of a token. */
export function armOf(azure: LocalAzure, token: string): Arm {
  const getToken = (): Promise<{ token: string; expiresOnTimestamp: number }> =>
    Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 });
  return connect({ cloud: publicCloud, credential: { getToken }, httpClient: azure.httpClient });
}

export function imagesOf(
  azure: LocalAzure,
  token: string,
  folder: string,
  more: Partial<ImagesOptions> = {},
): ReturnType<typeof createImages> {
  return createImages({
    arm: armOf(azure, token),
    folder,
    run,
    tool: (signal) => findTool(run, { kind: 'docker' }, signal),
    // Nothing here takes long.
    wait: (milliseconds, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(done, Math.min(milliseconds, 30));
        function done(): void {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          resolve();
        }
        signal.addEventListener('abort', done);
      }),
    httpClient: azure.httpClient,
    ...more,
  });
}

export interface Heard extends ImageEvents {
  readonly log: string[];
  readonly progress: string[];
  readonly controller: AbortController;
}

export function listener(
  onProgress: (message: string) => void = () => undefined,
  onLog: (text: string, controller: AbortController) => void = () => undefined,
): Heard {
  const controller = new AbortController();
  const [log, progress]: [string[], string[]] = [[], []];
  return {
    controller,
    signal: controller.signal,
    log,
    progress,
    onLog: (text) => {
      log.push(text);
      onLog(text, controller);
    },
    onProgress: (message) => {
      progress.push(message);
      onProgress(message);
    },
  };
}

export function workFor(registry: string, loginServer: string, more: Partial<ResolvedImage> = {}): ResolvedImage {
  return {
    from: 'local',
    registry,
    loginServer,
    repository: 'shop/web',
    tag: '1a2b3c4',
    dockerfile: 'Dockerfile',
    context: '.',
    platform: 'linux/amd64',
    ...more,
  };
}

/** The bodies that were sent to where the address ends so. */
export function bodiesTo(azure: LocalAzure, ending: RegExp): readonly JsonObject[] {
  return azure.traffic.flatMap(({ url, requestBody }): readonly Json[] =>
    requestBody !== undefined && ending.test(url) ? [requestBody] : [],
  ) as readonly JsonObject[];
}
