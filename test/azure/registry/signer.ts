import { randomUUID, sign, verify, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../client/src/azure/json.ts';
import { createAuthority } from '../authority.ts';
import { claimsOf } from '../tokens.ts';

/** What a registry's token lets its bearer do; part of the token, as the registry reads it. */
export interface Access {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

/** Signs the tokens of all registries with a key of its own, which the real `docker-registry` trusts. */
export interface Signer {
  readonly issuer: string;
  /** The file with the certificate that `docker-registry` trusts. */
  readonly bundle: string;
  /** `service`: the login server, which is part of what is checked. */
  readonly refreshToken: (service: string, subject: string, tenant: string) => string;
  readonly accessToken: (service: string, subject: string, access: readonly Access[]) => string;
  /** The claims, if the token is ours, for this registry, of this kind and not expired. */
  readonly read: (token: string, service: string, kind: 'refresh_token' | 'access_token') => JsonObject | undefined;
}

export function createSigner(folder: string): Signer {
  const authority = createAuthority();
  const bundle = join(folder, 'registry-tokens.pem');
  writeFileSync(bundle, authority.certificate);
  const { key, cert } = authority.server;
  const certificate = new X509Certificate(cert);
  const issuer = 'Azure Container Registry';
  const header = encode({ typ: 'JWT', alg: 'ES256', x5c: [certificate.raw.toString('base64')] });

  const make = (claims: JsonObject, seconds: number): string => {
    const now = Math.floor(Date.now() / 1000);
    const times = { nbf: now - 900, iat: now, exp: now + seconds };
    const content = `${header}.${encode({ jti: randomUUID(), iss: issuer, ...times, ...claims })}`;
    const signature = sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' });
    return `${content}.${signature.toString('base64url')}`;
  };
  const isOurs = (token: string): boolean => {
    const end = token.lastIndexOf('.');
    const content = Buffer.from(token.slice(0, Math.max(end, 0)));
    const signature = Buffer.from(token.slice(end + 1), 'base64url');
    return verify('sha256', content, { key: certificate.publicKey, dsaEncoding: 'ieee-p1363' }, signature);
  };

  return {
    issuer,
    bundle,
    refreshToken: (service, subject, tenant) =>
      make({ sub: subject, aud: service, grant_type: 'refresh_token', tenant }, 3 * 60 * 60),
    accessToken: (service, subject, access) =>
      make(
        { sub: subject, aud: service, grant_type: 'access_token', access: access.map((each) => ({ ...each })) },
        75 * 60,
      ),
    read: (token, service, kind) => {
      const claims = isOurs(token) ? claimsOf(token) : undefined;
      const good = claims?.['aud'] === service && claims['grant_type'] === kind;
      return good && Number(claims['exp']) * 1000 > Date.now() ? claims : undefined;
    },
  };
}

function encode(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
