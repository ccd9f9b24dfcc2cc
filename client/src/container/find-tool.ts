import { NotStarted, type Run } from '../tools/command.ts';
import { containerToolNames, type ContainerTool, type ContainerToolKind } from '../tools/container/tool.ts';
import { askBuildx, askVersion, readVersion, type Answer } from '../tools/container/version.ts';
import { UserError } from '../ui/user-error.ts';

export interface Wanted {
  /** `auto` takes the first that answers. */
  readonly kind: ContainerToolKind | 'auto';
  /** A path to the program instead of its name. */
  readonly path?: string;
}

const inOrder: readonly ContainerToolKind[] = ['docker', 'podman', 'nerdctl'];

/** The container tool to use; a `UserError` that says what to do when there is none. */
export async function findTool(run: Run, { kind, path }: Wanted, signal?: AbortSignal): Promise<ContainerTool> {
  const silent: { readonly kind: ContainerToolKind; readonly reason: string }[] = [];
  for (const candidate of kind === 'auto' ? inOrder : [kind]) {
    const answer = await ask(run, candidate, path ?? candidate, signal);
    if (answer?.kind === 'ready') return answer.tool;
    if (answer) silent.push({ kind: candidate, reason: answer.reason });
  }
  throw new UserError(nothingAnswers(kind, path, silent[0]));
}

async function ask(
  run: Run,
  kind: ContainerToolKind,
  program: string,
  signal: AbortSignal | undefined,
): Promise<Answer | undefined> {
  const options = signal && { signal };
  // Started together: each takes the time of a program start.
  const buildx = kind === 'docker' ? run(askBuildx(program), options).catch(() => undefined) : undefined;
  try {
    const version = await run(askVersion(kind, program), options);
    return readVersion(kind, program, version, await buildx);
  } catch (error) {
    if (!(error instanceof NotStarted)) throw error;
    return error.isMissing ? undefined : { kind: 'silent', reason: error.message };
  }
}

function nothingAnswers(
  kind: Wanted['kind'],
  path: string | undefined,
  silent: { readonly kind: ContainerToolKind; readonly reason: string } | undefined,
): string {
  if (silent === undefined) {
    if (path !== undefined) return `'${path}' was not found: correct the setting 'shipshape.containerTool.path'`;
    const names = kind === 'auto' ? 'Neither Docker, Podman nor nerdctl was' : `${containerToolNames[kind]} was not`;
    return `${names} found: install it, or set 'shipshape.containerTool.path'`;
  }
  const name = containerToolNames[silent.kind];
  if (/permission denied/i.test(silent.reason)) return `${name} refuses you access: ${silent.reason}`;
  return `${name} is installed but not running: start it, then try again (${silent.reason || 'it gave no answer'})`;
}
