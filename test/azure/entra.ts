import { randomBytes, randomUUID } from 'node:crypto';
import { textAt, type JsonObject } from '../../client/src/azure/json.ts';
import type { Reply } from './core.ts';
import type { Principal } from './directory.ts';
import type { Asked } from './front.ts';
import type { OwnCore } from './own-core.ts';
import { resourceManagerAudiences } from './sign-in.ts';
import { isFor, type Tokens } from './tokens.ts';

/** Microsoft Entra ID, as far as programs sign in with it. */
export interface Entra {
  /** `undefined` for what is not Entra ID's. */
  readonly answer: (asked: Asked) => Reply | undefined;
  readonly addApplication: (application: Application) => void;
  /** What a user does with the code that the device shows. */
  readonly enterCode: (userCode: string, answer: { readonly objectId: string } | 'declined' | 'expired') => void;
  /** Codes that nobody has entered. */
  readonly codes: () => readonly string[];
}

export interface Application {
  readonly principal: Principal;
  readonly secret: string;
  /** Whose tokens are as good as the secret: workload identity federation. */
  readonly trusts: { readonly issuer: string; readonly subject: string } | undefined;
}

interface Code {
  readonly userCode: string;
  readonly client: string;
  readonly audience: string;
  readonly tenant: string;
  answer: { readonly objectId: string } | 'declined' | 'expired' | undefined;
}

const ours =
  /^\/([^/]+)\/(v2\.0\/\.well-known\/openid-configuration|oauth2\/v2\.0\/(token|devicecode)|discovery\/(instance|v2\.0\/keys))$/;

export function createEntra(core: OwnCore, tokens: Tokens, lifetime: number): Entra {
  const applications = new Map<string, Application>();
  const codes = new Map<string, Code>();

  const audienceOf = (form: URLSearchParams): string | Reply => {
    const scope = (form.get('scope') ?? '').split(' ').find((one) => one.endsWith('/.default'));
    const audience = scope?.slice(0, -'/.default'.length);
    const known = [
      ...resourceManagerAudiences(core),
      'https://api.loganalytics.io',
      'https://api.loganalytics.us',
      'https://api.loganalytics.azure.cn',
      'https://containerregistry.azure.net',
      'https://containerregistry.azure.us',
      'https://containerregistry.azure.cn',
      'https://vault.azure.net',
    ];
    if (audience === undefined) {
      return fail('invalid_scope', 70011, `The provided request must include a 'scope' input parameter.`);
    }
    if (isFor({ aud: audience }, known)) return audience;
    return fail('invalid_resource', 500011, `The resource principal named ${audience} was not found in the tenant.`);
  };

  const granted = (principal: Principal, audience: string, tenant: string, client?: string): Reply => {
    const person = client === undefined ? undefined : { principal, client };
    const access = core.directory.issue(principal, audience, tenant, {
      ...(client === undefined ? {} : { appid: client }),
      xms_cc: ['CP1'],
    });
    const body: JsonObject = {
      token_type: 'Bearer',
      scope: `${audience}/.default`,
      expires_in: lifetime,
      ext_expires_in: lifetime,
      access_token: access,
    };
    if (person === undefined) return { status: 200, body };
    const now = Math.floor(Date.now() / 1000);
    const about = { oid: principal.principalId, tid: tenant };
    return {
      status: 200,
      body: {
        ...body,
        refresh_token: tokens.make({ ...about, use: 'refresh', client: person.client }),
        id_token: tokens.make({
          ...about,
          aud: person.client,
          iss: `https://login.microsoftonline.com/${tenant}/v2.0`,
          sub: principal.principalId,
          iat: now,
          nbf: now,
          exp: now + 3600,
          name: principal.name,
          preferred_username: principal.name,
          ver: '2.0',
        }),
        client_info: Buffer.from(JSON.stringify({ uid: principal.principalId, utid: tenant })).toString('base64url'),
      },
    };
  };

  const byDeviceCode = (form: URLSearchParams): Reply => {
    const code = codes.get(form.get('device_code') ?? '');
    if (code === undefined) return fail('bad_verification_code', 70000, 'The device code is not valid.');
    if (code.answer === undefined) {
      return fail(
        'authorization_pending',
        70016,
        'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
      );
    }
    if (code.answer === 'declined') return fail('authorization_declined', 70018, 'The user declined the request.');
    if (code.answer === 'expired') return fail('expired_token', 70020, 'The device code has expired.');
    const principal = core.directory.find(code.answer.objectId);
    codes.delete(form.get('device_code') ?? '');
    if (principal === undefined) return fail('invalid_grant', 50034, 'The user account does not exist.');
    return granted(principal, code.audience, code.tenant, code.client);
  };

  const byRefreshToken = (form: URLSearchParams, tenant: string): Reply => {
    const audience = audienceOf(form);
    if (typeof audience !== 'string') return audience;
    const claims = tokens.read(form.get('refresh_token') ?? '');
    const principal = core.directory.find(textAt(claims, 'oid') ?? '');
    if (textAt(claims, 'use') !== 'refresh' || principal === undefined) {
      return fail('invalid_grant', 70000, 'The provided value for the input parameter refresh_token is not valid.');
    }
    if (textAt(claims, 'client') !== form.get('client_id')) {
      return fail('invalid_grant', 700_009, 'The refresh token was issued to another client.');
    }
    return granted(principal, audience, tenant, textAt(claims, 'client') ?? '');
  };

  const byApplication = (form: URLSearchParams, tenant: string): Reply => {
    const audience = audienceOf(form);
    if (typeof audience !== 'string') return audience;
    const client = form.get('client_id') ?? '';
    const application = applications.get(client);
    if (application === undefined) {
      return fail(
        'unauthorized_client',
        700_016,
        `Application with identifier '${client}' was not found in the directory '${tenant}'.`,
      );
    }
    if (form.get('client_assertion') !== null) {
      const claims = tokens.read(form.get('client_assertion') ?? '');
      const { trusts } = application;
      const isRight =
        form.get('client_assertion_type') === 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' &&
        textAt(claims, 'aud') === 'api://AzureADTokenExchange' &&
        trusts !== undefined &&
        textAt(claims, 'iss') === trusts.issuer &&
        textAt(claims, 'sub') === trusts.subject;
      if (!isRight) {
        return fail(
          'invalid_client',
          700_213,
          `No matching federated identity record found for presented assertion subject '${textAt(claims, 'sub') ?? ''}'.`,
        );
      }
    } else if (form.get('client_secret') !== application.secret) {
      return fail('invalid_client', 7_000_215, 'Invalid client secret provided.', 401);
    }
    return granted(application.principal, audience, tenant);
  };

  const token = (form: URLSearchParams, tenant: string): Reply => {
    switch (form.get('grant_type')) {
      case 'urn:ietf:params:oauth:grant-type:device_code':
      case 'device_code':
        return byDeviceCode(form);
      case 'refresh_token':
        return byRefreshToken(form, tenant);
      case 'client_credentials':
        return byApplication(form, tenant);
      default:
        return fail(
          'unsupported_grant_type',
          70003,
          `The grant type '${form.get('grant_type') ?? ''}' is not supported.`,
        );
    }
  };

  const deviceCode = (form: URLSearchParams, tenant: string): Reply => {
    const audience = audienceOf(form);
    if (typeof audience !== 'string') return audience;
    const code = randomBytes(32).toString('base64url');
    const userCode = randomUUID().slice(0, 9).toUpperCase();
    codes.set(code, { userCode, client: form.get('client_id') ?? '', audience, tenant, answer: undefined });
    const message = `To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code ${userCode} to authenticate.`;
    return {
      status: 200,
      body: {
        user_code: userCode,
        device_code: code,
        verification_uri: 'https://microsoft.com/devicelogin',
        expires_in: 900,
        // Clients wait this long between their questions, in seconds.
        interval: 1,
        message,
      },
    };
  };

  return {
    addApplication: (application) => void applications.set(application.principal.clientId, application),
    codes: () => [...codes.values()].filter(({ answer }) => answer === undefined).map(({ userCode }) => userCode),
    enterCode: (userCode, answer) => {
      const code = [...codes.values()].find((one) => one.userCode === userCode);
      if (code === undefined) throw new Error(`There is no device code '${userCode}'`);
      code.answer = answer;
    },
    answer: (asked) => {
      const path = asked.target.split('?')[0] ?? '';
      if (path === '/metadata/endpoints') return metadata(core, asked);
      const [, first = '', rest = ''] = ours.exec(path) ?? [];
      if (rest === '') return undefined;
      const issuer = `${asked.origin}/${first}`;
      if (rest === 'discovery/instance') {
        return {
          status: 200,
          body: {
            tenant_discovery_endpoint: `${asked.origin}/${core.tenant}/v2.0/.well-known/openid-configuration`,
            'api-version': '1.1',
            metadata: [
              {
                preferred_network: new URL(asked.origin).host,
                preferred_cache: new URL(asked.origin).host,
                aliases: [new URL(asked.origin).host],
              },
            ],
          },
        };
      }
      const tenant = ['organizations', 'common'].includes(first) ? core.tenant : first;
      const known = core.tenants.find(({ id, domain }) => id === tenant || domain === tenant);
      if (known === undefined) return fail('invalid_tenant', 90002, `Tenant '${tenant}' not found.`);
      if (rest === 'discovery/v2.0/keys') return { status: 200, body: { keys: [] } };
      if (rest === 'oauth2/v2.0/token') return token(new URLSearchParams(asked.text), known.id);
      if (rest === 'oauth2/v2.0/devicecode') return deviceCode(new URLSearchParams(asked.text), known.id);
      return {
        status: 200,
        body: {
          token_endpoint: `${issuer}/oauth2/v2.0/token`,
          token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
          jwks_uri: `${issuer}/discovery/v2.0/keys`,
          response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
          issuer: `${asked.origin}/${known.id}/v2.0`,
          authorization_endpoint: `${issuer}/oauth2/v2.0/authorize`,
          device_authorization_endpoint: `${issuer}/oauth2/v2.0/devicecode`,
          end_session_endpoint: `${issuer}/oauth2/v2.0/logout`,
          tenant_region_scope: 'EU',
        },
      };
    },
  };
}

function fail(error: string, number: number, description: string, status = 400): Reply {
  const code = `AADSTS${String(number)}`;
  const now = new Date().toISOString();
  return {
    status,
    body: {
      error,
      error_description: `${code}: ${description} Trace ID: ${randomUUID()} Correlation ID: ${randomUUID()} Timestamp: ${now}`,
      error_codes: [number],
      timestamp: now,
      trace_id: randomUUID(),
      correlation_id: randomUUID(),
    },
  };
}

/** What a private cloud says about itself: one object since 2022-09-01, a list of clouds before. */
function metadata(core: OwnCore, asked: Asked): Reply {
  const version = new URL(asked.target, asked.origin).searchParams.get('api-version') ?? '';
  if (version === '') {
    const message = 'The api-version query parameter (?api-version=) is required for all requests.';
    return { status: 400, body: { error: { code: 'MissingApiVersionParameter', message } } };
  }
  const cloud = {
    name: 'LocalAzure',
    portal: core.url,
    authentication: {
      loginEndpoint: core.url,
      audiences: [core.url],
      tenant: 'common',
      identityProvider: 'AAD',
    },
    resourceManager: core.url,
    graph: core.url,
    logAnalyticsResourceId: core.url,
    suffixes: { acrLoginServer: 'azurecr.local', keyVaultDns: 'vault.local', storage: 'core.local' },
  };
  return { status: 200, body: version < '2022-09-01' ? [cloud] : cloud };
}
