import { claimsOf, expiryOf } from '../azure/claims.ts';
import type { Arm } from '../azure/arm.ts';
import { errorIn, refusalOf, type Wish } from './refusals.ts';
import type { Http, HttpAnswer } from './http.ts';
import type { Registry } from './registry.ts';

/**
 * What registries let us in with. The user's token of Entra ID is exchanged for a refresh token of the registry (which is also
 * a password for programs), and that for access tokens, each for one scope.
 */
export interface Tokens {
  /** Good for at least ten more minutes. */
  readonly refresh: (registry: Registry, wish: Wish, signal?: AbortSignal) => Promise<string>;
  readonly access: (registry: Registry, scope: string, wish: Wish, signal?: AbortSignal) => Promise<string>;
  /** Forgets what the registry no longer takes. */
  readonly forget: (registry: Registry) => void;
}

/** The name that goes with a refresh token in the place of a password. */
export const tokenUser = '00000000-0000-0000-0000-000000000000';

const margin = 10 * 60_000;

export function createTokens({
  arm,
  http,
  now = Date.now,
}: {
  readonly arm: Arm;
  readonly http: Http;
  readonly now?: () => number;
}): Tokens {
  const known = new Map<string, { readonly token: string; readonly until: number }>();
  const remembered = async (key: string, make: () => Promise<string>): Promise<string> => {
    const found = known.get(key);
    if (found && found.until - margin > now()) return found.token;
    const token = await make();
    // One that does not say how long it holds is used once.
    known.set(key, { token, until: expiryOf(token) ?? 0 });
    return token;
  };

  const exchange = async (
    registry: Registry,
    audience: string | undefined,
    signal?: AbortSignal,
  ): Promise<HttpAnswer> => {
    const token = await arm.token(audience, { signal });
    const tenant = claimsOf(token)?.['tid'];
    return await http.send({
      method: 'POST',
      url: `https://${registry.loginServer}/oauth2/exchange`,
      headers: form,
      body: new URLSearchParams({
        grant_type: 'access_token',
        service: registry.loginServer,
        ...(typeof tenant === 'string' && { tenant }),
        access_token: token,
      }).toString(),
      signal,
    });
  };

  const refresh: Tokens['refresh'] = (registry, wish, signal) =>
    remembered(`${registry.loginServer}\n`, async () => {
      const { registryAudience } = arm.cloud;
      const first = registry.takesArmTokens === false ? registryAudience : undefined;
      let answer = await exchange(registry, first, signal);
      // Nobody could tell us whether the registry takes tokens of Resource Manager: it has, now.
      if (answer.status === 401 && registry.takesArmTokens === undefined)
        answer = await exchange(registry, registryAudience, signal);
      return tokenIn(answer, 'refresh_token', registry, wish);
    });

  const access: Tokens['access'] = (registry, scope, wish, signal) =>
    remembered(`${registry.loginServer}\n${scope}`, async () => {
      const ask = async (): Promise<HttpAnswer> =>
        await http.send({
          method: 'POST',
          url: `https://${registry.loginServer}/oauth2/token`,
          headers: form,
          body: new URLSearchParams({
            grant_type: 'refresh_token',
            service: registry.loginServer,
            scope,
            refresh_token: await refresh(registry, wish, signal),
          }).toString(),
          signal,
        });
      let answer = await ask();
      if (answer.status === 401 && isAboutToken(answer)) {
        // It was revoked, or its clock is not ours.
        known.delete(`${registry.loginServer}\n`);
        answer = await ask();
      }
      return tokenIn(answer, 'access_token', registry, wish);
    });

  return {
    refresh,
    access,
    forget: ({ loginServer }) => {
      for (const key of known.keys()) if (key.startsWith(`${loginServer}\n`)) known.delete(key);
    },
  };
}

/** What an access token allows in a repository, as it says itself: `pull`, `push`. */
export function actionsIn(token: string, repository: string): readonly string[] | undefined {
  const access = claimsOf(token)?.['access'];
  if (!Array.isArray(access)) return undefined;
  return (access as readonly { name?: unknown; actions?: unknown }[]).flatMap(({ name, actions }) =>
    name === repository && Array.isArray(actions) ? (actions as readonly unknown[]).map(String) : [],
  );
}

const form = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };

/** In contrast to a refusal for want of rights. */
function isAboutToken({ text }: HttpAnswer): boolean {
  return /expired|invalid.*token|token.*invalid|authentication required/i.test(errorIn(text).message ?? 'expired');
}

function tokenIn(answer: HttpAnswer, name: string, registry: Registry, wish: Wish): string {
  const request = `POST https://${registry.loginServer}/oauth2/${name === 'refresh_token' ? 'exchange' : 'token'}`;
  if (answer.status !== 200) throw refusalOf(answer, registry, wish, request);
  try {
    const token = (JSON.parse(answer.text) as Record<string, unknown>)[name];
    if (typeof token === 'string') return token;
  } catch {
    // Said below.
  }
  throw refusalOf({ ...answer, text: '' }, registry, wish, request);
}
