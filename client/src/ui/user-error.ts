/** Trouble that is to be expected: the message is for the user, not for a log. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  readonly action: { readonly title: string; readonly run: () => unknown } | undefined;

  constructor(message: string, action?: UserError['action']) {
    super(message);
    this.action = action;
  }
}

/** Not by its class: each of our bundles has its own copy of that. */
export function isUserError(error: unknown): error is UserError {
  return error instanceof Error && error.name === 'UserError';
}
