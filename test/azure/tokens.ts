import { createHmac, randomBytes } from 'node:crypto';
import { isObject, textAt, type Json, type JsonObject } from '../../client/src/azure/json.ts';

/** JSON Web Tokens, signed with a key that only this local Azure knows. */
export interface Tokens {
  readonly make: (claims: JsonObject) => string;
  /** The claims, if we signed them, whether or not they have expired. */
  readonly read: (token: string) => JsonObject | undefined;
}

export function createTokens(): Tokens {
  const key = randomBytes(32);
  const signatureOf = (content: string): string => createHmac('sha256', key).update(content).digest('base64url');
  return {
    make: (claims) => {
      const content = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode(claims)}`;
      return `${content}.${signatureOf(content)}`;
    },
    read: (token) => {
      const end = token.lastIndexOf('.');
      const content = token.slice(0, Math.max(end, 0));
      if (signatureOf(content) !== token.slice(end + 1)) return undefined;
      return claimsOf(token);
    },
  };
}

/** What a token says, whoever signed it; `undefined` if it is none. */
export function claimsOf(token: string): JsonObject | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return isObject(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

export function isFor(claims: JsonObject, audiences: readonly string[]): boolean {
  const audience = withoutSlash(textAt(claims, 'aud') ?? '');
  return audiences.some((one) => withoutSlash(one) === audience);
}

function withoutSlash(address: string): string {
  return address.replace(/\/$/, '').toLowerCase();
}

function encode(value: Json): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
