import { isSecretName } from '../../../../server/src/model/secret-name.ts';
import type { BuildArgument, BuildRequest, BuildSecret } from '../../build/build.ts';
import type { Command } from '../command.ts';
import type { ContainerTool } from './tool.ts';

/** The build as this tool's builder takes it. Every value stands for itself: a leading dash, a quote or a line break changes nothing. */
export function buildCommand(request: BuildRequest, tool: ContainerTool): Command {
  const secret = request.arguments.filter(isSecretArgument);
  const environment = {
    ...environmentFor(tool),
    ...Object.fromEntries(secret.map(({ name, value }) => [name, value])),
  };
  const isEmpty = Object.keys(environment).length === 0;
  return { program: tool.program, args: argumentsFor(request, tool), ...(!isEmpty && { environment }) };
}

/** The same command, which also writes the image's id to a file. */
export function withIdFile(command: Command, file: string): Command {
  const context = command.args.at(-1) ?? '.';
  return { ...command, args: [...command.args.slice(0, -1), '--iidfile', file, context] };
}

/** For a builder that wrote no file. */
export function imageIdIn(stdout: string): string | undefined {
  const classic = /^Successfully built ([0-9a-f]{12,64})$/m.exec(stdout)?.[1];
  const last = /(?:^|\n)(?:sha256:)?([0-9a-f]{64})\s*$/.exec(stdout)?.[1];
  return last === undefined ? classic : `sha256:${last}`;
}

function argumentsFor(request: BuildRequest, tool: ContainerTool): readonly string[] {
  const { dockerfile, context, target, platforms, secrets, tags, pull, useCache } = request;
  return [
    ...(tool.builder === 'buildx' ? ['buildx', 'build'] : ['build']),
    ...progressFor(tool),
    ...['--file', dockerfile],
    ...(target === undefined ? [] : ['--target', target]),
    ...(platforms.length === 0 ? [] : ['--platform', platforms.join(',')]),
    // Without a value they take it from the environment, which others on the machine cannot read.
    ...request.arguments.flatMap((argument) => [
      '--build-arg',
      isSecretArgument(argument) ? argument.name : `${argument.name}=${argument.value}`,
    ]),
    ...secrets.flatMap((secret) => ['--secret', secretOption(secret)]),
    // With a tag for each platform's image, only the last one would keep it.
    ...tags.flatMap((tag) => [tool.builder === 'podman' && platforms.length > 1 ? '--manifest' : '--tag', tag]),
    ...(pull ? [tool.builder === 'podman' ? '--pull=always' : '--pull'] : []),
    ...(useCache ? [] : ['--no-cache']),
    context,
  ];
}

function isSecretArgument({ name, isSecret }: BuildArgument): boolean {
  return isSecret === true || isSecretName(name);
}

function progressFor({ builder, hasRawProgress }: ContainerTool): readonly string[] {
  switch (builder) {
    case 'buildx':
      // A builder in a container would keep the image to itself.
      return [`--progress=${hasRawProgress ? 'rawjson' : 'plain'}`, '--load'];
    case 'buildkit':
    case 'nerdctl':
      return ['--progress=plain'];
    case 'classic':
      // It leaves the container of a failed step behind otherwise.
      return ['--force-rm'];
    case 'podman':
      // Its own format has no HEALTHCHECK and no SHELL.
      return ['--format=docker'];
  }
}

function environmentFor({ kind, builder }: ContainerTool): Readonly<Record<string, string>> | undefined {
  if (kind !== 'docker' || builder === 'buildx') return undefined;
  return { DOCKER_BUILDKIT: builder === 'buildkit' ? '1' : '0' };
}

function secretOption({ id, from }: BuildSecret): string {
  const source = from.kind === 'file' ? ['type=file', field('src', from.path)] : ['type=env', field('env', from.name)];
  return [field('id', id), ...source].join(',');
}

/** A field of a line of comma-separated values, as the builders read them. */
function field(name: string, value: string): string {
  const text = `${name}=${value}`;
  return /[",\r\n]|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
