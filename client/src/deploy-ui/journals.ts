import { join } from 'node:path';
import type { ExtensionContext } from 'vscode';

/** The folder with the journals of this workspace's deployments: a file for each target. */
export function journalsOf({ storageUri, globalStorageUri }: ExtensionContext): string {
  return join((storageUri ?? globalStorageUri).fsPath, 'deployments');
}
