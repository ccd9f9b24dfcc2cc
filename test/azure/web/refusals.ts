import { Refusal } from '../core.ts';
import { FrontDoorRefusal } from '../refusals.ts';

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
