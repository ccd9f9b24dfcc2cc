import type { Run } from '../tools/command.ts';
import type { ContainerTool } from '../tools/container/tool.ts';
import type { Trivy } from '../tools/trivy/trivy.ts';
import { UserError } from '../ui/user-error.ts';
import type { ScanReport, ScanSubject } from './finding.ts';

/** What the user chose; all of it has a default. */
export interface ScanSettings {
  /** Nothing is downloaded and nobody is asked. */
  readonly offline?: boolean;
  /** Minutes; 15 unless told. */
  readonly timeout?: number;
  /** Folders not to look into, relative to the scanned one; globs as Trivy knows them. */
  readonly skipFolders?: readonly string[];
  /** Where `trivy.yaml` and the ignore file are looked for: the workspace folder. For a workspace or its secrets: that folder. */
  readonly folder?: string;
  /** Instead of the `trivy.yaml` found there. */
  readonly configFile?: string;
  /** Instead of the `.trivyignore.yaml` or `.trivyignore` found there. */
  readonly ignoreFile?: string;
}

export interface ScanParts {
  readonly run: Run;
  readonly trivy: Trivy;
  /** Whose images are scanned; needed for images. */
  readonly tool?: ContainerTool;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ScanProgress) => void;
}

export type ScanProgress =
  /** Something to show, in a few words: `Downloading the vulnerability database`. */
  | { readonly kind: 'step'; readonly message: string }
  /** A line of Trivy's own log, for the output channel. */
  | { readonly kind: 'log'; readonly line: string };

/** Rejects with `Cancelled`, or with a `UserError` that says what to do. */
export function scan(_subject: ScanSubject, _settings: ScanSettings, _parts: ScanParts): Promise<ScanReport> {
  return Promise.reject(new UserError('Being built'));
}
