// What Trivy found, as data. Nothing in here runs anything.

export const severities = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'] as const;
export type Severity = (typeof severities)[number];

export type Finding = Vulnerability | Misconfiguration | Secret | License;

interface Found {
  /** `CVE-2024-1234`, `DS-0002`, `aws-access-key-id`. */
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  /** What was looked at: `Dockerfile`, `package-lock.json`, `app:1 (debian 12.5)`, `app/server.jar`. */
  readonly target: string;
  readonly link?: string;
  readonly references: readonly string[];
  readonly description?: string;
  readonly layer?: Layer;
}

export interface Vulnerability extends Found {
  readonly kind: 'vulnerability';
  readonly packageName: string;
  readonly installedVersion: string;
  /** Empty when there is no fix. */
  readonly fixedVersions: readonly string[];
  /** `os-pkgs`, `lang-pkgs`, ... */
  readonly resultClass: string;
  /** `debian`, `npm`, `pip`, ... */
  readonly resultType: string;
  readonly packageUrl?: string;
  /** Where in the image the package lies, if Trivy says. */
  readonly packagePath?: string;
  readonly lines?: Lines;
  readonly status?: string;
  /** What Trivy says of the base image's own layers. */
  readonly isFromBase?: boolean;
}

export interface Misconfiguration extends Found {
  readonly kind: 'misconfiguration';
  readonly message: string;
  readonly resolution?: string;
  readonly lines?: Lines;
  /** Other spellings of the id: `AVD-DS-0002`, `DS002`. */
  readonly aliases: readonly string[];
}

export interface Secret extends Found {
  readonly kind: 'secret';
  readonly category: string;
  readonly lines?: Lines;
  /** Already masked by Trivy. */
  readonly match: string;
}

export interface License extends Found {
  readonly kind: 'license';
  readonly packageName: string;
}

/** Counted from 1, both included. */
export interface Lines {
  readonly first: number;
  readonly last: number;
}

export interface Layer {
  readonly digest?: string;
  readonly diffId?: string;
  /** As the image's history tells it. */
  readonly createdBy?: string;
}

/** A whole report; findings are in the report's order. */
export interface ScanReport {
  readonly artifactName: string;
  readonly artifactType: string;
  readonly createdAt?: string;
  readonly trivyVersion?: string;
  readonly os?: { readonly family: string; readonly name: string; readonly isEndOfLife: boolean };
  readonly imageId?: string;
  readonly repoTags: readonly string[];
  /** Uncompressed layers of the image, lowest first. */
  readonly diffIds: readonly string[];
  readonly history: readonly { readonly createdBy: string; readonly isEmpty: boolean }[];
  readonly findings: readonly Finding[];
  /** Things in the report that are not known to us, by name, with how often they occurred: never dropped in silence. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Findings that an ignore file, a policy or VEX took out, where Trivy tells. */
  readonly suppressed: number;
  /** Why the report is not whole, if it is not: what was read of it is here all the same. */
  readonly incomplete?: string;
}

/** For an image that is read from its registry and not from an engine here; kept nowhere. */
export interface RegistryLogin {
  readonly user: string;
  readonly password: string;
}

export type ScanSubject =
  | { readonly kind: 'image'; readonly image: string; readonly registry?: RegistryLogin }
  | { readonly kind: 'workspace'; readonly folder: string }
  | { readonly kind: 'dockerfile'; readonly file: string }
  | { readonly kind: 'secrets'; readonly folder: string };
