import type { AzureError } from './azure-error.ts';
import { tenantIn } from './authorize.ts';
import { imageRefusals } from './explain-image.ts';
import {
  ask,
  chooseRegion,
  chooseSku,
  chooseSubscription,
  openPortal,
  refresh,
  register,
  rename,
  signIn,
  wait,
  type Explanation,
} from './explanation.ts';
import { busy, sizes } from './explain-resources.ts';
import { anything, groupIn, on, pathOf, type Refusal } from './refusal.ts';
import { nameOf } from './resource-id.ts';

const noQuota = /additional quota|quota/i;

const rights: readonly Refusal[] = [
  on(/^InvalidAuthenticationTokenTenant$/, anything, (error) => {
    const tenant = tenantIn(error.message);
    const which = tenant === undefined ? 'another tenant' : `the tenant '${tenant}'`;
    return { message: `The subscription is in ${which}: sign in there`, action: signIn(tenant) };
  }),
  // Microsoft.Web says 401 where there is no quota: signing in again would change nothing.
  on(/^(Unauthorized|SubscriptionIsOverQuotaForSku|QuotaExceeded)$/i, noQuota, (error) => {
    const text = [error.message, ...error.details].join('\n');
    const limit = /Current Limit \(([^)]+)\): (\d+)/i.exec(text);
    const place = /Location: ([^;.\r\n]+)/i.exec(text)?.[1];
    const what = limit ? `'${limit[1]}'` : 'this size';
    const where = place === undefined ? '' : ` in '${place}'`;
    return {
      message: `The subscription has no quota for ${what}${where}: choose another size or region`,
      action: chooseSku,
    };
  }),
  (error) =>
    error.status === 401 && !isNotAboutSignIn(error)
      ? { message: 'Azure does not accept your sign-in any more: sign in again', action: signIn() }
      : undefined,
  on(
    /^LinkedAuthorizationFailed$/,
    /action\(s\) '([^']+)' on the linked scope\(s\) '([^']+)'/,
    (_error, [, right = '', scope = '']) => mayNot(right, scope),
  ),
  on(
    /^(AuthorizationFailed|LinkedAuthorizationFailed|AuthorizationPermissionMismatch)$/,
    /perform action '([^']+)'(?:.*?over scope '([^']+)')?/,
    (_error, [, right = '', scope = '']) => mayNot(right, scope),
  ),
  on(/^(AuthorizationFailed|LinkedAuthorizationFailed|Forbidden)$/, anything, (error) => ({
    message: 'You may not do this: ask an Owner for the role Contributor',
    action: ask('Contributor', error.target ?? pathOf(error)),
  })),
  on(/^RequestDisallowedByAzure$/, anything, () => ({
    message: 'This subscription may not use the region: choose another',
    action: chooseRegion,
  })),
  on(/^(RequestDisallowedByPolicy|PolicyViolation)$/, anything, (error) => {
    const text = [error.message, ...error.details].join('\n');
    const policy =
      /"policyAssignment":\s*\{\s*"name":\s*"([^"]+)"/.exec(text)?.[1] ?? /by policy[.:]? '([^']+)'/.exec(text)?.[1];
    const name = policy === undefined ? 'A policy of your organization' : `The policy '${policy}' of your organization`;
    return /\b(locations?|regions?)\b/i.test(policy ?? '')
      ? { message: `${name} does not allow this region: choose another`, action: chooseRegion }
      : {
          message: `${name} does not allow this: ask for an exemption`,
          action: ask(
            policy === undefined ? 'Policy exemption' : `Policy exemption from '${policy}'`,
            error.target ?? pathOf(error),
          ),
        };
  }),
  on(/^ScopeLocked$/, /^(?:[^]*following scope\(s\) are locked: '([^']+)')?/, (error, [, scope]) => {
    const locked = scope ?? pathOf(error);
    return {
      message: `A lock on '${nameOf(locked)}' keeps it as it is: remove the lock, or ask who set it`,
      action: openPortal(`${locked}/locks`),
    };
  }),
  on(/^(ReadOnlyDisabledSubscription|SubscriptionNotRegistered|DisallowedOperation)$/, anything, () => ({
    message: 'The subscription is disabled, nothing can be made in it: choose another',
    action: chooseSubscription,
  })),
];

const missing: readonly Refusal[] = [
  on(/^(SubscriptionNotFound|InvalidSubscriptionId)$/, anything, (error) => {
    const id = /\/subscriptions\/([^/\s]+)/.exec(error.request)?.[1];
    const which = id === undefined ? 'The subscription' : `The subscription '${id}'`;
    return {
      message: `${which} is none of your account's: choose another, or sign in differently`,
      action: chooseSubscription,
    };
  }),
  on(/^MissingSubscriptionRegistration$/, /^(?:[^]*?namespace '([^']+)')?/, (error, [, found]) => {
    const namespace = found ?? error.target ?? /\/providers\/([^/]+)/.exec(error.request)?.[1] ?? 'Microsoft.App';
    return { message: `The subscription does not use '${namespace}' yet: register it`, action: register(namespace) };
  }),
  on(/^(InvalidResourceGroupLocation)$/, /^(?:[^]*already exists in location '([^']+)')?/, (error, [, place]) => ({
    message: `The resource group '${groupIn(error)}' is in ${place === undefined ? 'another region' : `'${place}'`} already`,
    action: rename('resource group'),
  })),
  on(/^InvalidResourceLocation$/, /^(?:[^]*?already exists in location '([^']+)')?/, (error, [, place]) => ({
    message: `'${nameOf(pathOf(error))}' is in ${place === undefined ? 'another region' : `'${place}'`} already: choose that region or another name`,
    action: rename(),
  })),
  on(/EnvironmentUpdateNotAllowed$/, anything, (error) => ({
    message: `The app '${nameOf(pathOf(error))}' cannot move to another environment: choose another name`,
    action: rename(),
  })),
  on(/^(PrincipalNotFound)$/, anything, () => ({
    message: 'The new identity is not known everywhere in Azure yet: wait half a minute',
    action: wait(30),
  })),
  on(/^(RoleAssignmentExists)$/, anything, () => ({
    message: 'The role was given already: look again',
    action: refresh,
  })),
  on(/^(BadArgumentError|SemanticError)$/, /resolve table|SemanticError/i, () => ({
    message: 'There are no logs yet: the first take some minutes',
    action: wait(60),
  })),
  (error) => {
    if (error.status !== 404 || !/NotFound|^Http404$/.test(error.code)) return undefined;
    const group = /Resource group '([^']+)'/i.exec(error.message)?.[1];
    const name = error.code === 'ResourceGroupNotFound' && group !== undefined ? group : nameOf(pathOf(error));
    return { message: `'${name}' is not there, or not any more: look again`, action: refresh };
  },
];

const taken: readonly Refusal[] = [
  (error) =>
    error.extendedCode === '54001' || /Website with given name|Hostname '[^']+' already exists/i.test(error.message)
      ? nameTaken(error)
      : undefined,
  on(
    /AlreadyInUse$|NameInUse$|NotAvailable$|^(AlreadyExists|NameUnavailable)$/,
    /\b(name|in use|exists|label|taken)\b/i,
    (error) =>
      /^dns|label/i.test(error.code) || /\blabel\b/i.test(error.message) ? dnsTaken(error) : nameTaken(error),
  ),
  on(/^Dns\w+$/i, anything, (error) => dnsTaken(error)),
  on(/Invalid\w*Name$|NameInvalid$/, anything, (error) => ({
    message: `Azure does not allow the name '${nameOf(pathOf(error))}': choose another`,
    action: rename(),
  })),
];

/** In the order in which they are asked. */
export const refusals: readonly Refusal[] = [...imageRefusals, ...rights, ...missing, ...taken, ...sizes, ...busy];

/** Registries have reasons of their own; Microsoft.Web says so of what the subscription may not have, where others mean who asks. */
function isNotAboutSignIn({ code, request }: AzureError): boolean {
  return (
    /\/(v2|oauth2|acr)\//.test(request) || (code === 'Unauthorized' && /\/providers\/Microsoft\.Web\//i.test(request))
  );
}

function mayNot(right: string, scope: string): Explanation {
  const where = scope === '' ? 'there' : `on '${nameOf(scope)}'`;
  return /roleAssignments\/write$/i.test(right)
    ? {
        message: `You may not give roles ${where}: ask an Owner or User Access Administrator`,
        action: ask(right, scope),
      }
    : { message: `You may not do '${right}' ${where}: ask an Owner for the right`, action: ask(right, scope) };
}

function nameTaken(error: AzureError): Explanation {
  return { message: `The name '${nameOf(pathOf(error))}' is taken in Azure: choose another`, action: rename() };
}

function dnsTaken(error: AzureError): Explanation {
  const label = /label '([^']+)'/i.exec(error.message)?.[1];
  const which = label === undefined ? 'The DNS name' : `The DNS name '${label}'`;
  return { message: `${which} is taken in this region: choose another`, action: rename('dnsLabel') };
}
