import type { InstalledTrivy } from '../tools/trivy/trivy.ts';
import { UserError } from '../ui/user-error.ts';

export interface InstallOptions {
  /** `globalStorageUri`/trivy; a folder for each version is made in it. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  /** Share of the download that is there, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** What `installTrivy` would fetch, for the question that comes before. */
export interface InstallOffer {
  readonly version: string;
  /** The archive's address. */
  readonly url: string;
}

/** `undefined` where no release is made for this machine. */
export function installOffer(): InstallOffer | undefined {
  return undefined;
}

/** Downloads the pinned release, compares it with its published checksum and puts it in place. Ask the user before. */
export function installTrivy(_options: InstallOptions): Promise<InstalledTrivy> {
  return Promise.reject(new UserError('Being built'));
}
