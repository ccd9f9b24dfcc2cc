/** What went wrong and the one thing to do about it. */
export interface Explanation {
  /** One sentence without a full stop. */
  readonly message: string;
  readonly action: Action;
}

export type Action =
  | { readonly kind: 'signIn'; readonly tenant?: string }
  /** Of the resource provider. */
  | { readonly kind: 'register'; readonly namespace: string }
  /** The name is taken, or not allowed. */
  | { readonly kind: 'rename'; readonly what?: string }
  /** And then go on. */
  | { readonly kind: 'wait'; readonly seconds?: number }
  /** `path` is below the portal's address, a resource's id. */
  | { readonly kind: 'openPortal'; readonly path?: string }
  | { readonly kind: 'chooseRegion' }
  | { readonly kind: 'chooseSku' }
  | { readonly kind: 'chooseSubscription' }
  /** With the user's own Docker, instead of in the registry. */
  | { readonly kind: 'buildLocally' }
  | { readonly kind: 'showLog' }
  /** Read everything again: what we know is out of date. */
  | { readonly kind: 'refresh' }
  /** Somebody who may give it. */
  | { readonly kind: 'ask'; readonly right: string; readonly scope: string }
  /** The same again. */
  | { readonly kind: 'retry' }
  /** Something on this machine: a program to install, a setting, a certificate. */
  | { readonly kind: 'openPage'; readonly url: string }
  | { readonly kind: 'openSettings'; readonly setting: string }
  | { readonly kind: 'none' };

export function explain(error: unknown): Explanation {
  return { message: error instanceof Error ? error.message : String(error), action: { kind: 'showLog' } };
}
