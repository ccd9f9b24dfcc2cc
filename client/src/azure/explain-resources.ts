import { firstSentence } from './first-sentence.ts';
import { buildLocally, chooseRegion, chooseSku, openPortal, refresh, retry, showLog, wait } from './explanation.ts';
import { anything, groupIn, on, pathOf, type Refusal } from './refusal.ts';
import { nameOf } from './resource-id.ts';

/** Sizes, regions and builds that are not to be had. */
export const sizes: readonly Refusal[] = [
  on(/^(Conflict|BadRequest|Http409|Http400)$/, /number of slots allowed|does not (allow|support) .*slots?/i, () => ({
    message: 'This size of App Service plan has no slots: choose S1 or more',
    action: chooseSku,
  })),
  on(/^(Conflict|BadRequest|Http409)$/, /AlwaysOn cannot be set|always ?on/i, () => ({
    message: "This size of App Service plan cannot keep an app always on: choose 'B1' or more",
    action: chooseSku,
  })),
  on(/^Conflict$/, /Linux workers are not available/i, () => ({
    message: 'This size of App Service plan runs no containers: choose another',
    action: chooseSku,
  })),
  on(/^Conflict$/, /has more slots than it allows/i, () => ({
    message: 'An app on the plan has more slots than this size allows: choose a larger one',
    action: chooseSku,
  })),
  on(/^(SkuNotAvailable|InvalidSku|InvalidSkuName|SkuNotSupported|InvalidRequestedSku)\w*$/, anything, () => ({
    message: 'This size is not to be had here: choose another size or region',
    action: chooseSku,
  })),
  on(/InvalidResourceTotal$|^ResourceSomeRequestsNotSupported$|^InvalidContainerResources$/, anything, () => ({
    message: 'CPU and memory do not go together: choose another size',
    action: chooseSku,
  })),
  on(/^ContainerGroupQuotaReached$/, /quota '([^']+)' exceeded in region '([^']+)'/, (_error, [, what, where]) => ({
    message: `The quota '${what ?? ''}' of the subscription is used up in '${where ?? ''}': choose another region`,
    action: chooseRegion,
  })),
  on(/Quota\w*Reached$|Quota\w*Exceeded$|^MaxNumberOf\w+Exceeded$|^MaxNumberOf\w+$|OverQuota/, anything, (_error) => ({
    message: 'The subscription may have no more of this in this region: choose another region',
    action: chooseRegion,
  })),
  on(
    /^(LocationNotAvailable\w*|NoRegisteredProviderFound|InvalidLocation|LocationNotSupported|RegionNotAvailable\w*)$/,
    anything,
    () => ({
      message: 'This is not to be had in this region: choose another',
      action: chooseRegion,
    }),
  ),
  on(/^(ServiceUnavailable|Conflict)$/, /requested resource is not available in the location/i, () => ({
    message: 'This region has no room for the container now: choose another',
    action: chooseRegion,
  })),
  on(/^TasksOperationsNotAllowed$/, anything, () => ({
    message: 'Free and trial subscriptions may not build in the registry: build here and push',
    action: buildLocally,
  })),
];

/** What goes on meanwhile, and what has not worked out. */
export const busy: readonly Refusal[] = [
  on(/^ContainerGroupDeploymentNotReady$/, anything, () => ({
    message: 'The container does not run yet, so that there are no logs: wait a moment',
    action: wait(15),
  })),
  on(/^FailedIdentityOperation$/, /identity '([^']+)'|^/i, () => ({
    message: 'The identity of the app is not known everywhere in Azure yet: wait half a minute',
    action: wait(30),
  })),
  on(/^RegistryErrorResponse$/, anything, () => ({
    message: 'The registry of the image is asked too much at the moment: wait, or use your own registry',
    action: wait(300),
  })),
  on(/^(ResourceGroupBeingDeleted|ResourceGroupDeletionInProgress)$/, anything, (error) => ({
    message: `The resource group '${groupIn(error)}' is being deleted: wait until it is gone`,
    action: wait(60),
  })),
  on(
    /Transitioning$|OperationInProgress$|^AnotherOperation\w*|^(OperationNotAllowed|RetryableError|ResourceNotReady|ConflictingOperation\w*)$|EnvironmentNot(Ready|Provisioned)$/,
    anything,
    () => ({ message: 'Azure is still busy with another change of this: wait a moment', action: wait(30) }),
  ),
  on(/^(Conflict|Http409)$/, /Cannot swap.*initialization in '([^']+)' slot/, (_error, [, slot]) => ({
    message: `The slot '${slot ?? ''}' did not get ready to be swapped: its log says why`,
    action: showLog,
  })),
  on(/^(Conflict|Http409)$/, /Cannot swap.*slot '([^']+)' is not running/, (_error, [, slot]) => ({
    message: `The slot '${slot ?? ''}' does not run: start it first`,
    action: openPortal(),
  })),
  on(/HasContainerApps$|^Conflict$/, /cannot be deleted because it has/i, (error) => ({
    message: `'${nameOf(pathOf(error))}' is still used by apps: delete those first`,
    action: openPortal(pathOf(error)),
  })),
  on(/^ContainerApp\w*$/, /revision with suffix (\S+) already exists/, (_error, [, suffix]) => ({
    message: `There is a revision '${suffix ?? ''}' already: look again`,
    action: refresh,
  })),
  on(/^(Conflict|Http409)$/, /another operation|in progress|being (updated|deleted|modified)|try again/i, () => ({
    message: 'Azure is still busy with another change of this: wait a moment',
    action: wait(30),
  })),
  (error) =>
    error.status === 412 || error.status === 428
      ? { message: 'Somebody has changed this meanwhile: look again', action: refresh }
      : undefined,
  on(/^OperationCanceled$/, anything, () => ({ message: 'This was cancelled in Azure', action: retry })),
  on(
    /^OperationFailed$|^(ContainerAppOperation|Deployment)\w*(Error|Failed)$/,
    /operation expired|timed? ?out|deadline/i,
    () => ({
      message: 'The new version did not get ready in time: its log says why',
      action: showLog,
    }),
  ),
  on(/^OperationFailed$/, anything, (error) => ({
    message: `Azure could not finish this: ${firstSentence(error.message)}`,
    action: showLog,
  })),
];
