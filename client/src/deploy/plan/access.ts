import { textAt } from '../../azure/json.ts';
import { acrPull, repositoryReader, type Role } from '../../azure/roles.ts';
import { groupOf, nameOf, subscriptionId } from '../../azure/resource-id.ts';
import { assignRoles, type Holder, holdersOf } from './lookups.ts';
import { block, found, isSameText, type Pieces, readLater, type Scene } from './scene.ts';

/** How long Azure takes, mostly, until a new role holds everywhere; a pull that is refused after that is tried again. */
const settleSeconds = 30;

/** May pull. Registries with permissions per repository do not honour AcrPull. */
export function* pullRoles(scene: Scene): Pieces {
  const mode = textAt(found(scene, scene.ids.registry), 'properties.roleAssignmentMode');
  const role = isSameText(mode, 'AbacRepositoryPermissions') ? repositoryReader : acrPull;
  for (const holder of holdersOf(scene.target, scene.ids)) {
    yield* giveRole(scene, holder, 'role:pull', scene.ids.registry, role, 'to pull the image');
  }
}

export function* giveRole(
  scene: Scene,
  holder: Holder,
  key: string,
  scope: string,
  role: Role,
  purpose: string,
): Pieces {
  const principal = readLater(scene, { label: `id of ${holder.title}`, method: 'GET', ...holder.principal });
  const base = { id: `${key}${holder.key}`, resource: scope };
  const on = `on '${nameOf(scope)}'`;
  if (typeof principal === 'string' && hasRole(scene, scope, principal, role)) {
    yield {
      ...base,
      title: `${capital(holder.title)} has the role '${role.name}' ${on}`,
      effect: 'leave',
      do: 'nothing',
    };
    return;
  }
  if (lacksRight(scene, scope, assignRoles)) {
    yield block(
      `You may not give roles ${on}: ask an owner to give ${holder.title} the role '${role.name}' there, ` +
        'or choose an identity that has it, then deploy again',
    );
  }
  yield {
    ...base,
    title: `Give ${holder.title} the role '${role.name}' ${on} ${purpose}`,
    effect: 'create',
    do: 'role',
    scope,
    role,
    principal,
  };
}

/** Before the first use of roles given in this plan; those given long ago need no wait. */
export function* settle(given: readonly string[], what: string): Pieces {
  if (given.length === 0) return;
  yield {
    id: 'settle',
    title: `Wait until ${what} may use ${given.length === 1 ? 'its new role' : 'its new roles'}`,
    effect: 'run',
    because: 'A new role takes a while to work everywhere in Azure; a pull that is refused until then is tried again',
    do: 'settle',
    roles: given,
    seconds: settleSeconds,
  };
}

/** Whether Azure said that the user may not do this there, or where it will be. */
export function lacksRight(scene: Scene, scope: string, action: string): boolean {
  return above(scene, scope).some((one) =>
    (scene.facts.missingRights.get(one.toLowerCase()) ?? []).some((missing) => isSameText(missing, action)),
  );
}

function hasRole(scene: Scene, scope: string, principal: string, role: Role): boolean {
  return above(scene, scope).some((one) => scene.facts.roles.has(`${one}|${principal}|${role.id}`.toLowerCase()));
}

/** What is given in a group or subscription holds for what is in it. */
function above(scene: Scene, scope: string): readonly string[] {
  const subscription = subscriptionId(scene.target.subscription);
  const group = groupOf(scope);
  return [scope, ...(group === undefined ? [] : [`${subscription}/resourceGroups/${group}`]), subscription];
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
