import { isAzureError } from '../../azure/azure-error.ts';
import { explain } from '../../azure/explain.ts';
import { ask } from '../../azure/explanation.ts';
import { Refused } from '../../azure/refused.ts';
import { UserError } from '../../ui/user-error.ts';
import type { Registry } from '../registry.ts';

/** Why a build in the cloud could not begin, where that needs other words than Azure's, or where there is a way to build here. */
export function whyNoCloudBuild(error: unknown, { id, name }: Registry, instead?: UserError['action']): unknown {
  if (!isAzureError(error)) return error;
  if (error.code === 'AuthorizationFailed' && /\/(?:scheduleRun|listBuildSourceUploadUrl)\b/i.test(error.message)) {
    const message = `You may not build in the registry '${name}': ask for its role 'Contributor', or build here`;
    return instead === undefined ? new Refused(message, ask('Contributor', id)) : new UserError(message, instead);
  }
  const isForNobody = error.code === 'TasksOperationsNotAllowed';
  return isForNobody && instead !== undefined ? new UserError(explain(error).message, instead) : error;
}
