import { isUserError, UserError } from '../ui/user-error.ts';

export type SignInReason =
  /** Nobody is signed in, or not in this way. */
  | 'notSignedIn'
  /** Signed in once, but not any more. */
  | 'expired'
  /** The user said no, or closed the window. */
  | 'declined'
  /** More is asked of the user: a second factor, another device, a policy of the organization. */
  | 'challenged'
  /** The account is not in this tenant. */
  | 'wrongTenant'
  | 'cliMissing'
  | 'cliLoggedOut'
  /** Variables, secrets or federations of a pipeline are wrong; signing in again changes nothing. */
  | 'misconfigured';

/** No token can be had. The message says what to do; `explain.ts` makes the action. */
export class SignInError extends UserError {
  readonly reason: SignInReason;
  readonly tenant: string | undefined;

  constructor(reason: SignInReason, message: string, tenant?: string) {
    super(message);
    this.reason = reason;
    this.tenant = tenant;
  }
}

/** As with `isUserError`, not by its class. */
export function isSignInError(error: unknown): error is SignInError {
  return isUserError(error) && 'reason' in error;
}
