import type { Json } from '../../../client/src/azure/json.ts';

export const manager = 'https://management.azure.com';
export const rg = '/subscriptions/11111111-0000-0000-0000-000000000000/resourceGroups/shop-rg';
export const site = `${rg}/providers/Microsoft.Web/sites/shop`;
export const registry = `${rg}/providers/Microsoft.ContainerRegistry/registries/shopreg`;
export const app = `${rg}/providers/Microsoft.App/containerApps/shop`;
export const group = `${rg}/providers/Microsoft.ContainerInstance/containerGroups/shop`;

/** Where it happens, what Azure answers, and what the user reads and can do. */
export type Row = readonly [
  request: string,
  status: number,
  body: Json,
  message: string,
  action: Readonly<Record<string, unknown>>,
];

export const arm = (code: string, message: string, more: Readonly<Record<string, Json>> = {}): Json => ({
  error: { code, message, ...more },
});
/** As Microsoft.Web refuses. */
export const web = (code: string, message: string, extendedCode?: string): Json => ({
  Code: code,
  Message: message,
  Target: null,
  Details: [
    { Message: message },
    { Code: code },
    {
      ErrorEntity: {
        ...(extendedCode !== undefined && { ExtendedCode: extendedCode, MessageTemplate: '{0}', Parameters: ['shop'] }),
        Code: code,
        Message: message,
      },
    },
  ],
  Innererror: null,
});

/** Who one is, what one may, what is there and what it is called. */
export const rightsAndNames: readonly Row[] = [
  // Who one is.
  [
    `GET ${rg}`,
    401,
    arm('ExpiredAuthenticationToken', 'The access token expiry UTC time is earlier than current UTC time.'),
    'Azure does not accept your sign-in any more: sign in again',
    { kind: 'signIn' },
  ],
  [
    `GET ${rg}`,
    401,
    arm('InvalidAuthenticationToken', 'The access token is invalid.'),
    'Azure does not accept your sign-in any more: sign in again',
    { kind: 'signIn' },
  ],
  [
    `GET ${rg}`,
    401,
    arm(
      'InvalidAuthenticationTokenTenant',
      "The access token is from the wrong issuer 'https://sts.windows.net/aaaaaaaa-0000-0000-0000-000000000000/'. It must match the tenant 'https://sts.windows.net/bbbbbbbb-0000-0000-0000-000000000000/' associated with this subscription.",
    ),
    "The subscription is in the tenant 'bbbbbbbb-0000-0000-0000-000000000000': sign in there",
    { kind: 'signIn', tenant: 'bbbbbbbb-0000-0000-0000-000000000000' },
  ],
  [
    `PUT ${rg}/providers/Microsoft.Web/serverfarms/plan`,
    401,
    web(
      'Unauthorized',
      'Operation cannot be completed without additional quota. \r\nAdditional details - Location: East US\r\nCurrent Limit (Basic VMs): 0\r\nCurrent Usage: 0',
    ),
    "The subscription has no quota for 'Basic VMs' in 'East US': choose another size or region",
    { kind: 'chooseSku' },
  ],
  [
    `PUT ${rg}/providers/Microsoft.Web/serverfarms/plan`,
    401,
    arm('SubscriptionIsOverQuotaForSku', 'This region has quota of 0 instances for your subscription.'),
    'The subscription has no quota for this size: choose another size or region',
    { kind: 'chooseSku' },
  ],
  [
    `PUT ${rg}/providers/Microsoft.Web/serverfarms/plan`,
    401,
    web('Unauthorized', 'This region is not accepting new customers. Try another.'),
    'Azure refuses: This region is not accepting new customers (Unauthorized)',
    { kind: 'showLog' },
  ],
  // What one may.
  [
    `PUT ${site}`,
    403,
    arm(
      'AuthorizationFailed',
      `The client 'me' with object id 'x' does not have authorization to perform action 'Microsoft.Web/sites/write' over scope '${site}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    ),
    "You may not do 'Microsoft.Web/sites/write' on 'shop': ask an Owner for the right",
    { kind: 'ask', right: 'Microsoft.Web/sites/write', scope: site },
  ],
  [
    `PUT ${registry}/providers/Microsoft.Authorization/roleAssignments/g`,
    403,
    arm(
      'AuthorizationFailed',
      `The client 'me' with object id 'x' does not have authorization to perform action 'Microsoft.Authorization/roleAssignments/write' over scope '${registry}' or the scope is invalid.`,
    ),
    "You may not give roles on 'shopreg': ask an Owner or User Access Administrator",
    { kind: 'ask', right: 'Microsoft.Authorization/roleAssignments/write', scope: registry },
  ],
  [
    `PUT ${app}`,
    403,
    arm(
      'LinkedAuthorizationFailed',
      `The client has permission to perform action 'Microsoft.App/containerApps/write' on scope '${app}'; however, it does not have permission to perform action(s) 'Microsoft.App/managedEnvironments/join/action' on the linked scope(s) '${rg}/providers/Microsoft.App/managedEnvironments/env'.`,
    ),
    "You may not do 'Microsoft.App/managedEnvironments/join/action' on 'env': ask an Owner for the right",
    {
      kind: 'ask',
      right: 'Microsoft.App/managedEnvironments/join/action',
      scope: `${rg}/providers/Microsoft.App/managedEnvironments/env`,
    },
  ],
  [
    `PUT ${site}`,
    403,
    arm(
      'RequestDisallowedByPolicy',
      `Resource 'shop' was disallowed by policy. Policy identifiers: '[{"policyAssignment":{"name":"Require tags","id":"/x"}}]'.`,
      {
        target: 'shop',
      },
    ),
    "The policy 'Require tags' of your organization does not allow this: ask for an exemption",
    { kind: 'ask', right: "Policy exemption from 'Require tags'", scope: 'shop' },
  ],
  [
    `PUT ${site}`,
    403,
    arm(
      'RequestDisallowedByPolicy',
      `Resource 'shop' was disallowed by policy. Policy identifiers: '[{"policyAssignment":{"name":"Allowed locations","id":"/x"}}]'.`,
    ),
    "The policy 'Allowed locations' of your organization does not allow this region: choose another",
    { kind: 'chooseRegion' },
  ],
  [
    `PUT ${site}`,
    403,
    arm(
      'RequestDisallowedByAzure',
      "Resource 'shop' was disallowed by Azure: This policy maintains a set of best available regions",
    ),
    'This subscription may not use the region: choose another',
    { kind: 'chooseRegion' },
  ],
  [
    `DELETE ${site}`,
    409,
    arm(
      'ScopeLocked',
      `The scope '${site}' cannot perform delete operation because following scope(s) are locked: '${rg}'. Please remove the lock and try again.`,
    ),
    "A lock on 'shop-rg' keeps it as it is: remove the lock, or ask who set it",
    { kind: 'openPortal', resource: `${rg}/locks` },
  ],
  [
    `PUT ${rg}`,
    409,
    arm('ReadOnlyDisabledSubscription', "The subscription 'x' is disabled and therefore marked as read only."),
    'The subscription is disabled, nothing can be made in it: choose another',
    { kind: 'chooseSubscription' },
  ],
  [
    'GET https://shopreg.azurecr.io/v2/',
    403,
    {
      errors: [
        {
          code: 'DENIED',
          message: "client with IP '203.0.113.7' is not allowed access. Refer https://aka.ms/acr/firewall",
        },
      ],
    },
    "The registry's firewall keeps 203.0.113.7 out: allow it under Networking",
    { kind: 'openPortal' },
  ],
  [
    'GET https://shopreg.azurecr.io/v2/shop/manifests/1',
    401,
    { errors: [{ code: 'UNAUTHORIZED', message: 'authentication required', detail: null }] },
    "You may not push to or pull from 'shopreg.azurecr.io': ask for the role AcrPush",
    { kind: 'ask', right: 'AcrPush', scope: 'shopreg.azurecr.io' },
  ],
  // What is not there.
  [
    `GET ${rg}`,
    404,
    arm('ResourceGroupNotFound', "Resource group 'shop-rg' could not be found."),
    "'shop-rg' is not there, or not any more: look again",
    { kind: 'refresh' },
  ],
  [
    `GET ${site}`,
    404,
    arm('ResourceNotFound', "The Resource 'Microsoft.Web/sites/shop' under resource group 'shop-rg' was not found."),
    "'shop' is not there, or not any more: look again",
    { kind: 'refresh' },
  ],
  [
    `POST ${site}/config/appsettings/list`,
    404,
    arm('ResourceNotFound', "The Resource 'Microsoft.Web/sites/shop' under resource group 'shop-rg' was not found."),
    "'shop' is not there, or not any more: look again",
    { kind: 'refresh' },
  ],
  [
    `PUT ${site}/slots/staging`,
    404,
    arm(
      'ParentResourceNotFound',
      'Failed to perform write on resource of type Microsoft.Web/sites/slots, because the parent resource could not be found.',
    ),
    "'staging' is not there, or not any more: look again",
    { kind: 'refresh' },
  ],
  [
    `GET /subscriptions/22222222-0000-0000-0000-000000000000/resourcegroups`,
    404,
    arm('SubscriptionNotFound', "The subscription '22222222-0000-0000-0000-000000000000' could not be found."),
    "The subscription '22222222-0000-0000-0000-000000000000' is none of your account's: choose another, or sign in differently",
    { kind: 'chooseSubscription' },
  ],
  [
    `PUT ${app}`,
    409,
    arm(
      'MissingSubscriptionRegistration',
      "The subscription is not registered to use namespace 'Microsoft.App'. See https://aka.ms/rps-not-found for how to register subscriptions.",
      {
        details: [
          {
            code: 'MissingSubscriptionRegistration',
            target: 'Microsoft.App',
            message: 'The subscription is not registered',
          },
        ],
      },
    ),
    "The subscription does not use 'Microsoft.App' yet: register it",
    { kind: 'register', namespace: 'Microsoft.App' },
  ],
  [
    `PUT ${rg}`,
    409,
    arm(
      'InvalidResourceGroupLocation',
      "Invalid resource group location 'eastus'. The Resource group already exists in location 'westeurope'.",
    ),
    "The resource group 'shop-rg' is in 'westeurope' already",
    { kind: 'rename', what: 'resource group' },
  ],
  [
    `PUT ${registry}/providers/Microsoft.Authorization/roleAssignments/g`,
    400,
    arm('PrincipalNotFound', 'Principal x does not exist in the directory y.'),
    'The new identity is not known everywhere in Azure yet: wait half a minute',
    { kind: 'wait', seconds: 30 },
  ],
  [
    'POST https://api.loganalytics.io/v1/workspaces/w/query',
    400,
    arm('BadArgumentError', 'The request had some invalid properties', {
      innererror: {
        code: 'SemanticError',
        message: "'where' operator: Failed to resolve table or column expression named 'ContainerAppConsoleLogs_CL'",
      },
    }),
    'There are no logs yet: the first take some minutes',
    { kind: 'wait', seconds: 60 },
  ],
  // Names.
  [
    `PUT ${site}`,
    409,
    web('Conflict', 'Website with given name shop already exists.', '54001'),
    "The name 'shop' is taken in Azure: choose another",
    { kind: 'rename' },
  ],
  [
    `PUT ${registry}`,
    409,
    arm(
      'AlreadyInUse',
      'The registry DNS name shopreg.azurecr.io is already in use. You can check if the name is already claimed.',
    ),
    "The name 'shopreg' is taken in Azure: choose another",
    { kind: 'rename' },
  ],
  [
    `PUT ${app}`,
    409,
    arm('ContainerAppNameInUse', "The container app name 'shop' is already in use."),
    "The name 'shop' is taken in Azure: choose another",
    { kind: 'rename' },
  ],
  [
    `PUT ${group}`,
    400,
    arm('DnsNameLabelNotAvailable', "The dns name label 'shop' is not available in 'westeurope'."),
    "The DNS name 'shop' is taken in this region: choose another",
    { kind: 'rename', what: 'dnsLabel' },
  ],
  [
    `PUT ${app}`,
    400,
    arm('InvalidResourceName', 'Resource name is invalid.'),
    "Azure does not allow the name 'shop': choose another",
    { kind: 'rename' },
  ],
];
