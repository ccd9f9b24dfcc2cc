import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { Cloud } from './cloud.ts';
import type { TokenCache } from './token-cache.ts';

export type CredentialKind =
  /** In an editor its own session, then Azure CLI, then a device code; without one what the environment offers, then Azure CLI. */
  'auto' | 'vscode' | 'azureCli' | 'deviceCode' | 'environment' | 'workloadIdentity' | 'managedIdentity';

export interface CredentialOptions {
  readonly cloud: Cloud;
  /** Where the user is a guest; otherwise the home tenant of whoever signs in. */
  readonly tenant?: string | undefined;
  /** The editor's session; see `vscode-credential.ts`. There is none in the command line. */
  readonly session?: TokenCredential | undefined;
  /** Shows the code, and where to enter it. Without this there is no device code. */
  readonly onDeviceCode?: ((code: DeviceCode) => void) | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly httpClient?: HttpClient | undefined;
}

export interface DeviceCode {
  readonly code: string;
  readonly url: string;
}

/** Throws `SignInError`s when asked for a token that it cannot give. Tokens stay in memory. */
export function createCredential(_kind: CredentialKind, _options: CredentialOptions): TokenCredential & TokenCache {
  throw new Error('Not there yet');
}
