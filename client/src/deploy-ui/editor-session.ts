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

/** Whether the user may be asked: never, where it cannot be without, or in any case, for which account it is to be. */
export type Asking = 'never' | 'ifNeeded' | 'always';

/** The editor's session with these scopes. */
export async function askEditor(
  provider: string,
  scopes: readonly string[],
  { challenge }: EditorRequest,
  asking: Asking,
): Promise<string | undefined> {
  if (challenge !== undefined) {
    // It wants the user, whatever session there is.
    if (asking === 'never') return undefined;
    const session = takesChallenges(version)
      ? await (authentication.getSession as unknown as GetSessionForChallenge)(provider, challenge, {
          createIfNone: true,
        })
      : // Older editors can but sign in anew, and then have a token that knows what Azure wants to know.
        await authentication.getSession(provider, [...scopes], { forceNewSession: { detail: 'Azure asks for it' } });
    return session?.accessToken;
  }
  if (asking === 'always') {
    const chosen = { createIfNone: true, clearSessionPreference: true } as const;
    return (await authentication.getSession(provider, [...scopes], chosen)).accessToken;
  }
  const known = await authentication.getSession(provider, [...scopes], { silent: true });
  if (known !== undefined || asking === 'never') return known?.accessToken;
  return (await authentication.getSession(provider, [...scopes], { createIfNone: true })).accessToken;
}
