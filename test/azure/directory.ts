import { randomUUID } from 'node:crypto';
import { textAt, type JsonObject } from '../../client/src/azure/json.ts';
import type { Directory, Times } from './core.ts';
import { allows, roleDefinitions } from './role-definitions.ts';
import { isFor, type Tokens } from './tokens.ts';

/** The directory, and what only the local Azure's own parts do with it. */
export interface OwnDirectory extends Directory {
  readonly find: (principalId: string) => Principal | undefined;
  readonly addUser: (name: string) => Principal;
  readonly addApplication: (name: string) => Principal;
  readonly byClientId: (clientId: string) => Principal | undefined;
  /** A role assignment came to be; `now` if everybody knows it at once. */
  readonly assign: (assignment: Omit<Assignment, 'from'>, now?: boolean) => void;
  readonly unassign: (id: string) => void;
  readonly assignments: () => readonly Assignment[];
  readonly issue: (principal: Principal, audience: string, tenant: string, more?: JsonObject) => string;
  /** All tokens until now are refused: with a claims challenge (`revoked`) or as expired. */
  readonly end: (principalId: string, how: 'revoked' | 'expired') => void;
  readonly check: (token: string, audiences: readonly string[]) => Checked;
}

export interface Principal {
  readonly principalId: string;
  readonly clientId: string;
  readonly name: string;
  readonly kind: 'User' | 'ServicePrincipal';
  /** When everybody knows it, in milliseconds. */
  readonly from: number;
}

export interface Assignment {
  /** The role assignment's own. */
  readonly id: string;
  readonly principalId: string;
  /** Without what stands before the GUID. */
  readonly role: string;
  readonly scope: string;
  readonly from: number;
}

export type Checked =
  | { readonly kind: 'good'; readonly principal: Principal; readonly tenant: string }
  | { readonly kind: 'invalid' | 'audience' | 'revoked' }
  | { readonly kind: 'expired'; readonly at: number };

export function createDirectory(options: {
  readonly tokens: Tokens;
  readonly times: Times;
  readonly tenant: string;
  /** How long tokens last, in seconds. */
  readonly lifetime: number;
}): OwnDirectory {
  const { tokens, times, tenant } = options;
  const principals = new Map<string, Principal>();
  const assignments = new Map<string, Assignment>();
  const ends = new Map<string, { readonly before: number; readonly how: 'revoked' | 'expired' }>();
  let issued = 0;

  const add = (name: string, kind: Principal['kind'], delay: number): Principal => {
    const from = Date.now() + delay;
    const principal = { principalId: randomUUID(), clientId: randomUUID(), name, kind, from };
    principals.set(principal.principalId, principal);
    return principal;
  };

  const issue: OwnDirectory['issue'] = (principal, audience, from, more = {}) => {
    const now = Math.floor(Date.now() / 1000);
    return tokens.make({
      aud: audience,
      iss: `https://sts.windows.net/${from}/`,
      iat: now,
      nbf: now - 300,
      exp: now + options.lifetime,
      oid: principal.principalId,
      sub: principal.principalId,
      tid: from,
      appid: principal.clientId,
      ...(principal.kind === 'User' ? { name: principal.name, upn: principal.name, idtyp: 'user' } : { idtyp: 'app' }),
      ver: '1.0',
      // Which of our tokens it is: what was revoked is told by order, as a test does not last a second.
      uti: String((issued += 1)),
      ...more,
    });
  };

  const check: OwnDirectory['check'] = (token, audiences) => {
    const claims = tokens.read(token);
    const principal = principals.get(textAt(claims, 'oid') ?? '');
    if (claims === undefined || principal === undefined) return { kind: 'invalid' };
    if (!isFor(claims, audiences)) return { kind: 'audience' };
    const expiry = Number(claims['exp']) * 1000;
    if (expiry < Date.now()) return { kind: 'expired', at: expiry };
    const ended = ends.get(principal.principalId);
    if (ended !== undefined && Number(claims['uti']) <= ended.before) {
      return ended.how === 'revoked' ? { kind: 'revoked' } : { kind: 'expired', at: Date.now() - 1000 };
    }
    return { kind: 'good', principal, tenant: textAt(claims, 'tid') ?? '' };
  };

  return {
    addPrincipal: (name) => {
      const { principalId, clientId } = add(name, 'ServicePrincipal', times.replication);
      return { principalId, clientId };
    },
    addUser: (name) => add(name, 'User', 0),
    addApplication: (name) => add(name, 'ServicePrincipal', 0),
    // Assignments stay and name nobody, as in Azure.
    removePrincipal: (principalId) => void principals.delete(principalId),
    find: (principalId) => principals.get(principalId),
    byClientId: (clientId) => [...principals.values()].find((principal) => principal.clientId === clientId),
    knows: (principalId) => (principals.get(principalId)?.from ?? Infinity) <= Date.now(),
    may: (principalId, action, scope) =>
      principals.has(principalId) &&
      [...assignments.values()].some(
        (assignment) =>
          assignment.principalId === principalId &&
          assignment.from <= Date.now() &&
          isWithin(scope, assignment.scope) &&
          roleDefinitions.some((definition) => definition.id === assignment.role && allows(definition, action)),
      ),
    assign: (assignment, now = false) => {
      const from = now ? Date.now() : Date.now() + times.replication;
      assignments.set(assignment.id.toLowerCase(), { ...assignment, from });
    },
    unassign: (id) => void assignments.delete(id.toLowerCase()),
    assignments: () => [...assignments.values()],
    issue,
    token: (principalId, audience) => {
      const principal = principals.get(principalId);
      if (principal === undefined) throw new Error(`Nobody has the object id '${principalId}'`);
      return issue(principal, audience, tenant);
    },
    readToken: (token, audiences) => {
      const checked = check(token, audiences);
      return checked.kind === 'good' ? checked.principal.principalId : undefined;
    },
    end: (principalId, how) => void ends.set(principalId, { before: issued, how }),
    check,
  };
}

export function isWithin(id: string, scope: string): boolean {
  const [inner, outer] = [id.toLowerCase(), scope.toLowerCase().replace(/\/$/, '')];
  return inner === outer || inner.startsWith(`${outer}/`);
}
