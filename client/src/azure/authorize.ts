import type { TokenCredential } from '@azure/core-auth';
import type { Cloud } from './cloud.ts';
import type { HttpAnswer } from './http.ts';
import { isObject, textAt, type Json } from './json.ts';
import { SignInError } from './sign-in-error.ts';
import type { TokenCache } from './token-cache.ts';

/** What a 401 asks for. */
export type Challenge =
  /** Continuous access evaluation: a token that also answers these claims. */
  | { readonly kind: 'claims'; readonly claims: string }
  /** The token is too old, or was revoked. */
  | { readonly kind: 'expired' }
  /** The token is of another tenant than the subscription. */
  | { readonly kind: 'wrongTenant'; readonly tenant: string | undefined }
  /** Not about signing in at all: Microsoft.Web refuses with 401 when there is no quota left. */
  | { readonly kind: 'none' };

export function challengeOf(answer: Pick<HttpAnswer, 'headers' | 'body'>): Challenge {
  const header = answer.headers['www-authenticate'] ?? '';
  const claims = claimsIn(header);
  if (claims !== undefined) return { kind: 'claims', claims };
  const error = isObject(answer.body) && isObject(answer.body['error']) ? answer.body['error'] : answer.body;
  // Microsoft.Web writes its keys with a capital.
  const code = textAt(error, 'code') ?? textAt(error, 'Code') ?? '';
  const message = textAt(error, 'message') ?? textAt(error, 'Message') ?? '';
  if (code === 'InvalidAuthenticationTokenTenant' || /wrong issuer/i.test(message)) {
    return { kind: 'wrongTenant', tenant: tenantIn(message) ?? tenantIn(header) };
  }
  if (/^(Expired|Invalid)?Authentication|AuthenticationFailed/i.test(code)) return { kind: 'expired' };
  return /^Bearer\b/i.test(header) && code === '' ? { kind: 'expired' } : { kind: 'none' };
}

/** Claims are given in base64; what is not that is not worth a question to the user. */
function claimsIn(header: string): string | undefined {
  const encoded = /\bclaims="([^"]+)"/.exec(header)?.[1];
  if (encoded === undefined || !/\binsufficient_claims\b/.test(header)) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  try {
    return isObject(JSON.parse(text) as Json) ? text : undefined;
  } catch {
    return undefined;
  }
}

const tenant = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

/** The tenant that is asked for: the message names the one we came with first. */
export function tenantIn(text: string): string | undefined {
  const wanted =
    new RegExp(`must match[^]*?(${tenant})`, 'i').exec(text) ??
    new RegExp(`authorization_uri="[^"]*?(${tenant})`, 'i').exec(text);
  return wanted?.[1];
}

/** Sends with a token, and once more where Azure says why the token was not good enough. */
export async function sendAs<Answer extends HttpAnswer>(
  credential: TokenCredential & Partial<TokenCache>,
  cloud: Cloud,
  options: {
    readonly tenant?: string | undefined;
    readonly audience?: string | undefined;
    readonly signal?: AbortSignal | undefined;
  },
  send: (authorization: Readonly<Record<string, string>>) => Promise<Answer>,
): Promise<Answer> {
  const scope = scopeOf(options.audience ?? cloud.audience);
  const tokenFor = (claims?: string) => tokenOf(credential, scope, { ...options, claims });
  const token = await tokenFor();
  const answer = await send({ authorization: `Bearer ${token}` });
  if (answer.status !== 401) return answer;
  const challenge = challengeOf(answer);
  if (challenge.kind === 'none' || challenge.kind === 'wrongTenant') return answer;
  credential.drop?.(token);
  const fresh = await tokenFor(challenge.kind === 'claims' ? challenge.claims : undefined);
  return await send({ authorization: `Bearer ${fresh}` });
}

export async function tokenOf(
  credential: TokenCredential,
  scope: string,
  options: {
    readonly tenant?: string | undefined;
    readonly claims?: string | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<string> {
  const { tenant: tenantId, claims, signal } = options;
  const token = await credential.getToken(scope, {
    enableCae: true,
    ...(tenantId !== undefined && { tenantId }),
    ...(claims !== undefined && { claims }),
    ...(signal && { abortSignal: signal }),
  });
  if (token === null) throw new SignInError('notSignedIn', 'Nobody is signed in to Azure: sign in', tenantId);
  return token.token;
}

export function scopeOf(audience: string): string {
  return audience.endsWith('/.default') ? audience : `${audience}/.default`;
}
