import type { Run } from '../tools/command.ts';
import { askImagePlatform, readImagePlatform, type LocalImage } from '../tools/container/images.ts';
import type { ContainerTool } from '../tools/container/tool.ts';

/** What App Service, Container Apps and Container Instances run Linux containers on. */
const platformOfAzure = 'linux/amd64';

/** Why an image that is here would not start in Azure, and what to do; `undefined` where it would, or where the tool does not say. */
export async function whyNotInAzure(
  run: Run,
  tool: ContainerTool,
  { id, name }: Pick<LocalImage, 'id' | 'name'>,
  signal: AbortSignal,
): Promise<{ readonly message: string; readonly detail: string } | undefined> {
  const platform = readImagePlatform((await run(askImagePlatform(tool, id), { signal })).stdout);
  if (platform === undefined || platform === platformOfAzure) return undefined;
  return {
    message: `'${name}' is for ${platform}, and Azure's apps run ${platformOfAzure}`,
    detail: `Build it for the platform ${platformOfAzure}, or push it if it is for something else`,
  };
}
