import type { Cloud } from './cloud.ts';
import type { Json, JsonObject } from './json.ts';

/** A call to Azure Resource Manager, as data: what a plan holds, shows and executes. */
export interface ArmRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** From `/subscriptions` or `/tenants` on, without query. */
  readonly path: string;
  /** One of `api-versions.ts`. */
  readonly apiVersion: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
}

export interface SendOptions {
  /** Ends the waiting; what Azure has begun goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Something that users may want to know while they wait: throttled, still in progress. */
  readonly onWait?: ((message: string) => void) | undefined;
}

/**
 * Azure Resource Manager of one cloud and one tenant. Everything that fails throws an `AzureError`, a `SignInError` when no token can be
 * had, or `Cancelled`.
 */
export interface Arm {
  readonly cloud: Cloud;
  get: (path: string, apiVersion: string, options?: SendOptions) => Promise<JsonObject>;
  /** `undefined` where `get` would find nothing. */
  find: (path: string, apiVersion: string, options?: SendOptions) => Promise<JsonObject | undefined>;
  /** All pages. */
  list: (
    path: string,
    apiVersion: string,
    query?: Readonly<Record<string, string>>,
    options?: SendOptions,
  ) => Promise<readonly JsonObject[]>;
  /** Sends and, if it is a long-running operation of whichever style, waits until it has ended. The final resource, if there is one. */
  send: (request: ArmRequest, options?: SendOptions) => Promise<Json | undefined>;
  /** A token of the signed-in user for another audience (`https://…`, without `/.default`), or for the resource manager. */
  token: (audience?: string, options?: SendOptions) => Promise<string>;
  /** Asks another service of Azure something that changes nothing, with a token for that service. */
  ask: (url: string, audience: string, body: JsonObject, options?: SendOptions) => Promise<Json | undefined>;
  /** Reads or streams from another host of Azure with a token of its own or of the resource manager; text as it comes. */
  stream: (url: string, options: StreamOptions) => AsyncIterable<string>;
}

export interface StreamOptions extends SendOptions {
  /** Whose token goes with it: an audience, or one that was given out for just this. `none` for signed addresses. */
  readonly as: { readonly audience: string } | { readonly token: string } | 'none';
}
