import { NotStarted, type Run } from '../tools/command.ts';
import {
  askComposeVersion,
  composeCandidates,
  readComposeVersion,
  type ComposeTool,
} from '../tools/container/compose.ts';
import { containerToolNames, type ContainerTool } from '../tools/container/tool.ts';
import { UserError } from '../ui/user-error.ts';

/** The Compose that belongs to the container tool. */
export async function findCompose(run: Run, tool: ContainerTool): Promise<ComposeTool> {
  for (const candidate of composeCandidates(tool)) {
    try {
      const version = readComposeVersion(await run(askComposeVersion(candidate)));
      if (version !== undefined) return { ...candidate, version };
    } catch (error) {
      if (!(error instanceof NotStarted)) throw error;
    }
  }
  throw new UserError(
    `${containerToolNames[tool.kind]} has no Compose here: install the 'compose' plugin, then try again`,
  );
}
