import type { ContainerTool } from '../container/tool.ts';

/** The Trivy that scans, and what it knows of. */
export type Trivy = InstalledTrivy | ContainedTrivy;

export interface InstalledTrivy {
  readonly kind: 'installed';
  /** What is run: a name that is looked up on PATH, or a full path. */
  readonly program: string;
  /** Such as `0.69.3`. */
  readonly version: string;
  readonly databases: Databases;
}

/** The official image, run by the container tool that is here. */
export interface ContainedTrivy {
  readonly kind: 'contained';
  readonly tool: ContainerTool;
  readonly image: string;
  readonly version: string;
  readonly databases: Databases;
}

/** What has been downloaded so far; nothing before the first scan. */
export interface Databases {
  readonly vulnerabilities?: DatabaseAge;
  readonly java?: DatabaseAge;
  /** When the checks for misconfigurations were downloaded. */
  readonly checks?: string;
}

/** Times as in `2026-11-20T06:12:00Z`. */
export interface DatabaseAge {
  readonly updatedAt: string;
  /** After it, Trivy looks for a newer one. */
  readonly nextUpdate?: string;
  readonly downloadedAt?: string;
}
