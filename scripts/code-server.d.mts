/** What stands in the way is the user's to solve: the message says how. */
export class MissingPart extends Error {}

/** How to start it: `spawn(command, [...args, '--auth', 'none', ...], { env })`. */
export interface CodeServer {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

export function cacheFolder(): string;
export function ensureCodeServer(options?: { readonly log?: (line: string) => void }): Promise<CodeServer>;
