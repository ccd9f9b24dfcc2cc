import { authentication, version, type AuthenticationGetSessionOptions, type AuthenticationSession } from 'vscode';
import type { EditorRequest } from '../azure/vscode-credential.ts';
import { takesChallenges } from './editor-version.ts';

type Challenge = NonNullable<EditorRequest['challenge']>;

/** `getSession` as it is from VS Code 1.105 on, whose types we do not have: we still run in older ones. */
type GetSessionForChallenge = (
  provider: string,
  request: Challenge,
  options: AuthenticationGetSessionOptions,
) => Thenable<AuthenticationSession | undefined>;

/**
 * The editor's session with these scopes. The user is asked only where none is there, or where Azure wants to see them again; with `mayChoose`, in any
 * case: for which account it is to be.
 */
export async function askEditor(
  provider: string,
  scopes: readonly string[],
  { challenge }: EditorRequest,
  mayChoose: boolean,
): Promise<string | undefined> {
  if (challenge !== undefined) {
    const session = takesChallenges(version)
      ? await (authentication.getSession as unknown as GetSessionForChallenge)(provider, challenge, {
          createIfNone: true,
        })
      : // Older editors can but sign in anew, and then have a token that knows what Azure wants to know.
        await authentication.getSession(provider, [...scopes], { forceNewSession: { detail: 'Azure asks for it' } });
    return session?.accessToken;
  }
  if (mayChoose) {
    const chosen = { createIfNone: true, clearSessionPreference: true } as const;
    return (await authentication.getSession(provider, [...scopes], chosen)).accessToken;
  }
  const known = await authentication.getSession(provider, [...scopes], { silent: true });
  const session = known ?? (await authentication.getSession(provider, [...scopes], { createIfNone: true }));
  return session.accessToken;
}
