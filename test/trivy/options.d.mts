export interface Options {
  readonly command: 'image' | 'filesystem' | 'config' | 'version';
  readonly targets: readonly string[];
  readonly value: (name: string, usual?: unknown) => unknown;
  readonly isOn: (name: string) => boolean;
}

export class Fatal extends Error {
  readonly title: string;
}

export function readOptions(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  version: string,
): Options;

export function splitList(text: string): readonly string[] | undefined;
