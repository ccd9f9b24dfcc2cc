import { isAzureError } from '../../azure/azure-error.ts';
import { UserError } from '../../ui/user-error.ts';
import type { Registry } from '../registry.ts';

/** Why a build in the cloud could not begin, where that needs other words than Azure's. */
export function whyNoCloudBuild(error: unknown, { name }: Registry, instead?: UserError['action']): unknown {
  if (!isAzureError(error)) return error;
  if (error.code === 'TasksOperationsNotAllowed')
    return new UserError('Azure does not build for this subscription: build here and push', instead);
  if (error.code === 'AuthorizationFailed' && /\/(?:scheduleRun|listBuildSourceUploadUrl)\b/i.test(error.message))
    return new UserError(
      `You may not build in the registry '${name}': ask for its role 'Contributor', or build here`,
      instead,
    );
  return error;
}
