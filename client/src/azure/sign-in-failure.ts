import { Cancelled } from '../tools/command.ts';
import { isUserError } from '../ui/user-error.ts';
import { AzureError, isAzureError } from './azure-error.ts';
import { redact } from './redact.ts';
import { SignInError, type SignInReason } from './sign-in-error.ts';

/** In which way somebody tried to sign in. */
export type Way = 'vscode' | 'azureCli' | 'deviceCode' | 'environment' | 'workloadIdentity' | 'managedIdentity';

export interface Attempt {
  readonly way: Way;
  readonly tenant: string | undefined;
  /** The address that signs in, for trouble with the network. */
  readonly authority: string;
  /** What the connection failed of last, if it did. */
  readonly trouble?: unknown;
}

/** What a library's error means. Only our own words and Entra's own code get on: its messages hold names, and sometimes more. */
export function signInFailure(error: unknown, { way, tenant, authority, trouble }: Attempt): Error {
  const own = ownIn(error, 0);
  if (own !== undefined) return own;
  const all = [...chainOf(error, 0), ...chainOf(trouble, 0)];
  if (all.some(({ name }) => name === 'AbortError')) return new Cancelled();
  const text = all.map(({ message }) => message).join('\n');
  const code = Number(/AADSTS(\d+)/.exec(text)?.[1]);

  const reason = reasonOf(code, text);
  if (reason !== undefined) return new SignInError(reason, messageFor(reason, way, tenant, code), tenant);
  const network = networkCode(all, text);
  if (network !== undefined) {
    const message = 'There was no answer of the sign-in service';
    return new AzureError({ status: 0, code: network, message, request: `POST ${authority}` });
  }
  // Not what Entra said of it, only where it was asked, comes out of the library.
  if (/endpoints_resolution_error/.test(text)) {
    const isFromEnvironment = way === 'environment' || way === 'workloadIdentity';
    const message = isFromEnvironment ? 'Entra knows no such tenant: check AZURE_TENANT_ID' : undefined;
    return new SignInError('wrongTenant', message ?? messageFor('wrongTenant', way, tenant, NaN), tenant);
  }
  if (way === 'azureCli') {
    if (/could not be found|not recognized|ENOENT/i.test(text)) {
      return new SignInError(
        'cliMissing',
        "Azure CLI, 'az', is not installed here: install it, or sign in another way",
      );
    }
    const asked = /claims/i.test(text) ? /--claims-challenge (\S+)/.exec(text)?.[1] : undefined;
    if (asked !== undefined) return new SignInError('cliLoggedOut', challengeMessage(tenant, asked), tenant);
    if (/az login/i.test(text)) return new SignInError('cliLoggedOut', loginMessage(tenant), tenant);
    return new SignInError('notSignedIn', `Azure CLI gives no token: ${firstLine(text)}`, tenant);
  }
  const unknown: SignInReason = way === 'vscode' || way === 'deviceCode' ? 'notSignedIn' : 'misconfigured';
  return new SignInError(unknown, `${titles[way]} gives no token: ${firstLine(text)}`, tenant);
}

export const titles: Readonly<Record<Way, string>> = {
  vscode: 'The editor',
  azureCli: 'Azure CLI',
  deviceCode: 'The device code',
  environment: 'The environment (AZURE_CLIENT_ID and others)',
  workloadIdentity: 'The workload identity',
  managedIdentity: 'The managed identity',
};

/** Entra's own numbers; learn.microsoft.com/entra/identity-platform/reference-error-codes. */
const reasons: readonly (readonly [SignInReason, readonly number[]])[] = [
  ['expired', [50089, 50132, 50133, 50173, 54005, 70008, 70019, 70043, 70044, 700081, 700082, 700084]],
  ['declined', [65004, 50126]],
  [
    'challenged',
    [50005, 50072, 50074, 50076, 50079, 50097, 50105, 50131, 50158, 53000, 53001, 53002, 53003, 53004, 65001, 530003],
  ],
  ['wrongTenant', [50020, 50034, 50128, 50177, 51004, 90002, 90072, 500021]],
  [
    'misconfigured',
    [70021, 90033, 700016, 700027, 700030, 700211, 700212, 700213, 700222, 7000112, 7000215, 7000216, 7000222, 7000229],
  ],
];

function reasonOf(code: number, text: string): SignInReason | undefined {
  const known = reasons.find(([, codes]) => codes.includes(code))?.[0];
  if (known !== undefined) return known;
  if (/authorization_declined|access_denied/.test(text)) return 'declined';
  return /expired_token|code_expired|device_code_expired/.test(text) ? 'expired' : undefined;
}

function messageFor(reason: SignInReason, way: Way, tenant: string | undefined, code: number): string {
  const where = tenant === undefined ? '' : ` to the tenant '${tenant}'`;
  const number = Number.isNaN(code) ? '' : ` (AADSTS${code})`;
  if (way === 'azureCli' && reason !== 'misconfigured' && reason !== 'wrongTenant') return loginMessage(tenant);
  switch (reason) {
    case 'expired':
      return way === 'deviceCode' && number === ''
        ? 'The code was not entered in time: sign in again'
        : `Your sign-in to Azure has expired${number}: sign in again`;
    case 'declined':
      return 'You did not sign in to Azure: sign in to go on';
    case 'challenged':
      return `Your organization asks for more to sign in${where}${number}: sign in again`;
    case 'wrongTenant':
      return tenant === undefined
        ? `This account is in no such tenant${number}: sign in with another account`
        : `This account is not in the tenant '${tenant}'${number}: sign in with another`;
    case 'misconfigured':
      return way === 'workloadIdentity'
        ? `Entra does not accept the workload identity${number}: check its federated credential`
        : `Entra does not accept AZURE_CLIENT_ID and its secret${number}: check them`;
    case 'notSignedIn':
    case 'cliMissing':
    case 'cliLoggedOut':
      return `Nobody is signed in${where}: sign in`;
  }
}

function loginMessage(tenant: string | undefined): string {
  return `Azure CLI is not signed in: run 'az login${tenant === undefined ? '' : ` --tenant ${tenant}`}' in a terminal`;
}

/** A sign-in that is new is what claims about its age ask for; all others Azure CLI has to be told. */
function challengeMessage(tenant: string | undefined, claims: string): string {
  const where = tenant === undefined ? '' : ` --tenant ${tenant}`;
  const isAboutAge = /^\{"access_token":\{("nbf":[^{]*|"nbf":\{[^{}]*\})?\}\}$/.test(
    Buffer.from(claims, 'base64').toString('utf8').replace(/\s/g, ''),
  );
  const command = `az login${where}${isAboutAge ? '' : ` --claims-challenge ${claims}`}`;
  return `Azure asks for a new sign-in: run '${command}' in a terminal`;
}

const networkCodes =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|EPROTO|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|CERT_HAS_EXPIRED|ERR_TLS_CERT_ALTNAME_INVALID)\b/;

function networkCode(errors: readonly Known[], text: string): string | undefined {
  for (const { code } of errors) {
    if (code !== undefined && networkCodes.test(code)) return code;
  }
  if (/self-signed certificate/i.test(text)) return 'SELF_SIGNED_CERT_IN_CHAIN';
  if (/unable to verify the first certificate/i.test(text)) return 'UNABLE_TO_VERIFY_LEAF_SIGNATURE';
  if (/unable to get (local )?issuer certificate/i.test(text)) return 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY';
  return networkCodes.exec(text)?.[1];
}

/** What we have thrown ourselves, under what the library has put around it. */
function ownIn(error: unknown, depth: number): Error | undefined {
  if (!(error instanceof Error) || depth > 5) return undefined;
  const isOwn = isUserError(error) || isAzureError(error) || error instanceof Cancelled;
  return isOwn ? error : ownIn(error.cause, depth + 1);
}

interface Known {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
}

/** An error with its causes and those that it gathers. */
function* chainOf(error: unknown, depth: number): Iterable<Known> {
  if (!(error instanceof Error) || depth > 5) return;
  const { code, cause, errors } = error as Error & { code?: unknown; errors?: unknown };
  yield { name: error.name, message: error.message, code: typeof code === 'string' ? code : undefined };
  yield* chainOf(cause, depth + 1);
  for (const one of Array.isArray(errors) ? (errors as readonly unknown[]) : []) yield* chainOf(one, depth + 1);
}

function firstLine(text: string): string {
  const line = redact(text).trim().split(/\r?\n/, 1)[0] ?? '';
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
