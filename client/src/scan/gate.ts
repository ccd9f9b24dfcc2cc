import { isFixable } from './counts.ts';
import { severities, type Finding, type ScanReport, type Severity } from './finding.ts';

/** The setting `shipshape.gate`: what may not be deployed. */
export interface GateSettings {
  readonly severities: readonly Severity[];
  /** Whether only what can be fixed holds a deployment up. */
  readonly onlyFixable: boolean;
}

export const defaultGate: GateSettings = { severities: ['CRITICAL', 'HIGH'], onlyFixable: true };

export interface GateResult {
  readonly passed: boolean;
  /** Worst first. */
  readonly blocking: readonly Finding[];
}

/** Whether an image may be deployed. A secret or a misconfiguration can always be fixed, so it blocks by its severity alone. */
export function gate(report: Pick<ScanReport, 'findings'>, settings: GateSettings): GateResult {
  const blocking = report.findings
    .filter((finding) => settings.severities.includes(finding.severity))
    .filter((finding) => !settings.onlyFixable || isFixable(finding))
    .toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
  return { passed: blocking.length === 0, blocking };
}

/** Reads the setting whatever stands in it: what is wrong in it never opens the gate. */
export function gateSettings(value: unknown): GateSettings {
  if (typeof value !== 'object' || value === null) return defaultGate;
  const { severities: chosen, onlyFixable } = value as { severities?: unknown; onlyFixable?: unknown };
  const names = Array.isArray(chosen) ? chosen.map((name) => String(name).toUpperCase()) : undefined;
  const isUnderstood = names?.every((name) => severities.some((severity) => severity === name)) ?? false;
  return {
    severities: isUnderstood ? severities.filter((severity) => names?.includes(severity)) : defaultGate.severities,
    onlyFixable: typeof onlyFixable === 'boolean' ? onlyFixable : defaultGate.onlyFixable,
  };
}
