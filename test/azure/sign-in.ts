import type { OwnCore } from './own-core.ts';
import type { Asked } from './front.ts';
import { FrontDoorRefusal } from './refusals.ts';

export interface SignedIn {
  readonly principalId: string;
  readonly name: string;
  readonly tenant: string;
}

/** Who calls Resource Manager; refused in its words, with the challenge that clients read. */
export function signIn(core: OwnCore, asked: Asked, subscription: string | undefined): SignedIn {
  const authority = `https://login.windows.net/${core.tenant}`;
  const refuse = (code: string, message: string, challenge: string): FrontDoorRefusal =>
    new FrontDoorRefusal(401, code, message, {}, { 'www-authenticate': challenge });
  const invalid = (code: string, message: string): FrontDoorRefusal =>
    refuse(
      code,
      message,
      `Bearer authorization_uri="${authority}", error="invalid_token", error_description="${message}"`,
    );

  const header = asked.headers['authorization'];
  if (header === undefined) {
    throw refuse(
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing.",
      `Bearer authorization_uri="${authority}", error="invalid_token", error_description="The authentication failed because of missing 'Authorization' header."`,
    );
  }
  const checked = core.directory.check(header.replace(/^Bearer /i, ''), resourceManagerAudiences(core));
  switch (checked.kind) {
    case 'good':
      break;
    case 'expired': {
      const [expiry, now] = [new Date(checked.at), new Date()].map((moment) => moment.toISOString());
      throw invalid(
        'ExpiredAuthenticationToken',
        `The access token expiry UTC time '${expiry ?? ''}' is earlier than current UTC time '${now ?? ''}'.`,
      );
    }
    case 'revoked': {
      // Continuous access evaluation: the claims that the next token must satisfy.
      const claims = { access_token: { nbf: { essential: true, value: String(Math.floor(Date.now() / 1000)) } } };
      const encoded = Buffer.from(JSON.stringify(claims)).toString('base64');
      throw refuse(
        'InvalidAuthenticationToken',
        'Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp',
        `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000", error="insufficient_claims", claims="${encoded}"`,
      );
    }
    case 'audience':
      throw invalid(
        'InvalidAuthenticationTokenAudience',
        'The access token has been obtained for wrong audience or resource.',
      );
    case 'invalid':
      throw invalid('InvalidAuthenticationToken', 'The access token is invalid.');
  }
  const { principal, tenant } = checked;
  const home = core.tenants.find(({ subscriptions }) => subscriptions.some(({ id }) => id === subscription))?.id;
  if (home !== undefined && home !== tenant) {
    throw invalid(
      'InvalidAuthenticationTokenTenant',
      `The access token is from the wrong issuer 'https://sts.windows.net/${tenant}/'. It must match the tenant 'https://sts.windows.net/${home}/' associated with this subscription. Please use the authority (URL) 'https://login.windows.net/${home}' to get the token.`,
    );
  }
  return { principalId: principal.principalId, name: principal.name, tenant };
}

export function resourceManagerAudiences(core: Pick<OwnCore, 'url'>): readonly string[] {
  return [
    core.url,
    'https://management.azure.com',
    'https://management.core.windows.net',
    'https://management.usgovcloudapi.net',
    'https://management.chinacloudapi.cn',
  ];
}
