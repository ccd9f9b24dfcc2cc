import { textAt } from './json.ts';
import { claimsOf } from './claims.ts';

/** Who a token is of, for people to read: a mail address, or the id of an application. `undefined` where it does not say. */
export function accountOf(token: string): string | undefined {
  const claims = claimsOf(token);
  return ['upn', 'preferred_username', 'unique_name', 'email', 'appid', 'azp', 'oid']
    .map((name) => textAt(claims, name))
    .find((value) => value !== undefined && value !== '');
}
