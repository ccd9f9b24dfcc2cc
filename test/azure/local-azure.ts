import type { HttpClient } from '@azure/core-rest-pipeline';
import type { Json, JsonObject } from '../../client/src/azure/json.ts';
import type { Core, Times } from './core.ts';

/**
 * Starts a local Azure; `close` ends it, and throws if it found itself at fault: if one of its answers broke the contract.
 * The parts that it is made of are in `parts.ts`.
 */
export { startLocalAzure } from './start.ts';

/** What tests see of the local Azure. */
export interface LocalAzure {
  /** `https://127.0.0.1:PORT`: what a user of a private cloud would write into the settings. */
  readonly url: string;
  /** The file with our authority's certificate, for NODE_EXTRA_CA_CERTS. */
  readonly certificate: string;
  readonly tenant: string;
  readonly subscription: string;
  /** For code in this process: sends what is meant for Azure's real hosts here, and refuses every other host but ours. */
  readonly httpClient: HttpClient;
  /** Signs a user in: an access token for Resource Manager, of a user with these roles on the subscription. */
  readonly user: (options?: UserOptions) => {
    readonly token: string;
    readonly objectId: string;
    readonly name: string;
  };
  /** Everything that was asked and answered, oldest first. Tokens and signatures are written as `<…>`. */
  readonly traffic: readonly Exchange[];
  /** The traffic as JSON Lines, in the form that OpenAPI checkers read. */
  readonly writeTraffic: (file: string) => void;
  readonly faults: Faults;
  /** A resource as it is, for assertions; and one made by somebody else before the test. */
  readonly resource: (id: string) => JsonObject | undefined;
  readonly place: (id: string, resource: JsonObject) => void;
  /** All ids, sorted, for comparing states. */
  readonly ids: () => readonly string[];
  readonly close: () => Promise<void>;
  /** Another tenant, in which users are guests, with a subscription of its own. */
  readonly guestTenant: { readonly tenant: string; readonly subscription: string };
  /** How users and pipelines sign in, and how that ends. */
  readonly entra: EntraControls;
  /** Gives a principal a role, at once. */
  readonly grant: (objectId: string, role: string, scope: string) => void;
  /** Until no long-running operation is under way. */
  readonly settled: () => Promise<void>;
  /** What parts are given, for tests of parts. */
  readonly core: Core;
}

export interface EntraControls {
  /** A service principal with a secret, or with `federated` trust in the tokens of a pipeline: workload identity. */
  readonly application: (options?: UserOptions) => {
    readonly clientId: string;
    readonly objectId: string;
    readonly secret: string;
    /** A token of the pipeline that the application trusts, for `AZURE_FEDERATED_TOKEN_FILE`. */
    readonly federatedToken: string;
  };
  /** Device codes that were given out and that nobody has entered. */
  readonly deviceCodes: () => readonly string[];
  /** What a user does with such a code. */
  readonly enterCode: (userCode: string, answer: { readonly objectId: string } | 'declined' | 'expired') => void;
  /** All tokens until now are refused: with a claims challenge (continuous access evaluation), or as expired. */
  readonly end: (objectId: string, how: 'revoked' | 'expired') => void;
}

export interface UserOptions {
  /** Owner by default. */
  readonly roles?: readonly ('Owner' | 'Contributor' | 'Reader' | 'AcrPush' | 'User Access Administrator')[];
  /** The tenant that the token is for; the user's own by default. */
  readonly tenant?: string;
}

export interface StartOptions {
  readonly times?: Partial<Times>;
  /** Registered from the start; all that we use by default. */
  readonly providers?: readonly string[];
  /** How long tokens last, in seconds; an hour by default. */
  readonly tokenLifetime?: number;
  /** Its traffic is no example for a checker: the test sends what is wrong. */
  readonly sendsWrong?: boolean;
}

export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly requestBody?: Json;
  readonly status?: number;
  readonly responseBody?: Json;
}

/** Makes calls fail as Azure's documentation says they can. */
export interface Faults {
  /** The next so many calls that match (`PUT /registries/`, a regular expression over `METHOD path`), or all. */
  readonly add: (match: RegExp, fault: Fault, times?: number) => void;
  readonly clear: () => void;
  /** Called with every call before it is handled and after it was; may wait or throw, for tests that kill us in between. */
  readonly watch: (watcher: (moment: 'before' | 'after', call: string) => void | Promise<void>) => void;
}

export type Fault =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body?: Json;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The operation begins well, and ends like this. */
  | { readonly kind: 'operation'; readonly code: string; readonly message: string }
  /** Handled, but the answer never arrives. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'hang' };
