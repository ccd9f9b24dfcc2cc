import type { Command } from '../command.ts';
import type { ContainerTool, ContainerToolKind } from './tool.ts';

/** What a container is denied; nothing when empty. */
export interface Conditions {
  /** Read-only, but for these folders in memory. */
  readonly readOnly?: { readonly writable: readonly string[] };
  /** No capability at all, and no way to get one. */
  readonly noPrivileges?: boolean;
  readonly limits?: Limits;
}

export interface Limits {
  readonly memory: string;
  readonly cpus: string;
  readonly processes: number;
}

export interface NewContainer {
  readonly name: string;
  /** An image's id, or its name. */
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly conditions: Conditions;
  /** Instead of the image's own. */
  readonly command?: readonly string[];
  /** A container whose network and processes it shares. */
  readonly beside?: string;
}

/** A container with nothing of the host in it: no mount, no published port. It is not started. */
export function createContainer(
  tool: ContainerTool,
  { name, image, labels, environment, conditions, command = [], beside }: NewContainer,
): Command {
  const fromOurs = Object.entries(environment).filter(([variable]) => !isOfTheClient(variable));
  const args = [
    'create',
    ...['--name', name],
    ...Object.entries(labels).flatMap(([label, value]) => ['--label', `${label}=${value}`]),
    ...logOptions[tool.kind],
    // The image's own check would run beside what is looked at; it is run when its answer is wanted.
    '--no-healthcheck',
    ...conditionOptions(conditions),
    ...(beside === undefined ? [] : ['--network', `container:${beside}`, '--pid', `container:${beside}`]),
    // Taken from the client's own variables, so that no value is in the list of processes.
    ...fromOurs.flatMap(([variable]) => ['--env', variable]),
    ...Object.entries(environment)
      .filter(([variable]) => isOfTheClient(variable))
      .flatMap(([variable, value]) => ['--env', `${variable}=${value}`]),
    ...['--pull', 'never', '--', image, ...command],
  ];
  return { program: tool.program, args, environment: Object.fromEntries(fromOurs) };
}

export function conditionOptions({ readOnly, noPrivileges, limits }: Conditions): readonly string[] {
  return [
    ...(readOnly ? ['--read-only', ...readOnly.writable.flatMap((folder) => ['--tmpfs', folder])] : []),
    ...(noPrivileges === true ? ['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'] : []),
    // As much swap as memory means: none.
    ...(limits ? ['--memory', limits.memory, '--memory-swap', limits.memory, '--cpus', limits.cpus] : []),
    ...(limits ? ['--pids-limit', String(limits.processes)] : []),
  ];
}

// Whatever the daemon is set to, the logs can be read again, and a talkative app fills no disk.
const logOptions: Readonly<Record<ContainerToolKind, readonly string[]>> = {
  docker: ['--log-driver', 'json-file', '--log-opt', 'max-size=10m'],
  podman: ['--log-driver', 'k8s-file', '--log-opt', 'max-size=10mb'],
  nerdctl: ['--log-driver', 'json-file', '--log-opt', 'max-size=10m'],
};

/** Would change what the client does if it were among its own variables. */
function isOfTheClient(variable: string): boolean {
  return /^(PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|SYSTEMROOT|TMPDIR|TMP|TEMP|LANG|SSH_.*|SSL_.*|GO.*|LD_.*|DYLD_.*|XDG_.*|DOCKER_.*|BUILDKIT.*|BUILDX.*|CONTAINERS?_.*|PODMAN_.*|NERDCTL_.*|CONTAINERD_.*|OTEL_.*|.*_PROXY)$/i.test(
    variable,
  );
}
