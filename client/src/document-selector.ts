export interface DocumentFilter {
  readonly scheme: string;
  readonly language?: string;
  readonly pattern?: string;
}

/**
 * The documents the server keeps in step with: those it checks, and those whose unsaved text decides what it says of them.
 * Schemes are named one by one, as the same text also stands behind `git:` and the like in comparisons.
 */
export function documentSelector(workspaceSchemes: readonly string[]): DocumentFilter[] {
  const schemes = new Set(['file', 'untitled', ...workspaceSchemes]);
  return [...schemes].flatMap((scheme) => documents.map((document) => ({ scheme, ...document })));
}

const documents: readonly Omit<DocumentFilter, 'scheme'>[] = [
  { language: 'dockerfile' },
  { language: 'dockercompose' },
  { language: 'yaml', pattern: '**/{compose,docker-compose}*.{yml,yaml}' },
  { pattern: '**/.shipshape.{yaml,yml}' },
  { pattern: '**/.shipshape/deploy.{yaml,yml}' },
  { pattern: '**/.hadolint.{yaml,yml}' },
  { pattern: '**/{.dockerignore,*.dockerignore,.containerignore}' },
];
