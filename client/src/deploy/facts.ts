import type { JsonObject } from '../azure/json.ts';

/** All that a plan depends on besides the choices; reading it changes nothing. `read-facts.ts` reads it. */
export interface Facts {
  /** ISO 8601. */
  readonly readAt: string;
  readonly cloud: {
    readonly registrySuffix: string;
    readonly portal: string;
    /** Whether what we know of prices is about this cloud. */
    readonly hasListPrices: boolean;
  };
  /** What Azure has, by lower-cased id; `undefined` for what was looked for and is not there. */
  readonly resources: ReadonlyMap<string, JsonObject | undefined>;
  /** App settings of the site or slot as it is, by lower-cased id. Values stay in memory: a plan may compare, but never hold them. */
  readonly settings: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Of connection strings that say something, by lower-cased id of their site or slot: names, and Azure's words for what they lead to. */
  readonly connectionStrings: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Resource providers by lower-cased namespace: `Registered`, `NotRegistered` ... */
  readonly providers: ReadonlyMap<string, string>;
  /** For names that are to be new: why one cannot be had; `undefined` when it can. */
  readonly nameTaken: ReadonlyMap<'registry' | 'site' | 'containerApp', string | undefined>;
  /** Actions that the user lacks, by lower-cased scope, of those the plan could need. Unknown where Azure does not tell. */
  readonly missingRights: ReadonlyMap<string, readonly string[]>;
  /** Role assignments that are there, as `scope|principal|role`, lower-cased. */
  readonly roles: ReadonlySet<string>;
  /** What Azure says of room left, by what it is about: `App Service B1 in westeurope`. */
  readonly quotas: readonly { readonly what: string; readonly used: number; readonly limit: number }[];
  readonly source: SourceFacts;
}

/** What the workspace says of the app. */
export interface SourceFacts {
  /** Of EXPOSE in the stage that is built, in order. */
  readonly exposed: readonly number[];
  /** Of `ENV PORT=`. */
  readonly portVariable?: number;
  /** Of the Compose service that builds this Dockerfile: the container's side. */
  readonly composePort?: number;
  /** Of a HEALTHCHECK that asks a URL of its own: path, port and times in seconds. */
  readonly health?: {
    readonly path: string;
    readonly port?: number;
    readonly interval?: number;
    readonly timeout?: number;
    readonly startPeriod?: number;
    readonly retries?: number;
  };
  /** `undefined` outside git. */
  readonly commit?: { readonly short: string; readonly full: string; readonly isDirty: boolean };
  /** A hash of what would be built, for tags of uncommitted states. */
  readonly contents: string;
  /** Whether the user's Docker answers. */
  readonly hasDocker: boolean;
}
