/**
 * One target of `.shipshape/deploy.yaml`: all that a deployment has to be told. No secrets, so that it can be committed.
 * `read-choices.ts` reads and checks the file, `write-choices.ts` adds to it without touching the rest.
 */
export interface Target {
  /** Its name in the file. */
  readonly name: string;
  readonly tenant?: string;
  readonly subscription: string;
  readonly resourceGroup: string;
  /** As in `westeurope`. */
  readonly location: string;
  readonly image: ImageChoices;
  readonly registry: RegistryChoices;
  /** A user-assigned identity by its name, made where it is missing; or the app's own. */
  readonly identity: { readonly kind: 'user'; readonly name: string } | { readonly kind: 'system' };
  /** Where the app listens; not there: from EXPOSE, PORT or Compose. */
  readonly port?: number;
  /** Path that answers when all is well; not there: from HEALTHCHECK. */
  readonly health?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, SecretSource>>;
  readonly app: AppChoices;
  readonly monitoring: MonitoringChoices;
  /** Tags that every resource made gets. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface ImageChoices {
  readonly repository: string;
  /** From the workspace's folder on. */
  readonly dockerfile: string;
  readonly context: string;
  readonly stage?: string;
  readonly arguments: Readonly<Record<string, string>>;
  /** Arguments whose values are secrets; never in a key vault, which only Azure reads. */
  readonly secretArguments?: Readonly<Record<string, SecretSource>>;
  readonly build: 'local' | 'cloud';
  readonly platform: string;
}

export interface RegistryChoices {
  readonly name: string;
  /** Not there: the target's. */
  readonly resourceGroup?: string;
  readonly sku: 'Basic' | 'Standard' | 'Premium';
}

/** Where a secret's value comes from when it is needed: asked for and kept by the editor, the environment (in pipelines), or Key Vault. */
export type SecretSource =
  | { readonly from: 'ask' }
  | { readonly from: 'environment'; readonly variable: string }
  | { readonly from: 'keyVault'; readonly url: string };

/** Of a secret by its name, whether the app gets it or only its build. */
export function secretSource(target: Target, name: string): SecretSource | undefined {
  return target.secrets[name] ?? target.image.secretArguments?.[name];
}

/** The names of all secrets whose values are ours to find. */
export function secretNames({ secrets, image }: Target): readonly string[] {
  const all = { ...image.secretArguments, ...secrets };
  return Object.keys(all).filter((name) => all[name]?.from !== 'keyVault');
}

/** What is not said here has a default in what is made new, and stays as it is in what is there: see plan/unsaid.ts. */
export type AppChoices = AppServiceChoices | ContainerAppChoices | ContainerInstanceChoices;
export type TargetKind = AppChoices['kind'];

export interface AppServiceChoices {
  readonly kind: 'appService';
  readonly name: string;
  readonly plan: string;
  /** As in `B1`. */
  readonly sku?: string;
  /** Deploy into this slot, made where it is missing; swapping is a command of its own. */
  readonly slot?: string;
  /** Names of environment variables that stay with their slot when it is swapped. */
  readonly slotSettings?: readonly string[];
  readonly alwaysOn?: boolean;
}

export interface ContainerAppChoices {
  readonly kind: 'containerApp';
  readonly name: string;
  readonly environment: string;
  readonly workspace: string;
  /** The container's name in the app. */
  readonly container: string;
  readonly cpu?: number;
  /** In GiB; twice the CPU on Consumption. */
  readonly memory?: number;
  readonly external?: boolean;
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly rules?: readonly ScaleRule[];
  /** `multiple`: a new revision gets no traffic until it is given some. */
  readonly revisions?: 'single' | 'multiple';
}

export type ScaleRule =
  | { readonly kind: 'http'; readonly name: string; readonly requests: number }
  | { readonly kind: 'cpu'; readonly name: string; readonly percent: number }
  | {
      readonly kind: 'queue';
      readonly name: string;
      readonly queue: string;
      readonly length: number;
      /** The secret that holds the connection string. */
      readonly connection: string;
    };

export interface ContainerInstanceChoices {
  readonly kind: 'containerInstance';
  readonly name: string;
  readonly cpu?: number;
  /** In GB. */
  readonly memory?: number;
  readonly dnsLabel?: string;
  readonly restart?: 'Always' | 'OnFailure' | 'Never';
  /** A Log Analytics workspace for its logs; not there: they are kept nowhere. */
  readonly workspace?: string;
}

export interface MonitoringChoices {
  /** An Application Insights component by its name. */
  readonly applicationInsights?: string;
  /** An alert when the app fails this often in five minutes. */
  readonly alertAbove5xx?: number;
}
