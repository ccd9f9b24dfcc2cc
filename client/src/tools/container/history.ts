import type { Command } from '../command.ts';
import type { ContainerTool } from './tool.ts';
import { isAtLeast } from './version.ts';

/** One line of an image's history: a layer, or an instruction that changed only what the image says of itself. */
export interface HistoryEntry {
  /** As the builder worded it; empty when it did not. */
  readonly createdBy: string;
  readonly bytes: number;
}

/**
 * Asks how an image came to be, with exact sizes. `--format json` has a meaning of its own only since Docker 23, so the template is
 * used; nerdctl has been able to write exact sizes since version 2, and rounds them before.
 */
export function askHistory({ kind, program, version }: ContainerTool, image: string): Command {
  const exact = kind === 'nerdctl' && !isAtLeast(version, [2]) ? [] : ['--human=false'];
  const format = kind === 'podman' ? 'json' : '{{json .}}';
  return { program, args: ['image', 'history', '--no-trunc', ...exact, '--format', format, '--', image] };
}

/** Oldest first. Lines that are no history are left out. */
export function readHistory(stdout: string): readonly HistoryEntry[] {
  const whole = parsed(stdout);
  // Podman writes one list, the others a line for each entry.
  const entries = Array.isArray(whole) ? (whole as readonly unknown[]) : stdout.split('\n').map(parsed);
  return entries.flatMap(entryOf).reverse();
}

function entryOf(value: unknown): HistoryEntry[] {
  if (typeof value !== 'object' || value === null) return [];
  const { CreatedBy, createdBy = CreatedBy, Size, size = Size } = value as Record<string, unknown>;
  const bytes = bytesOf(size);
  if (bytes === undefined) return [];
  return [{ createdBy: typeof createdBy === 'string' ? createdBy : '', bytes }];
}

const units: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** `1234`, `1234B` or `12.3 MiB`. */
function bytesOf(size: unknown): number | undefined {
  if (typeof size === 'number') return Number.isFinite(size) && size >= 0 ? size : undefined;
  const [, number = '', unit = ''] = /^([0-9][0-9.]*(?:e\+?[0-9]{1,2})?) ?([a-z]*)$/i.exec(String(size).trim()) ?? [];
  const bytes = Number(number) * (units[unit.toLowerCase() || 'b'] ?? Number.NaN);
  return number === '' || !Number.isFinite(bytes) ? undefined : Math.round(bytes);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
