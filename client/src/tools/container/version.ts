import type { Command, Ended } from '../command.ts';
import { lastLine } from '../last-line.ts';
import type { Builder, ContainerTool, ContainerToolKind } from './tool.ts';

/** Asks the client and its daemon at once: with the daemon dead the client still answers, and the exit code tells. */
export function askVersion(kind: ContainerToolKind, program: string): Command {
  return { program, args: ['version', '--format', kind === 'docker' ? '{{json .}}' : 'json'] };
}

/** Whether buildx is there, and which; asked of Docker only. */
export function askBuildx(program: string): Command {
  return { program, args: ['buildx', 'version'] };
}

export type Answer =
  | { readonly kind: 'ready'; readonly tool: ContainerTool }
  /** The program is there, but what it talks to is not. */
  | { readonly kind: 'silent'; readonly reason: string };

export function readVersion(kind: ContainerToolKind, program: string, version: Ended, buildx?: Ended): Answer {
  const client = clientVersion(version.stdout);
  if (version.code !== 0 || client === undefined) return { kind: 'silent', reason: lastLine(version.stderr) };
  const buildxVersion = buildx?.code === 0 ? (/\bv?(\d+\.\d+\.\d+)/.exec(buildx.stdout)?.[1] ?? '0.0.0') : undefined;
  const builder = builderOf(kind, client, buildxVersion);
  // buildx 0.13 prints raw JSON, too, though its help does not say so.
  const hasRawProgress = buildxVersion !== undefined && isAtLeast(buildxVersion, [0, 13]);
  return { kind: 'ready', tool: { kind, program, version: client, builder, hasRawProgress } };
}

function builderOf(kind: ContainerToolKind, client: string, buildx: string | undefined): Builder {
  if (kind !== 'docker') return kind;
  if (buildx !== undefined) return 'buildx';
  // Since version 23 BuildKit comes with buildx only; before 18.9 there was none.
  return isAtLeast(client, [18, 9]) && !isAtLeast(client, [23]) ? 'buildkit' : 'classic';
}

export function isAtLeast(version: string, least: readonly number[]): boolean {
  const parts = version.split(/[^0-9]+/).map(Number);
  for (const [index, wanted] of least.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

/** Docker and nerdctl write an object with `Client`, Podman too, each with a version in it. */
function clientVersion(json: string): string | undefined {
  try {
    const { Client: client } = JSON.parse(json) as { Client?: { Version?: unknown } };
    return typeof client?.Version === 'string' ? client.Version : undefined;
  } catch {
    return undefined;
  }
}
