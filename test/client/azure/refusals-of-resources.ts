import { app, arm, group, registry, rg, site, web, type Row } from './refusals.ts';

/** Sizes, regions, what is busy or broken, and images. */
export const sizesAndImages: readonly Row[] = [
  // Sizes and regions.
  [
    `PUT ${site}/slots/staging`,
    409,
    web(
      'Conflict',
      "Cannot complete the operation because the site will exceed the number of slots allowed for the 'Basic' SKU.",
    ),
    'This size of App Service plan has no slots: choose S1 or more',
    { kind: 'chooseSku' },
  ],
  [
    `PUT ${site}`,
    409,
    web('Conflict', 'There was a conflict. AlwaysOn cannot be set for this site as the plan does not allow it.'),
    "This size of App Service plan cannot keep an app always on: choose 'B1' or more",
    { kind: 'chooseSku' },
  ],
  [
    `PUT ${group}`,
    409,
    arm(
      'ContainerGroupQuotaReached',
      "Resource type 'Microsoft.ContainerInstance/containerGroups' container group quota 'StandardCores' exceeded in region 'westus'.",
    ),
    "The quota 'StandardCores' of the subscription is used up in 'westus': choose another region",
    { kind: 'chooseRegion' },
  ],
  [
    `PUT ${rg}/providers/Microsoft.App/managedEnvironments/env`,
    400,
    arm(
      'MaxNumberOfRegionalEnvironmentsInSubExceeded',
      'The subscription cannot have more than 1 environments in West Europe.',
    ),
    'The subscription may have no more of this in this region: choose another region',
    { kind: 'chooseRegion' },
  ],
  [
    `PUT ${group}`,
    400,
    arm('SkuNotAvailable', 'The requested size is not available in location westeurope.'),
    'This size is not to be had here: choose another size or region',
    { kind: 'chooseSku' },
  ],
  [
    `PUT ${app}`,
    400,
    arm(
      'ContainerAppInvalidResourceTotal',
      'The total requested CPU and memory resources for this application (CPU: 0.5, memory: 2.0) is invalid.',
    ),
    'CPU and memory do not go together: choose another size',
    { kind: 'chooseSku' },
  ],
  [
    `PUT ${app}`,
    400,
    arm(
      'LocationNotAvailableForResourceType',
      "The provided location 'x' is not available for resource type 'Microsoft.App/containerApps'.",
    ),
    'This is not to be had in this region: choose another',
    { kind: 'chooseRegion' },
  ],
  [
    `PUT ${group}`,
    409,
    arm('ServiceUnavailable', "The requested resource is not available in the location 'westus' at this moment."),
    'This region has no room for the container now: choose another',
    { kind: 'chooseRegion' },
  ],
  [
    `POST ${registry}/scheduleRun`,
    400,
    arm('TasksOperationsNotAllowed', 'ACR Tasks requests for the registry shopreg and x are not permitted.'),
    'Free and trial subscriptions may not build in the registry: build here and push',
    { kind: 'buildLocally' },
  ],
  // Busy.
  [
    `PUT ${group}`,
    409,
    arm('ContainerGroupTransitioning', 'The container group is still transitioning, please retry later.'),
    'Azure is still busy with another change of this: wait a moment',
    { kind: 'wait', seconds: 30 },
  ],
  [
    `PUT ${app}`,
    409,
    arm(
      'ContainerAppOperationInProgress',
      'Cannot modify a container app because there is an active provisioning operation in progress.',
    ),
    'Azure is still busy with another change of this: wait a moment',
    { kind: 'wait', seconds: 30 },
  ],
  [
    `PUT ${site}`,
    409,
    web('Conflict', 'Cannot modify this site because another operation is in progress.'),
    'Azure is still busy with another change of this: wait a moment',
    { kind: 'wait', seconds: 30 },
  ],
  [
    `PUT ${site}`,
    409,
    arm(
      'ResourceGroupBeingDeleted',
      "The resource group 'shop-rg' is in deprovisioning state and cannot perform this operation.",
    ),
    "The resource group 'shop-rg' is being deleted: wait until it is gone",
    { kind: 'wait', seconds: 60 },
  ],
  [
    `PUT ${group}`,
    409,
    arm(
      'RegistryErrorResponse',
      "An error response is received from the docker registry 'index.docker.io'. Please retry later.",
    ),
    'The registry of the image is asked too much at the moment: wait, or use your own registry',
    { kind: 'wait', seconds: 300 },
  ],
  [
    `PUT ${site}`,
    412,
    arm('PreconditionFailed', 'The condition set in the request was not met.'),
    'Somebody has changed this meanwhile: look again',
    { kind: 'refresh' },
  ],
  [
    `PUT ${site}`,
    428,
    arm('PreconditionRequired', 'm'),
    'Somebody has changed this meanwhile: look again',
    { kind: 'refresh' },
  ],
  [
    `GET ${rg}`,
    429,
    arm('SubscriptionRequestsThrottled', 'Number of requests exceeded the limit.'),
    'Azure is asked too much at the moment: wait',
    { kind: 'wait', seconds: 30 },
  ],
  [
    `PUT ${site}`,
    500,
    arm('InternalServerError', 'x'),
    'Azure has trouble of its own (500): try again later',
    { kind: 'retry' },
  ],
  [
    `PUT ${site}`,
    502,
    '<html><h1>Bad gateway',
    "A web page came back instead of an answer of 'management.azure.com': check the proxy, or sign in to the network",
    {
      kind: 'openSettings',
      setting: 'http.proxy',
    },
  ],
  // Images.
  [
    `PUT ${group}`,
    400,
    arm(
      'InaccessibleImage',
      "The image 'shopreg.azurecr.io/shop:1' in container group 'shop' is not accessible. Please check the image and registry credential.",
    ),
    "Azure may not pull 'shopreg.azurecr.io/shop:1' yet: a new role takes some minutes",
    { kind: 'wait', seconds: 60 },
  ],
  [
    `PUT ${app}`,
    200,
    arm(
      'ContainerAppOperationError',
      `Failed to provision revision for container app 'shop'. Error details: The following field(s) are either invalid or missing. Field 'template.containers.web.image' is invalid with details: 'Invalid value: "shopreg.azurecr.io/shop:1": GET https:?scope=repository%3Ashop%3Apull&service=shopreg.azurecr.io: UNAUTHORIZED: authentication required, visit https://aka.ms/acr/authorization for more information.';..`,
    ),
    "Azure may not pull 'shopreg.azurecr.io/shop:1' yet: a new role takes some minutes",
    { kind: 'wait', seconds: 60 },
  ],
  [
    `PUT ${app}`,
    400,
    arm(
      'InvalidParameterValueInContainerTemplate',
      `The following field(s) are either invalid or missing. Field 'template.containers.web.image' is invalid with details: 'Invalid value: "shopreg.azurecr.io/shop:1": GET https:: MANIFEST_UNKNOWN: manifest tagged by "1" is not found';..`,
    ),
    "The registry has no 'shopreg.azurecr.io/shop:1': build and push again",
    { kind: 'rebuild' },
  ],
  [
    `PUT ${app}`,
    200,
    arm(
      'ContainerAppOperationError',
      `Field 'template.containers.web.image' is invalid with details: 'Invalid value: "shopreg.azurecr.io/shop:1": image OS/Arc must be linux/amd64 but found linux/arm64';..`,
    ),
    "Azure runs images for linux/amd64, and 'shopreg.azurecr.io/shop:1' is for another platform",
    { kind: 'rebuild', platform: 'linux/amd64' },
  ],
  [
    `PUT ${app}`,
    200,
    arm(
      'ContainerAppSecretKeyVaultUrlInvalid',
      'Unable to get value using Managed identity system for secret db from https://vault.vault.azure.net/secrets/db: 403 Forbidden',
    ),
    "The app may not read 'https://vault.vault.azure.net/secrets/db': give it the role Key Vault Secrets User",
    { kind: 'ask', right: 'Key Vault Secrets User', scope: 'https://vault.vault.azure.net/secrets/db' },
  ],
  [
    `PUT ${app}`,
    200,
    arm(
      'ContainerAppOperationError',
      "Failed to provision revision for container app 'shop'. Error details: Operation expired.",
    ),
    'The new version did not get ready in time: its log says why',
    { kind: 'showLog' },
  ],
  [
    `PUT ${site}`,
    409,
    arm(
      'InvalidResourceLocation',
      "The resource 'shop' already exists in location 'eastus'. A resource with the same name cannot be created in location 'westeurope'.",
    ),
    "'shop' is in 'eastus' already: choose that region or another name",
    { kind: 'rename' },
  ],
  [
    `PUT ${app}`,
    400,
    arm('ContainerAppEnvironmentUpdateNotAllowed', "The environment of container app 'shop' cannot be changed."),
    "The app 'shop' cannot move to another environment: choose another name",
    { kind: 'rename' },
  ],
  [
    `PUT ${rg}/providers/Microsoft.Web/serverfarms/plan`,
    409,
    web('Conflict', 'Linux workers are not available in the tier Shared.', '59314'),
    'This size of App Service plan runs no containers: choose another',
    { kind: 'chooseSku' },
  ],
  [
    `PUT ${rg}/providers/Microsoft.Web/serverfarms/plan`,
    409,
    web('Conflict', "Cannot change the plan to 'Basic': 'shop' has more slots than it allows."),
    'An app on the plan has more slots than this size allows: choose a larger one',
    { kind: 'chooseSku' },
  ],
  [
    `POST ${site}/slots/staging/slotsswap`,
    409,
    web(
      'Conflict',
      "Cannot swap slots for site 'shop' because the application initialization in 'staging' slot either took too long or failed.",
      '51032',
    ),
    "The slot 'staging' did not get ready to be swapped: its log says why",
    { kind: 'showLog' },
  ],
  [
    `POST ${site}/slotsswap`,
    409,
    web('Conflict', "Cannot swap slots because the slot 'staging' is not running. Start it first.", '01004'),
    "The slot 'staging' does not run: start it first",
    { kind: 'openPortal' },
  ],
  [
    `DELETE ${rg}/providers/Microsoft.Web/serverfarms/plan`,
    409,
    web('Conflict', "Server farm 'plan' cannot be deleted because it has web app(s) shop assigned to it.", '11003'),
    "'plan' is still used by apps: delete those first",
    { kind: 'openPortal', resource: `${rg}/providers/Microsoft.Web/serverfarms/plan` },
  ],
  [
    `GET ${group}/containers/web/logs`,
    409,
    arm('ContainerGroupDeploymentNotReady', "The container group 'shop' does not run, so that it has no logs."),
    'The container does not run yet, so that there are no logs: wait a moment',
    { kind: 'wait', seconds: 15 },
  ],
  [
    `PUT ${group}`,
    400,
    arm(
      'FailedIdentityOperation',
      "Identity operation for resource 'x' failed with error 'Failed to perform resource identity operation.",
    ),
    'The identity of the app is not known everywhere in Azure yet: wait half a minute',
    { kind: 'wait', seconds: 30 },
  ],
  [
    `PUT ${app}`,
    400,
    arm(
      'ContainerAppOperationError',
      "Failed to update secrets for container app 'shop'. Error details: Field 'configuration.secrets' is invalid with details: 'Invalid value: \"db\": Unable to get value using Managed identity /x for secret db. Error: unable to fetch secret 'db'",
    ),
    "The app may not read its secret 'db': give its identity the role Key Vault Secrets User",
    { kind: 'ask', right: 'Key Vault Secrets User', scope: 'db' },
  ],
  [
    `PUT ${app}`,
    200,
    arm(
      'ContainerAppOperationError',
      "Field 'template.revisionsuffix' is invalid with details: 'Invalid value: \"v2\": revision with suffix v2 already exists.';.",
    ),
    "There is a revision 'v2' already: look again",
    { kind: 'refresh' },
  ],
  [
    `PUT ${app}`,
    400,
    arm(
      'InvalidParameterValueInContainerTemplate',
      "Field 'template.containers.web.image' is invalid with details: 'Invalid value: \"a b\": could not parse reference'",
    ),
    "'a b' is no name of an image: check it",
    { kind: 'editChoices' },
  ],
  [
    `PUT ${app}`,
    200,
    arm(
      'ContainerAppOperationError',
      "Field 'template.containers.web.image' is invalid with details: 'Invalid value: \"reg/app:1\": something new'",
    ),
    "Azure could not start 'reg/app:1': the log says why",
    { kind: 'showLog' },
  ],
  // All the rest.
  [
    `PUT ${site}`,
    400,
    arm('InvalidTemplateDeployment', 'The template deployment failed.', {
      details: [{ code: 'SomethingNew', message: 'Colour must be blue. See the docs.' }],
    }),
    'Azure refuses: Colour must be blue (SomethingNew)',
    { kind: 'showLog' },
  ],
  [`PUT ${site}`, 400, '', 'Azure refuses with status 400: the log says more', { kind: 'showLog' }],
];
