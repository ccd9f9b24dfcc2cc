/** What went wrong, for people, and the one thing to do about it. */
export interface Explanation {
  /** One sentence without a full stop. */
  readonly message: string;
  readonly action: Action;
  /** Azure's own words, its code and its number of the call, for the log. */
  readonly log?: string;
}

/** `title` is what a button says. */
export type Action = Readonly<{ title: string }> & ActionKind;

type ActionKind =
  | { readonly kind: 'signIn'; readonly tenant?: string }
  /** The resource provider, with the subscription. */
  | { readonly kind: 'register'; readonly namespace: string }
  /** The name is taken, or not allowed. */
  | { readonly kind: 'rename'; readonly what?: string }
  /** A while, and then the same again. */
  | { readonly kind: 'wait'; readonly seconds: number }
  /** `resource` is an id; without it the portal's first page. */
  | { readonly kind: 'openPortal'; readonly resource?: string; readonly url?: string }
  | { readonly kind: 'chooseRegion' }
  | { readonly kind: 'chooseSku' }
  | { readonly kind: 'chooseSubscription' }
  /** With the user's own Docker, instead of in the registry. */
  | { readonly kind: 'buildLocally' }
  /** Build and push again, for this platform if it is said. */
  | { readonly kind: 'rebuild'; readonly platform?: string }
  | { readonly kind: 'showLog' }
  /** What we know is out of date: read everything again. */
  | { readonly kind: 'refresh' }
  /** Somebody who may give it. */
  | { readonly kind: 'ask'; readonly right: string; readonly scope: string }
  /** The same again, now. */
  | { readonly kind: 'retry' }
  | { readonly kind: 'openPage'; readonly url: string }
  | { readonly kind: 'openSettings'; readonly setting?: string }
  /** `.shipshape/deploy.yaml`. */
  | { readonly kind: 'editChoices' };

export const signIn = (tenant?: string): Action => ({
  kind: 'signIn',
  title: 'Sign in',
  ...(tenant !== undefined && { tenant }),
});
export const register = (namespace: string): Action => ({
  kind: 'register',
  title: `Register ${namespace}`,
  namespace,
});
export const rename = (what?: string): Action => ({
  kind: 'rename',
  title: 'Choose another name',
  ...(what !== undefined && { what }),
});
export const wait = (seconds: number): Action => ({ kind: 'wait', title: 'Wait and try again', seconds });
export const openPortal = (resource?: string): Action => ({
  kind: 'openPortal',
  title: 'Open the portal',
  ...(resource !== undefined && { resource }),
});
export const chooseRegion: Action = { kind: 'chooseRegion', title: 'Choose another region' };
export const chooseSku: Action = { kind: 'chooseSku', title: 'Choose another size' };
export const chooseSubscription: Action = { kind: 'chooseSubscription', title: 'Choose another subscription' };
export const buildLocally: Action = { kind: 'buildLocally', title: 'Change how it is built' };
export const rebuild = (platform?: string): Action => ({
  kind: 'rebuild',
  title: 'Build and push again',
  ...(platform !== undefined && { platform }),
});
export const showLog: Action = { kind: 'showLog', title: 'Show log' };
export const refresh: Action = { kind: 'refresh', title: 'Look again' };
export const planAgain: Action = { kind: 'refresh', title: 'Plan again' };
export const ask = (right: string, scope: string): Action => ({
  kind: 'ask',
  title: 'Copy what to ask for',
  right,
  scope,
});
export const retry: Action = { kind: 'retry', title: 'Try again' };
export const openPage = (title: string, url: string): Action => ({ kind: 'openPage', title, url });
export const openSettings = (setting: string): Action => ({ kind: 'openSettings', title: 'Open settings', setting });
export const editChoices: Action = { kind: 'editChoices', title: 'Open deploy.yaml' };
