import type { Command } from '../command.ts';
import type { ContainerTool } from './tool.ts';

/** What an image says of itself, as far as its layers are concerned. */
export interface ImageFacts {
  /** `sha256:...`. */
  readonly id: string;
  readonly tags: readonly string[];
  /** Of the uncompressed layers, bottom first. */
  readonly diffIds: readonly string[];
  /** Environment variables, as containers get them. */
  readonly environment: ReadonlyMap<string, string>;
  /** What shell forms run by; absent for the usual `/bin/sh -c`. */
  readonly shell?: readonly string[];
}

export function inspectImage({ program }: ContainerTool, image: string): Command {
  return { program, args: ['image', 'inspect', '--', image] };
}

/** `undefined` when this is no answer to `inspectImage`. */
export function readInspect(stdout: string): ImageFacts | undefined {
  const [image] = listOf(parsed(stdout));
  const id = /^(?:sha256:)?([0-9a-f]{64})$/.exec(textOf(fieldOf(image, 'Id')))?.[1];
  if (id === undefined) return undefined;
  const config = fieldOf(image, 'Config');
  const shell = textsOf(fieldOf(config, 'Shell'));
  return {
    id: `sha256:${id}`,
    tags: textsOf(fieldOf(image, 'RepoTags')).filter((tag) => tag !== '<none>:<none>'),
    diffIds: textsOf(fieldOf(fieldOf(image, 'RootFS'), 'Layers')),
    environment: new Map(textsOf(fieldOf(config, 'Env')).map(variableOf)),
    ...(shell.length > 0 && { shell }),
  };
}

function variableOf(text: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
