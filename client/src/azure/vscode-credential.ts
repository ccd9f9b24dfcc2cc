import type { TokenCredential } from '@azure/core-auth';
import { Cancelled } from '../tools/command.ts';
import { expiryOf } from './claims.ts';
import { redact } from './redact.ts';
import { SignInError } from './sign-in-error.ts';

/** What the editor is asked besides the scopes. */
export interface EditorRequest {
  /** Azure wants more than the token that there is: for editors that can ask the user for it (VS Code 1.105 and later). */
  readonly challenge?: { readonly wwwAuthenticate: string; readonly fallbackScopes: readonly string[] };
}

/** The access token of the editor's session with these scopes; `undefined` when there is none. */
export type GetEditorSession = (scopes: readonly string[], request: EditorRequest) => Promise<string | undefined>;

/** The editor's own Microsoft session, as a credential. The editor keeps it, renews it, and asks the user. */
export function editorCredential(getSession: GetEditorSession): TokenCredential {
  return {
    getToken: async (scopes, { tenantId, claims } = {}) => {
      // A convention of VS Code's Microsoft provider: the tenant is asked for as if it were a scope.
      const all = [...[scopes].flat(), ...(tenantId === undefined ? [] : [`VSCODE_TENANT:${tenantId}`])];
      const request: EditorRequest =
        claims === undefined ? {} : { challenge: { wwwAuthenticate: challengeWith(claims), fallbackScopes: all } };
      let token: string | undefined;
      try {
        token = await getSession(all, request);
      } catch (error) {
        throw failure(error, tenantId);
      }
      if (token === undefined || token === '') {
        throw new SignInError('notSignedIn', 'Nobody is signed in to Azure in this editor: sign in', tenantId);
      }
      return { token, expiresOnTimestamp: expiryOf(token) ?? Date.now() + unknownLife };
    },
  };
}

/** For a token that does not say when it ends: so long that a token cache asks again soon. */
const unknownLife = 10 * 60_000;

function challengeWith(claims: string): string {
  return `Bearer realm="", error="insufficient_claims", claims="${Buffer.from(claims, 'utf8').toString('base64')}"`;
}

/** Editors say in words alone what went wrong. */
function failure(error: unknown, tenant: string | undefined): Error {
  if (error instanceof Cancelled) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/did not consent|cancel|denied|declined/i.test(message)) {
    return new SignInError('declined', 'You did not sign in to Azure: sign in to go on', tenant);
  }
  if (/timed out|no authentication provider|not (available|supported|registered)/i.test(message)) {
    return new SignInError('notSignedIn', 'This editor has no Microsoft account: sign in another way', tenant);
  }
  return new SignInError('notSignedIn', `The editor could not sign in to Azure: ${redact(message)}`, tenant);
}
