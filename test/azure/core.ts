import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json, JsonObject } from '../../client/src/azure/json.ts';

/**
 * The local Azure: one server on loopback that stands for Entra ID, Resource Manager and the data planes that deployments use. It is
 * strict: what the real one refuses, it refuses. This file is what its parts are made from and for; `local-azure.ts` starts it.
 */
export interface Core {
  readonly store: Store;
  readonly directory: Directory;
  readonly operations: Operations;
  readonly hosts: Hosts;
  readonly times: Times;
  /** Where parts keep files; goes when the server ends. */
  readonly folder: string;
  /** `https://127.0.0.1:PORT`: where Resource Manager and Entra ID listen. */
  readonly url: string;
  readonly tenant: string;
  readonly subscription: string;
  /** Where containers write their lines, so that queries find them. */
  readonly logs: Logs;
  /** Runs before the server ends: containers, child processes. */
  readonly atEnd: (end: () => Promise<void> | void) => void;
}

/** One resource provider, or a part of one: `registries.ts`, `sites.ts`. */
export type Part = (core: Core) => readonly Route[];

export interface Route {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** `/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Web/sites/{site}`; letters' case does not matter. */
  readonly path: string;
  readonly apiVersions: readonly string[];
  /** What the caller must be allowed to do there, as in Azure's own list: `Microsoft.Web/sites/write`; empty if anybody may. */
  readonly action: string;
  /** What a body must be; without it a call with a body is refused. */
  readonly body?: Contract;
  /** What we answer is checked as well, so that the local Azure cannot make up a world of its own. Keyed by status. */
  readonly answers?: Readonly<Record<number, Contract>>;
  readonly handle: (call: Call) => Reply | Promise<Reply>;
}

/** What is wrong with a body, if anything; `contract.ts` makes them from the official packages' own tables. */
export type Contract = (body: Json) => readonly string[];

export interface Call {
  readonly method: string;
  /** The path as it was sent. */
  readonly path: string;
  /** The path in Azure's own letters: what a PUT makes. */
  readonly id: string;
  /** The path's parts by name, as sent. `{scope}` at a path's beginning takes any number of them. */
  readonly at: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: JsonObject;
  /** Object id of the caller. */
  readonly caller: string;
}

export interface Reply {
  readonly status: number;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by handlers; written in the words and the form of the provider (Microsoft.Web has one of its own). */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly more: JsonObject;

  constructor(status: number, code: string, message: string, more: JsonObject = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}

/** Resources by id, whatever its case; each keeps the id it was made with. A child needs its parent, everything its group. */
export interface Store {
  readonly get: (id: string) => JsonObject | undefined;
  /** Throws the refusal that Azure would give: ResourceNotFound, ParentResourceNotFound, ResourceGroupNotFound. */
  readonly need: (id: string) => JsonObject;
  /** Adds id, name and type. */
  readonly put: (id: string, resource: JsonObject) => JsonObject;
  /** With all below it. */
  readonly delete: (id: string) => void;
  /** Those of a type (`Microsoft.Web/sites`) below an id; below `''`, everywhere. */
  readonly list: (below: string, type: string) => readonly JsonObject[];
  /** Called for each resource that goes, also with its group or its parent. */
  readonly onDelete: (listener: (id: string, resource: JsonObject) => void) => void;
}

/** Who there is, and who may what. New principals and roles take `times.replication` until everybody knows them. */
export interface Directory {
  /** A managed identity comes to be. */
  readonly addPrincipal: (name: string) => { readonly principalId: string; readonly clientId: string };
  readonly removePrincipal: (principalId: string) => void;
  /** Whether the principal exists and has spread. */
  readonly knows: (principalId: string) => boolean;
  /** Whether a role with this action at this scope, or above, has spread. Data actions as well: `Microsoft.ContainerRegistry/registries/pull/read`. */
  readonly may: (principalId: string, action: string, scope: string) => boolean;
  /** An access token as Entra ID would sign it; `readToken` checks one and gives the caller, else `undefined`. */
  readonly token: (principalId: string, audience: string) => string;
  readonly readToken: (token: string, audiences: readonly string[]) => string | undefined;
}

/** Tables of Log Analytics workspaces. */
export interface Logs {
  /** `customerId` is the workspace's; `TimeGenerated` is added. */
  readonly add: (customerId: string, table: string, row: JsonObject) => void;
  /** Whether it is one of the workspace's two keys. */
  readonly isKey: (customerId: string, key: string) => boolean;
}

/** Long-running operations in each of Azure's styles. */
export interface Operations {
  /**
   * Runs `work`, at least `times.operation` long, and gives the headers for the first answer. What `work` throws as a Refusal becomes the
   * operation's error. `asyncOperation`: Azure-AsyncOperation, polled to a status; `location`: 202 with a fresh Location each time, then
   * 200 or 204; `state`: no header, the resource's provisioningState tells. Resources in the making: set `properties.provisioningState`
   * yourself, before and in `work`.
   */
  readonly start: (
    style: 'asyncOperation' | 'location' | 'state',
    about: { readonly provider: string; readonly location?: string; readonly resource: string },
    work: () => Promise<Json | undefined>,
  ) => Readonly<Record<string, string>>;
}

/** Servers of their own, https with a certificate of our authority, on 127.0.0.1: registries, sites, their SCM sites, log endpoints. */
export interface Hosts {
  /** Gives `127.0.0.1:PORT`. What is asked there is recorded with the traffic under `label`. */
  readonly open: (label: string, handle: HostHandler) => Promise<string>;
  readonly close: (host: string) => Promise<void>;
}
export type HostHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** In milliseconds. Tests set them; the defaults keep the order of things without taking long. */
export interface Times {
  /** How long a new principal or role is unknown. */
  readonly replication: number;
  /** How long an operation takes at least. */
  readonly operation: number;
  /** What Retry-After says, in seconds. */
  readonly retryAfter: number;
  /** After how long without requests a container app goes back to zero; Azure's five minutes if it is not said. */
  readonly idle?: number;
  /** How long a site's container may take to listen where its settings say nothing; else 230 seconds, as documented. */
  readonly siteStart?: number;
  /** When a site is tried again whose image could not be pulled or did not start; else 5 minutes. */
  readonly siteRetry?: number;
  /** When log streams without news are cut off; else 230 seconds. */
  readonly streamIdle?: number;
}
