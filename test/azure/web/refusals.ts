import { Refusal } from '../core.ts';
import type { Fault } from '../local-azure.ts';
import { FrontDoorRefusal, replyOf } from '../refusals.ts';

/**
 * What Microsoft.Web says no with. Resource Manager's front writes it in the provider's own form, with capitals and without the `error`
 * around it; the code within (54001: the name is taken) is seen in public issue threads.
 */
export function refuse(status: number, code: string, message: string, extendedCode?: string): Refusal {
  const more = { messageTemplate: message, parameters: [] };
  return new Refusal(status, code, message, extendedCode === undefined ? more : { extendedCode, ...more });
}

export function notFound(what: string, name: string): Refusal {
  return refuse(404, 'NotFound', `Cannot find ${what} with name ${name}.`, '51004');
}

/** Told by Resource Manager itself, for all providers. */
export function elsewhere(name: string, location: string, asked: string): Refusal {
  return new FrontDoorRefusal(
    409,
    'InvalidResourceLocation',
    `The resource '${name}' already exists in location '${location}'. A resource with the same name cannot be created in location '${asked}'. Please select a new resource name.`,
  );
}

/** For `faults.add(/PUT .*serverfarms/, …)`: the region has no workers left for the subscription. It is a 401, and has nothing to do with signing in. */
export function noQuota(size = 'Basic VMs'): Fault {
  const message = `Operation cannot be completed without additional quota. Additional details - Location: Current Limit (${size}): 0 Current Usage: 0 Amount required for this deployment (${size}): 1`;
  const { status, body } = replyOf(refuse(401, 'Unauthorized', message, '52020'), 'Microsoft.Web');
  return { kind: 'answer', status, ...(body !== undefined && { body }) };
}
