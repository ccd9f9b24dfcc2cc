/** `/subscriptions/{id}`. */
export function subscriptionId(subscription: string): string {
  return `/subscriptions/${subscription}`;
}

export function groupId(subscription: string, group: string): string {
  return `${subscriptionId(subscription)}/resourceGroups/${group}`;
}

/** `resourceId('…/resourceGroups/rg', 'Microsoft.Web/sites', 'shop', 'slots', 'staging')`. */
export function resourceId(group: string, type: string, name: string, ...children: readonly string[]): string {
  return [`${group}/providers/${type}/${name}`, ...children].join('/');
}

/** Azure writes the same id in several ways. */
export function isSameId(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** The part of an id after `resourceGroups/`. */
export function groupOf(id: string): string | undefined {
  return /\/resourceGroups\/([^/]+)/i.exec(id)?.[1];
}
