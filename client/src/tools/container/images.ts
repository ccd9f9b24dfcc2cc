import type { Command } from '../command.ts';
import type { ContainerTool } from './tool.ts';

/** An image as the tool lists it. */
export interface LocalImage {
  /** `<repository>:<tag>`. */
  readonly name: string;
  readonly id: string;
  /** As the tool words it: `12.3MB`, `2 hours ago`. */
  readonly size: string;
  readonly created: string;
}

const format = '{{.Repository}}:{{.Tag}}\t{{.ID}}\t{{.Size}}\t{{.CreatedSince}}';

/** All images with a name, newest first. */
export function listImages({ program }: ContainerTool): Command {
  return { program, args: ['image', 'ls', '--format', format] };
}

export function readImages(stdout: string): readonly LocalImage[] {
  return stdout.split('\n').flatMap((line) => {
    const [name = '', id = '', size = '', created = ''] = line.trim().split('\t');
    return name === '' || name.includes('<none>') ? [] : [{ name, id, size, created }];
  });
}

/** Fails when there is no such image; otherwise writes `sha256:...`. */
export function askImageId({ program }: ContainerTool, image: string): Command {
  return { program, args: ['image', 'inspect', '--format', '{{.ID}}', '--', image] };
}

/** Podman leaves the `sha256:` out. */
export function readImageId(stdout: string): string | undefined {
  const id = /^(?:sha256:)?([0-9a-f]{64})$/m.exec(stdout.trim())?.[1];
  return id === undefined ? undefined : `sha256:${id}`;
}

/** Of an image with several, the one that runs here. */
export function askImagePlatform({ program }: ContainerTool, image: string): Command {
  return { program, args: ['image', 'inspect', '--format', '{{.Os}}/{{.Architecture}}', '--', image] };
}

export function readImagePlatform(stdout: string): string | undefined {
  return /^[a-z0-9]+\/[a-z0-9]+$/.exec(stdout.trim())?.[0];
}

/** Gives an image another name. */
export function tagImage({ program }: ContainerTool, image: string, name: string): Command {
  return { program, args: ['tag', image, name] };
}

/** In bytes. */
export function askImageSize({ program }: ContainerTool, image: string): Command {
  return { program, args: ['image', 'inspect', '--format', '{{.Size}}', '--', image] };
}

export function readImageSize(stdout: string): number | undefined {
  const digits = /^\d+$/.exec(stdout.trim())?.[0];
  return digits === undefined ? undefined : Number(digits);
}
