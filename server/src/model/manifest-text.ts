import type { Project } from './project.ts';

/** What in a manifest makes the install read other files beside it. */
const localFiles: readonly (readonly [name: RegExp, text: RegExp])[] = [
  [/package\.json$/, /"(?:(?:pre|post)?install|prepare)"\s*:|"(?:file|link|portal|patch|workspace):/],
  [/\.txt$/, /^\s*(?:-[ercf]|--(?:editable|requirement|constraint|find-links)|\.|file:)|@\s*file:/m],
  [/Gemfile$/, /\bpath:|:path\b|\bgemspec\b|\beval_gemfile\b|File\.read/],
  [/go\.mod$/, /=>\s*\.{1,2}\//],
  [/pom\.xml$/, /<modules?>|<relativePath>[^<]/],
  [/pyproject\.toml$/, /\bpath\s*=/],
];
/** Files that the install reads as well, in places that only they know. */
const besides = new Set(['.yarnrc.yml', '.pnpmfile.cjs', 'patches']);
const workspaceFiles = new Set(['pnpm-workspace.yaml', 'lerna.json', 'nx.json', 'turbo.json', 'rush.json']);

/** Whether copying the manifest alone would not be enough, as far as its text is known. */
export function needsLocalFiles(project: Project, path: string): boolean {
  const text = project.text(path) ?? '';
  const names = project.list('.')?.map(({ name }) => name) ?? [];
  if (path.endsWith('package.json') && names.some((name) => besides.has(name))) return true;
  if (path.endsWith('.csproj') && names.some((name) => /\.slnx?$/.test(name))) return true;
  return localFiles.some(([name, pattern]) => name.test(path) && pattern.test(text));
}

/** A folder of many packages, whose manifests lie all over it. */
export function isWorkspace(project: Project, manifest: string): boolean {
  const names = project.list('.')?.map(({ name }) => name) ?? [];
  if (manifest.endsWith('go.mod')) return names.includes('go.work');
  if (manifest.endsWith('Cargo.toml')) return /^\[workspace/m.test(project.text('Cargo.toml') ?? '');
  if (!manifest.endsWith('package.json') && manifest !== 'pnpm-lock.yaml') return false;
  return names.some((name) => workspaceFiles.has(name)) || /"workspaces"\s*:/.test(project.text('package.json') ?? '');
}
