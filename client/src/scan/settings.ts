import { workspace, type Uri } from 'vscode';
import type { ScanSettings } from './execute.ts';
import { severities, type Severity } from './finding.ts';
import type { Level, Levels } from './place/marks.ts';

/** `shipshape.trivy.*` as Trivy is to be run for a file or folder. */
export function scanSettings(scope: Uri | undefined): ScanSettings {
  const settings = workspace.getConfiguration('shipshape.trivy', scope);
  const folder = scope && workspace.getWorkspaceFolder(scope)?.uri;
  const text = (key: string): string => settings.get(key, '').trim();
  const configFile = text('configFile');
  const ignoreFile = text('ignoreFile');
  const timeout = settings.get<number>('timeout', 0);
  return {
    ...(timeout > 0 && { timeout }),
    offline: settings.get<boolean>('offline', false),
    skipFolders: settings.get<readonly string[]>('skipFolders', []),
    ...(folder && { folder: folder.fsPath }),
    ...(configFile !== '' && { configFile }),
    ...(ignoreFile !== '' && { ignoreFile }),
  };
}

const quiet: Levels = { CRITICAL: 'warning', HIGH: 'warning', MEDIUM: 'information', LOW: 'hint', UNKNOWN: 'hint' };
const names: readonly Level[] = ['error', 'warning', 'information', 'hint', 'off'];

/** `shipshape.trivy.problems`: how a severity is shown in the editor. */
export function levels(): Levels {
  const chosen = workspace.getConfiguration('shipshape.trivy').get<Partial<Record<Severity, unknown>>>('problems', {});
  const levelOf = (severity: Severity): Level => names.find((name) => name === chosen[severity]) ?? quiet[severity];
  return Object.fromEntries(severities.map((severity) => [severity, levelOf(severity)])) as Record<Severity, Level>;
}
