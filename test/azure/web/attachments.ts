import { isObject, textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import type { Core } from '../core.ts';
import { FrontDoorRefusal } from '../refusals.ts';
import { isSet } from './ids.ts';
import { refuse } from './refusals.ts';
import type { Tier } from './skus.ts';

/** Storage that is mounted into an app. Everything but the keys is also shown with its configuration, with `null` in their place. */
export function checkMounts(mounts: JsonObject): void {
  for (const [name, mount] of Object.entries(mounts)) {
    const of = (key: string): string => textAt(isObject(mount) ? mount : {}, key) ?? '';
    const lacks = ['type', 'accountName', 'shareName', 'mountPath'].find((key) => of(key) === '');
    if (lacks !== undefined) throw badMount(`'${lacks}' of '${name}' is missing.`);
    if (of('accessKey') === '' && of('protocol') !== 'Nfs') throw badMount(`'accessKey' of '${name}' is missing.`);
    if (!of('mountPath').startsWith('/') || of('mountPath') === '/' || /^\/home(\/|$)/.test(of('mountPath'))) {
      throw badMount(`Cannot use '${of('mountPath')}' as a mount path.`);
    }
  }
}

export function shownMounts(mounts: JsonObject): JsonObject {
  const shown = Object.entries(mounts).map(([name, mount]): [string, JsonObject] => [
    name,
    { ...(isObject(mount) ? mount : {}), accessKey: null, state: 'Ok' },
  ]);
  return Object.fromEntries(shown);
}

/** The words are those of users' reports. */
function badMount(details: string): Error {
  const message = `The parameter 'AzureStoragePropertyDictionary' has an invalid value. Details: ${details}`;
  return refuse(400, 'BadRequest', message, '01007');
}

/** A subnet is another provider's resource, which Resource Manager itself looks after. */
export function checkSubnet(
  core: Core,
  id: string,
  properties: JsonObject,
  tier: Tier | undefined,
  caller: string,
): void {
  const subnet = properties['virtualNetworkSubnetId'];
  if (!isSet(subnet) || subnet === '' || typeof subnet !== 'string') return;
  if (
    !/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+\/subnets\/[^/]+$/i.test(
      subnet,
    )
  ) {
    throw refuse(400, 'BadRequest', 'The parameter virtualNetworkSubnetId has an invalid value.', '01007');
  }
  const join = 'Microsoft.Network/virtualNetworks/subnets/join/action';
  if (core.store.get(subnet) === undefined || !core.directory.may(caller, join, subnet)) {
    const action = `Microsoft.Web/sites/${/\/slots\//i.test(id) ? 'slots/' : ''}write`;
    throw new FrontDoorRefusal(
      403,
      'LinkedAuthorizationFailed',
      `The client '${caller}' has permission to perform action '${action}' on scope '${id}'; however, it does not have permission to perform action(s) '${join}' on the linked scope(s) '${subnet}' (respectively) or the linked scope(s) are invalid.`,
    );
  }
  if (tier === undefined || /^(Free|Shared)$/.test(tier.name)) {
    throw refuse(409, 'Conflict', 'The App Service plan of the app has no integration with virtual networks.');
  }
}
