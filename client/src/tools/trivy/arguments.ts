import { isAtLeast } from '../container/version.ts';

export interface TrivyScan {
  readonly version: string;
  readonly what: ScannedThing;
  /** Where the report goes. */
  readonly output: string;
  readonly isOffline: boolean;
  /** Minutes; Trivy's own when absent. */
  readonly timeout?: number;
  readonly skipFolders: readonly string[];
  readonly configFile?: string;
  readonly ignoreFile?: string;
  /** Whether the config file says what to look for, and so we do not. */
  readonly hasOwnScanners: boolean;
  /** Keeps nothing of the image for the next scan, and so waits for no other one. */
  readonly isWithoutCache?: boolean;
  /** Whether it takes the databases as they are, as a scan with a login has to: Trivy would show the login to their registries, too. */
  readonly hasDatabases?: boolean;
}

export type ScannedThing =
  | { readonly kind: 'image'; readonly image: string; readonly source: ImageSource }
  /** An image that was saved to a file. */
  | { readonly kind: 'archive'; readonly file: string }
  | { readonly kind: 'workspace'; readonly path: string }
  | { readonly kind: 'secrets'; readonly path: string }
  | { readonly kind: 'dockerfile'; readonly path: string; readonly name: string };

export type ImageSource = 'docker' | 'podman' | 'containerd' | 'remote';

export type Database = 'vulnerabilities' | 'java';

/**
 * https://trivy.dev/docs/latest/references/configuration/cli/trivy/ for 0.50 to 0.74. What is ignored, and from which severity on, is
 * the business of Trivy's own files and of our view: `--severity` is never given.
 */
export function scanArguments(scan: TrivyScan): readonly string[] {
  const { what } = scan;
  const usual = ['--format', 'json', '--output', scan.output, '--exit-code', '0'];
  const files = [
    ...(scan.configFile === undefined ? [] : ['--config', scan.configFile]),
    // Trivy finds `.trivyignore` by itself, but never `.trivyignore.yaml`.
    ...(scan.ignoreFile === undefined ? [] : ['--ignorefile', scan.ignoreFile]),
  ];
  const limits = [
    ...(scan.timeout === undefined ? [] : ['--timeout', `${scan.timeout}m0s`]),
    ...(scan.skipFolders.length === 0 ? [] : ['--skip-dirs', asList(scan.skipFolders)]),
  ];
  const common = [...usual, ...files, ...limits];
  switch (what.kind) {
    case 'image':
      return ['image', ...common, ...forImages(scan), '--image-src', what.source, '--', what.image];
    case 'archive':
      return ['image', ...common, ...forImages(scan), '--input', what.file];
    case 'workspace':
      return ['fs', ...common, ...scanners(scan, 'vuln,misconfig,secret'), ...forFiles(scan, true), '--', what.path];
    case 'secrets':
      return ['fs', ...common, '--scanners', 'secret', ...forFiles(scan, false), '--', what.path];
    case 'dockerfile':
      return [
        'config',
        ...common,
        '--misconfig-scanners',
        'dockerfile',
        ...forDockerfile(scan, what.name),
        '--',
        what.path,
      ];
  }
}

/** Brings a database up to date, and looks at nothing. */
export function databaseArguments(
  database: Database,
  { timeout, configFile }: Pick<TrivyScan, 'timeout' | 'configFile'>,
): readonly string[] {
  return [
    'image',
    ...(configFile === undefined ? [] : ['--config', configFile]),
    ...(timeout === undefined ? [] : ['--timeout', `${timeout}m0s`]),
    // A file of the user's may say otherwise, and Trivy refuses both at once.
    ...['--scanners', 'vuln', '--no-progress', '--skip-db-update=false', '--skip-java-db-update=false'],
    database === 'java' ? '--download-java-db-only' : '--download-db-only',
  ];
}

/** Never in an argument, which all on this machine could read. */
export function loginEnvironment(user: string, password: string): Readonly<Record<string, string>> {
  return { TRIVY_USERNAME: user, TRIVY_PASSWORD: password };
}

/** What Trivy reads besides its arguments. Versions that do not know one of them ignore it, which they would not with a flag. */
export const scanEnvironment: Readonly<Record<string, string>> = {
  TRIVY_DISABLE_TELEMETRY: 'true',
  TRIVY_SKIP_VERSION_CHECK: 'true',
  // What the user's shell may have set for other uses, and would turn our scan into another one.
  TRIVY_RUN_AS_PLUGIN: '',
  TRIVY_INPUT: '',
  TRIVY_TEMPLATE: '',
  TRIVY_COMPLIANCE: '',
  TRIVY_DOWNLOAD_DB_ONLY: '',
  TRIVY_GENERATE_DEFAULT_CONFIG: '',
};

function forImages(scan: TrivyScan): readonly string[] {
  return [
    ...scanners(scan, 'vuln,secret'),
    '--image-config-scanners',
    'secret',
    // Packages are of use only where a line in a file belongs to them.
    '--list-all-pkgs=false',
    // Counted, so that nobody wonders where they are.
    '--show-suppressed',
    '--no-progress',
    '--exit-on-eol',
    '0',
    ...(scan.isWithoutCache === true ? ['--cache-backend', 'memory'] : []),
    ...(scan.isOffline ? ['--offline-scan'] : []),
    ...(scan.isOffline || scan.hasDatabases === true ? ['--skip-db-update', '--skip-java-db-update'] : []),
    ...(scan.hasDatabases === true ? [skipChecks(scan.version)] : []),
  ];
}

function forFiles(scan: TrivyScan, hasPackages: boolean): readonly string[] {
  return [
    ...(hasPackages ? ['--list-all-pkgs'] : []),
    '--show-suppressed',
    '--no-progress',
    ...(scan.isOffline
      ? ['--offline-scan', '--skip-db-update', '--skip-java-db-update', skipChecks(scan.version)]
      : []),
  ];
}

function forDockerfile(scan: TrivyScan, name: string): readonly string[] {
  return [
    ...(isDockerfileForTrivy(name) ? [] : ['--file-patterns', asList([`dockerfile:^${escapePattern(name)}$`])]),
    ...(scan.isOffline ? [skipChecks(scan.version)] : []),
  ];
}

function scanners(scan: TrivyScan, ours: string): readonly string[] {
  return scan.hasOwnScanners ? [] : ['--scanners', ours];
}

/** Another name before 0.51. */
function skipChecks(version: string): string {
  return isAtLeast(version, [0, 51]) ? '--skip-check-update' : '--skip-policy-update';
}

/** By these names Trivy knows a Dockerfile by itself: `Dockerfile`, `Dockerfile.dev`, `api.dockerfile`. */
function isDockerfileForTrivy(name: string): boolean {
  return /^(Dockerfile|Containerfile)(\.[^.]*)?$/.test(name) || /\.(dockerfile|containerfile)$/i.test(name);
}

/** The regular expressions of Go. */
function escapePattern(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** Trivy reads its lists as one line of CSV. */
export function asList(values: readonly string[]): string {
  return values.map((value) => (/[",\r\n]|^\s/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(',');
}
