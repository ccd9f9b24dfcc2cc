import { at, isObject, textAt, type Json, type JsonObject } from '../../client/src/azure/json.ts';
import { isWithin } from './directory.ts';
import { plainLocation } from './groups.ts';
import type { OwnCore } from './own-core.ts';
import { FrontDoorRefusal } from './refusals.ts';
import type { Match } from './routing.ts';
import { parseId } from './store.ts';

/** What Resource Manager asks for before a provider sees the call: subscription, registration, locks, policies. */
export function checkSubscription(core: OwnCore, match: Match, method: string): void {
  const asked = match.at['subscription'] ?? parseId(match.id).subscription;
  if (asked === undefined) return;
  const found = core.store.get(`/subscriptions/${asked}`);
  if (found === undefined) {
    throw new FrontDoorRefusal(404, 'SubscriptionNotFound', `The subscription '${asked}' could not be found.`);
  }
  if (textAt(found, 'state') === 'Disabled' && method !== 'GET' && method !== 'HEAD') {
    throw new FrontDoorRefusal(
      409,
      'ReadOnlyDisabledSubscription',
      `The subscription '${asked}' is disabled and therefore marked as read only. You cannot perform any write actions on this subscription until it is re-enabled.`,
    );
  }
}

/** Places must be Azure's, and a resource stays where it was made. */
export function checkLocation(core: OwnCore, match: Match, method: string, body: JsonObject): void {
  const given = textAt(body, 'location');
  if (method !== 'PUT' || given === undefined) return;
  const location = plainLocation(given);
  const { type, name, group } = parseId(match.id);
  const isGroup = type === 'Microsoft.Resources/resourceGroups';
  const places = core.locations.map((one) => one.name);
  const isGlobal = /^Microsoft\.Insights\/(metricAlerts|actionGroups)$/i.test(type) && location === 'global';
  if (!isGlobal && !places.includes(location)) {
    const of = isGroup ? 'ResourceGroup' : 'ResourceType';
    throw new FrontDoorRefusal(
      400,
      `LocationNotAvailableFor${of}`,
      `The provided location '${given}' is not available for resource type '${type}'. List of available regions for the resource type is '${places.join(',')}'.`,
    );
  }
  const existing = textAt(core.store.get(match.id), 'location');
  if (existing === undefined || plainLocation(existing) === location || isGroup) return;
  throw new FrontDoorRefusal(
    409,
    'InvalidResourceLocation',
    `The resource '${name}' already exists in location '${existing}' in resource group '${group ?? ''}'. A resource with the same name cannot be created in location '${given}'. Please select a new resource name.`,
  );
}

const alwaysRegistered = ['microsoft.authorization', 'microsoft.resources'];

export function checkProvider(core: OwnCore, match: Match, method: string): void {
  const namespace = match.namespace.toLowerCase();
  // The registration itself is Resource Manager's own.
  if (match.route.path.includes('/providers/{')) return;
  if (namespace === '' || method === 'GET' || method === 'HEAD' || alwaysRegistered.includes(namespace)) return;
  if ((core.registrations.get(namespace)?.from ?? Infinity) <= Date.now()) return;
  throw new FrontDoorRefusal(
    409,
    'MissingSubscriptionRegistration',
    `The subscription is not registered to use namespace '${match.namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`,
    {
      details: [
        {
          code: 'MissingSubscriptionRegistration',
          target: match.namespace,
          message: `The subscription is not registered to use namespace '${match.namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`,
        },
      ],
    },
  );
}

/** Locks are resources of `Microsoft.Authorization/locks`, which tests place: `{ properties: { level: 'ReadOnly' } }`. */
export function checkLocks(core: OwnCore, match: Match, method: string): void {
  // A read-only lock stops every POST, also those that only list keys or settings: so says Azure's documentation of locks.
  const operation = /\/delete$/i.test(match.route.action) ? 'delete' : 'write';
  if (method === 'GET' || method === 'HEAD' || /\/read$/i.test(match.route.action)) return;
  const locks = core.store.list('', 'Microsoft.Authorization/locks').filter((lock) => {
    const level = textAt(lock, 'properties.level');
    const locked = parseId(textAt(lock, 'id') ?? '').parent ?? '';
    const touches = isWithin(match.scope, locked) || (operation === 'delete' && isWithin(locked, match.scope));
    return touches && (level === 'ReadOnly' || (level === 'CanNotDelete' && operation === 'delete'));
  });
  const [first] = locks;
  if (first === undefined) return;
  throw new FrontDoorRefusal(
    409,
    'ScopeLocked',
    `The scope '${match.scope}' cannot perform ${operation} operation because following scope(s) are locked: '${parseId(textAt(first, 'id') ?? '').parent ?? ''}'. Please remove the lock and try again.`,
  );
}

/**
 * Policies are resources of `Microsoft.Authorization/policyAssignments`, which tests place with their rule inside:
 * `{ properties: { displayName, policyRule: { if: { field: 'location', notIn: […] }, then: { effect: 'deny' } } } }`.
 */
export function checkPolicies(core: OwnCore, match: Match, method: string, body: JsonObject): void {
  if (method !== 'PUT' && method !== 'PATCH') return;
  const existing = core.store.get(match.id) ?? {};
  const resource = { ...existing, ...body, type: parseId(match.id).type, name: parseId(match.id).name };
  for (const assignment of core.store.list('', 'Microsoft.Authorization/policyAssignments')) {
    const id = textAt(assignment, 'id') ?? '';
    if (!isWithin(match.id, parseId(id).parent ?? '')) continue;
    const rule = at(assignment, 'properties.policyRule');
    if (textAt(rule, 'then.effect')?.toLowerCase() !== 'deny' || !holds(at(rule, 'if') ?? {}, resource)) continue;
    const name = textAt(assignment, 'properties.displayName') ?? parseId(id).name;
    const definition = `/providers/Microsoft.Authorization/policyDefinitions/${parseId(id).name}`;
    const identifiers = [{ policyAssignment: { name, id }, policyDefinition: { name, id: definition } }];
    throw new FrontDoorRefusal(
      403,
      'RequestDisallowedByPolicy',
      `Resource '${resource.name}' was disallowed by policy. Policy identifiers: '${JSON.stringify(identifiers)}'.`,
      {
        target: resource.name,
        additionalInfo: [
          {
            type: 'PolicyViolation',
            info: {
              policyAssignmentId: id,
              policyAssignmentDisplayName: name,
              policyDefinitionId: definition,
              policyDefinitionDisplayName: name,
              policyDefinitionEffect: 'deny',
            },
          },
        ],
      },
    );
  }
}

function holds(condition: Json, resource: JsonObject): boolean {
  if (!isObject(condition)) return false;
  if (Array.isArray(condition['allOf'])) return condition['allOf'].every((one: Json) => holds(one, resource));
  if (Array.isArray(condition['anyOf'])) return condition['anyOf'].some((one: Json) => holds(one, resource));
  if (condition['not'] !== undefined) return !holds(condition['not'], resource);
  const field = textAt(condition, 'field') ?? '';
  const found = at(resource, field.replace(/^tags\['(.+)'\]$/, 'tags.$1'));
  const text = plain(found);
  const list = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? value.map(plain) : []);
  if (condition['equals'] !== undefined) return text === plain(condition['equals']);
  if (condition['notEquals'] !== undefined) return text !== plain(condition['notEquals']);
  if (condition['in'] !== undefined) return list(condition['in']).includes(text);
  if (condition['notIn'] !== undefined) return !list(condition['notIn']).includes(text);
  if (condition['exists'] !== undefined) return String(found !== undefined) === plain(condition['exists']);
  return false;
}

function plain(value: Json | undefined): string {
  return typeof value === 'string' ? value.toLowerCase() : value === undefined ? '' : JSON.stringify(value);
}
