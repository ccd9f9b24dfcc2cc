/** Trouble that is to be expected: the message is for the user, not for a log. */
export class UserError extends Error {
  readonly action: { readonly title: string; readonly run: () => unknown } | undefined;

  constructor(message: string, action?: UserError['action']) {
    super(message);
    this.action = action;
  }
}
