import { workspace, type Uri } from 'vscode';
import { promiseIds, usualProveSettings, type ProveSettings } from './promise.ts';

/** What `shipshape.prove.*` says for the file or folder; what is of a wrong type there counts as not said. */
export function proveSettingsFor(uri: Uri | undefined): ProveSettings {
  const written = workspace.getConfiguration('shipshape.prove', uri);
  const usual = usualProveSettings;
  const words = (name: string): readonly string[] | undefined => {
    const value: unknown = written.get(name);
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : undefined;
  };
  const number = (name: string, least: number): number | undefined => {
    const value: unknown = written.get(name);
    return typeof value === 'number' && value >= least ? value : undefined;
  };
  const size = (name: string): string | undefined => {
    const value: unknown = written.get(name);
    return (typeof value === 'string' || typeof value === 'number') && /^\d+(\.\d+)?[bkmg]?$/i.test(String(value))
      ? String(value)
      : undefined;
  };
  const checks = words('checks');
  return {
    checks: checks ? promiseIds.filter((id) => checks.includes(id)) : usual.checks,
    environment: environmentIn(written.get('environment')),
    waitCommand: words('waitCommand') ?? usual.waitCommand,
    startTimeout: number('startTimeout', 1) ?? usual.startTimeout,
    stopTimeout: number('stopTimeout', 1) ?? usual.stopTimeout,
    sizeTarget: number('sizeTarget', 0) ?? usual.sizeTarget,
    memory: size('memory') ?? usual.memory,
    cpus: size('cpus') ?? usual.cpus,
    writable: (words('writable') ?? usual.writable).filter((folder) => folder.startsWith('/')),
  };
}

/** `${env:NAME}` is the value that the editor has: secrets need not be in a settings file. */
function environmentIn(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, given]: [string, unknown]) => {
      if (typeof given !== 'string' && typeof given !== 'number' && typeof given !== 'boolean') return [];
      const text = String(given).replace(/\$\{env:([^}]+)\}/g, (_, from: string) => process.env[from] ?? '');
      return [[name, text]];
    }),
  );
}
