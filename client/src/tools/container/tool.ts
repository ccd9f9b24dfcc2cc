/** The program that builds and runs containers here, and what it can do. */
export interface ContainerTool {
  readonly kind: ContainerToolKind;
  /** What is run: a name that is looked up on PATH, or a full path. */
  readonly program: string;
  /** The version of the client, such as `26.1.5`. */
  readonly version: string;
  readonly builder: Builder;
  /** Whether the builder knows `--progress=rawjson`. */
  readonly hasRawProgress: boolean;
}

export type ContainerToolKind = 'docker' | 'podman' | 'nerdctl';

/** `buildkit` is the one inside Docker clients before 23, `classic` the one without BuildKit. */
export type Builder = 'buildx' | 'buildkit' | 'classic' | 'podman' | 'nerdctl';

export const containerToolNames: Readonly<Record<ContainerToolKind, string>> = {
  docker: 'Docker',
  podman: 'Podman',
  nerdctl: 'nerdctl',
};
