import type { Role } from '../azure/roles.ts';
import type { Value, ValueObject } from './value.ts';

/**
 * One thing a deployment does. What it will change is in it as data, so that the page, the JSON, the `az` script and the execution
 * are four readings of the same. Every step can tell whether it is done already, and is safe to run twice.
 */
export type Step = StepBase & Work;

export interface StepBase {
  /** The same in every plan for the same thing: `registry`, `role:pull`, `site`, `slot:staging:image`. */
  readonly id: string;
  /** Imperative, for people: `Create the registry 'shopreg'`. */
  readonly title: string;
  /** `leave`: it is there and stays as it is; shown, never executed. `run`: makes nothing (waits, builds, restarts). */
  readonly effect: 'create' | 'change' | 'leave' | 'run';
  /** The resource that is made or changed. */
  readonly resource?: string;
  /** What changes, old and new; for `create` what is worth knowing of the new. */
  readonly changes?: readonly Change[];
  /** One sentence, where the step needs a reason. */
  readonly because?: string;
  readonly cost?: Cost;
  /** Failing here is told, but the deployment goes on (an alert, a log setting). */
  readonly optional?: true;
}

export interface Change {
  /** For people: `image`, `HTTPS only`, `setting WEBSITES_PORT`. */
  readonly what: string;
  /** Not there when there was nothing, or when it must not be shown. */
  readonly from?: string;
  readonly to: string;
}

/** The price as we know it; without one only that it costs. */
export interface Cost {
  /** `App Service plan B1`. */
  readonly what: string;
  /** US dollars per month when it runs all the time; not there where it depends on use. */
  readonly monthly?: number;
  /** `$0.000024 per vCPU and second` and the like. */
  readonly terms?: string;
  /** When and where the price was valid: `East US, list price of 2026-06`. */
  readonly asOf?: string;
}

export type Work =
  /** Registers a resource provider and waits until it is. */
  | { readonly do: 'register'; readonly namespace: string }
  /** Makes a resource, or sets it to exactly this. Done when it is there, has ended well, and says all that `body` says. */
  | { readonly do: 'put'; readonly path: string; readonly apiVersion: string; readonly body: ValueObject }
  /** Takes a resource away that cannot be changed as it must, and waits until it is gone; never asked twice once it is done. */
  | { readonly do: 'delete'; readonly path: string; readonly apiVersion: string }
  | UpdateWork
  /** App settings: lists them, sets these, puts all back. */
  | {
      readonly do: 'settings';
      /** The site or slot. */
      readonly path: string;
      readonly apiVersion: string;
      readonly set: Readonly<Record<string, Value>>;
    }
  /** Gives a role, under a name that follows from scope, principal and role, so that doing it twice is doing it once. */
  | { readonly do: 'role'; readonly scope: string; readonly role: Role; readonly principal: Value }
  /** Waits until the roles given in this deployment had this long to reach all of Azure. */
  | { readonly do: 'settle'; readonly roles: readonly string[]; readonly seconds: number }
  | PostWork
  | ImageWork
  /** Waits until the app answers, with anything below 500 at `path`. */
  | {
      readonly do: 'answer';
      /** The app's address, such as `https://shop.azurewebsites.net`. */
      readonly url: Value;
      readonly path: string;
      readonly seconds: number;
      /** Where the platform's reason and the app's last lines are to be had when it does not answer. */
      readonly app: AppPlace;
    }
  | ReferencesWork
  /** Shown only. */
  | { readonly do: 'nothing' };

/** Looks whether Azure has found the secrets that app settings refer to in key vaults; one that it has not is told. */
export interface ReferencesWork {
  readonly do: 'references';
  /** The site or slot. */
  readonly path: string;
  readonly apiVersion: string;
  readonly settings: readonly string[];
  /** Who reads the secrets, for people. */
  readonly reader: string;
  /** How long it may take until they are found. */
  readonly seconds: number;
}

/** Reads a resource, makes these edits and nothing else, and sends back what Azure needs to have of it. */
export interface UpdateWork {
  readonly do: 'update';
  readonly path: string;
  readonly apiVersion: string;
  /** PATCH where Azure merges; then only the branches `send` are sent, whole, as arrays replace arrays. PUT where it does not. */
  readonly method: 'PATCH' | 'PUT';
  readonly edits: readonly Edit[];
  /** PATCH: paths of the branches. PUT: everything but what is read-only, so empty. */
  readonly send: readonly string[];
  /** Secrets that Azure does not give back with the resource and that sending it without them would lose: how to read them. */
  readonly keep?: { readonly path: string; readonly into: string };
}

/**
 * One value that becomes another; `at` as in `properties.template.containers[name=web].image`. A key with dots in it is written
 * `identity.userAssignedIdentities['/subscriptions/…']`; the selected element of an array is made where it is missing.
 */
export interface Edit {
  readonly at: string;
  /** As it was when the plan was made; if it is neither this nor `to` when the step runs, the plan is out of date. Not there: anything. */
  readonly from?: Value;
  /** `undefined` takes it away. */
  readonly to: Value | undefined;
}

/** A call that makes something happen: a swap, a restart, activating a revision. */
export interface PostWork {
  readonly do: 'post';
  readonly path: string;
  readonly apiVersion: string;
  readonly body?: ValueObject;
  /** How to tell that it has happened already; without it the call is safe to repeat. All must hold. */
  readonly doneWhen?: readonly {
    readonly path: string;
    readonly apiVersion: string;
    readonly at: string;
    readonly is?: Value;
    /** In the place of `is`: anything but this; `null` stands for what is not there. */
    readonly isNot?: Value;
  }[];
  /** Needed only if that step of this deployment did something: it did not find that all was done already. */
  readonly onlyAfter?: string;
}

/** The image gets into the registry: built and pushed from here, or built there. */
export interface ImageWork {
  readonly do: 'image';
  readonly from: 'local' | 'cloud';
  /** The registry's resource id, and its address, which Azure gives it. */
  readonly registry: string;
  readonly loginServer: Value;
  readonly repository: string;
  /** Follows from the commit; see `tagOf` in plan/image.ts. */
  readonly tag: string;
  /** From the workspace's folder on, with `/`. */
  readonly dockerfile: string;
  readonly context: string;
  readonly stage?: string;
  readonly platform: string;
  readonly arguments?: Readonly<Record<string, string>>;
  /** `SourceFacts.contents`: what was planned is what is built, or the plan is out of date. */
  readonly contents?: string;
  /** Build arguments whose values are secrets of the same name; see `World.secret`. */
  readonly secretArguments?: readonly string[];
}

/** An app of ours, as far as logs and states go. */
export type AppPlace =
  | { readonly kind: 'appService'; readonly site: string; readonly slot?: string }
  | { readonly kind: 'containerApp'; readonly app: string }
  | { readonly kind: 'containerInstance'; readonly group: string };
