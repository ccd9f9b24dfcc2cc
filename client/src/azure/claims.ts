import { isObject, type JsonObject } from './json.ts';

/** What a token says; `undefined` if it is none. Only read, never relied on: nobody here has checked it. */
export function claimsOf(token: string): JsonObject | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return isObject(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

/** When it ends, in milliseconds. */
export function expiryOf(token: string): number | undefined {
  const end = claimsOf(token)?.['exp'];
  return typeof end === 'number' && Number.isFinite(end) ? end * 1000 : undefined;
}
