import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth';
import type { HttpClient, PipelinePolicy } from '@azure/core-rest-pipeline';
import type { Cloud } from './cloud.ts';
import { canAskGitHub, gitHubToken } from './github-token.ts';
import { Cancelled } from '../tools/command.ts';
import { isSignInError, SignInError } from './sign-in-error.ts';
import { signInFailure, titles, type Way } from './sign-in-failure.ts';
import { withCache, type TokenCache } from './token-cache.ts';

export type CredentialKind =
  /** In an editor its own session, then Azure CLI, then a device code; without one what the environment offers, then Azure CLI. */
  'auto' | Way;

export interface CredentialOptions {
  readonly cloud: Cloud;
  /** Where the user is a guest; otherwise the home tenant of whoever signs in. */
  readonly tenant?: string | undefined;
  /** The editor's session; see `vscode-credential.ts`. There is none in the command line. */
  readonly session?: TokenCredential | undefined;
  /** Shows the code, and where to enter it. Without this there is no device code. */
  readonly onDeviceCode?: ((code: DeviceCode) => void) | undefined;
  /** `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly httpClient?: HttpClient | undefined;
}

export interface DeviceCode {
  readonly code: string;
  readonly url: string;
  /** Settles when it is of no use any more: entered, declined, or too old. */
  readonly ended: Promise<void>;
  /** Waits for it no longer; whoever wanted the token gets `Cancelled`. */
  readonly cancel: () => void;
}

/**
 * Signs in, in one way or in the first that works. Throws `SignInError`s that say what to do, an `AzureError` when Entra cannot be
 * reached, and `Cancelled`. Tokens stay in memory, and `@azure/identity` is loaded only when it is needed.
 */
export function createCredential(kind: CredentialKind, options: CredentialOptions): TokenCredential & TokenCache {
  return withCache(kind === 'auto' ? firstOf(waysOf(options), options) : one(kind, options));
}

/** How somebody could be signed in, in the order in which that is tried. */
export function waysOf({ session, onDeviceCode, environment = process.env }: CredentialOptions): readonly Way[] {
  const has = (...names: readonly string[]): boolean => names.every((name) => (environment[name] ?? '') !== '');
  const isEditor = session !== undefined;
  const ways: readonly (readonly [Way, boolean])[] = [
    ['vscode', isEditor],
    [
      'environment',
      !isEditor &&
        has('AZURE_TENANT_ID', 'AZURE_CLIENT_ID') &&
        (has('AZURE_CLIENT_SECRET') || has('AZURE_CLIENT_CERTIFICATE_PATH')),
    ],
    [
      'workloadIdentity',
      !isEditor &&
        has('AZURE_TENANT_ID', 'AZURE_CLIENT_ID') &&
        (has('AZURE_FEDERATED_TOKEN_FILE') || canAskGitHub(environment)),
    ],
    // Asking a machine that has none takes long; what runs in Azure has these.
    ['managedIdentity', !isEditor && (has('IDENTITY_ENDPOINT') || has('MSI_ENDPOINT'))],
    ['azureCli', true],
    ['deviceCode', onDeviceCode !== undefined],
  ];
  return ways.filter(([, isThere]) => isThere).map(([way]) => way);
}

function one(way: Way, options: CredentialOptions): TokenCredential {
  const { tenant, cloud } = options;
  let made: Promise<TokenCredential> | undefined;
  let trouble: unknown;
  return {
    getToken: async (scopes, given = {}) => {
      const tenantId = given.tenantId ?? tenant;
      trouble = undefined;
      try {
        made ??= make(way, options, (error) => (trouble = error));
        const credential = await made;
        return await credential.getToken(scopes, { ...given, ...(tenantId !== undefined && { tenantId }) });
      } catch (error) {
        throw signInFailure(error, { way, tenant: tenantId, authority: cloud.authority, trouble });
      }
    },
  };
}

/** The first in which somebody is signed in, and from then on this one: nobody is to be two people in one deployment. */
function firstOf(ways: readonly Way[], options: CredentialOptions): TokenCredential {
  const credentials = ways.map((way) => one(way, options));
  let chosen: TokenCredential | undefined;
  const find = async (scopes: string | string[], given: GetTokenOptions | undefined): Promise<AccessToken | null> => {
    const failures: SignInError[] = [];
    for (const credential of credentials) {
      try {
        const token = await credential.getToken(scopes, given);
        chosen = credential;
        return token;
      } catch (error) {
        // What is there but wrong is to be put right, not to be passed over; and who said no has said no.
        if (!isSignInError(error) || !passing.has(error.reason)) throw error;
        failures.push(error);
      }
    }
    const [only, ...others] = failures;
    if (only !== undefined && others.length === 0) throw only;
    const tenant = given?.tenantId ?? options.tenant;
    const login = `az login${tenant === undefined ? '' : ` --tenant ${tenant}`}`;
    const hint = options.session
      ? `sign in here, or run '${login}' in a terminal`
      : `run '${login}', or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET`;
    throw new SignInError('notSignedIn', `Nobody is signed in to Azure: ${hint}`, tenant);
  };
  return { getToken: (scopes, given) => (chosen ? chosen.getToken(scopes, given) : find(scopes, given)) };
}

const passing: ReadonlySet<SignInError['reason']> = new Set(['notSignedIn', 'cliMissing', 'cliLoggedOut']);

/** The library for signing in does not say what was wrong with the network; we look ourselves. */
function watching(onTrouble: (error: unknown) => void): PipelinePolicy {
  return {
    name: 'watching',
    sendRequest: async (request, next) => {
      try {
        return await next(request);
      } catch (error) {
        onTrouble(error);
        throw error;
      }
    },
  };
}

async function make(
  way: Way,
  options: CredentialOptions,
  onTrouble: (error: unknown) => void,
): Promise<TokenCredential> {
  const { cloud, tenant, session, onDeviceCode, environment = process.env, httpClient } = options;
  if (way === 'vscode') {
    if (session) return session;
    throw new SignInError('notSignedIn', 'There is no editor that could sign in here: sign in another way');
  }
  const identity = await import('./identity.ts');
  const common = {
    authorityHost: cloud.authority,
    // Whoever knows the address of a private cloud has said so; Microsoft need not vouch for it.
    disableInstanceDiscovery: cloud.name === 'custom',
    // The tenant comes with each question.
    additionallyAllowedTenants: ['*'],
    additionalPolicies: [{ policy: watching(onTrouble), position: 'perRetry' as const }],
    ...(httpClient && { httpClient }),
  };
  const tenantId = tenant ?? (cloud.authority.endsWith('/adfs') ? 'adfs' : undefined);
  const variable = (name: string): string => {
    const value = environment[name];
    if (value !== undefined && value !== '') return value;
    throw new SignInError('misconfigured', `${titles[way]} needs ${name}: set it`);
  };
  switch (way) {
    case 'azureCli':
      return new identity.AzureCliCredential({ ...common, processTimeoutInMs: 60_000 });
    case 'deviceCode':
      if (!onDeviceCode) throw new SignInError('notSignedIn', 'A code cannot be shown here: sign in another way');
      return byCode(onDeviceCode, (show) => {
        const own = { ...common, ...(tenantId !== undefined && { tenantId }) };
        return new identity.DeviceCodeCredential({
          ...own,
          userPromptCallback: ({ userCode, verificationUri }) => show({ code: userCode, url: verificationUri }),
        });
      });
    case 'environment': {
      const home = variable('AZURE_TENANT_ID');
      const client = variable('AZURE_CLIENT_ID');
      const certificatePath = environment['AZURE_CLIENT_CERTIFICATE_PATH'] ?? '';
      const certificatePassword = environment['AZURE_CLIENT_CERTIFICATE_PASSWORD'];
      return certificatePath === '' || (environment['AZURE_CLIENT_SECRET'] ?? '') !== ''
        ? new identity.ClientSecretCredential(home, client, variable('AZURE_CLIENT_SECRET'), common)
        : new identity.ClientCertificateCredential(
            home,
            client,
            { certificatePath, ...(certificatePassword !== undefined && { certificatePassword }) },
            common,
          );
    }
    case 'workloadIdentity': {
      const [home, client] = [variable('AZURE_TENANT_ID'), variable('AZURE_CLIENT_ID')];
      if ((environment['AZURE_FEDERATED_TOKEN_FILE'] ?? '') === '' && canAskGitHub(environment)) {
        const assertion = (): Promise<string> => gitHubToken(environment, httpClient);
        return new identity.ClientAssertionCredential(home, client, assertion, common);
      }
      return new identity.WorkloadIdentityCredential({
        ...common,
        tenantId: home,
        clientId: client,
        tokenFilePath: variable('AZURE_FEDERATED_TOKEN_FILE'),
      });
    }
    case 'managedIdentity': {
      const clientId = environment['AZURE_CLIENT_ID'];
      return new identity.ManagedIdentityCredential({
        ...(clientId !== undefined && clientId !== '' && { clientId }),
        ...(httpClient && { httpClient }),
      });
    }
  }
}

/** Tells whoever shows the code when it may go, and lets them give up. */
function byCode(
  onDeviceCode: (code: DeviceCode) => void,
  create: (show: (code: Pick<DeviceCode, 'code' | 'url'>) => void) => TokenCredential,
): TokenCredential {
  let show: (code: Pick<DeviceCode, 'code' | 'url'>) => void = () => undefined;
  const credential = create((code) => show(code));
  return {
    getToken: async (scopes, given = {}) => {
      const stop = new AbortController();
      const cancel = (): void => stop.abort();
      let end = (): void => undefined;
      const ended = new Promise<void>((resolve) => (end = resolve));
      show = (code) => onDeviceCode({ ...code, ended, cancel });
      if (given.abortSignal?.aborted === true) cancel();
      given.abortSignal?.addEventListener('abort', cancel);
      try {
        return await credential.getToken(scopes, { ...given, abortSignal: stop.signal });
      } catch (error) {
        throw stop.signal.aborted ? new Cancelled() : error;
      } finally {
        given.abortSignal?.removeEventListener('abort', cancel);
        end();
      }
    },
  };
}
