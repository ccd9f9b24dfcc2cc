import { configFileNames, hadolintConfigNames } from '../engine/config.ts';
import { kindOfFile, type DocumentKind } from '../engine/document.ts';
import { isDeployFile } from '../engine/deploy-config.ts';
import { fileNameOf } from '../engine/uri.ts';

/** What a document is to this server; `undefined` when it has nothing to say about it. */
export type Language = DocumentKind | 'config' | 'hadolint-config' | 'deploy';

const languages: Readonly<Record<string, DocumentKind>> = {
  dockerfile: 'dockerfile',
  dockercompose: 'compose',
  'yaml.docker-compose': 'compose', // Neovim's name for it
};

/** The editor's word counts before the file's name: its user may have chosen the language by hand. */
export function languageOf(uri: string, languageId: string): Language | undefined {
  if (isConfigFile(uri)) return 'config';
  if (isDeployFile(uri)) return 'deploy';
  if (hadolintConfigNames.some((name) => name === fileNameOf(uri))) return 'hadolint-config';
  return languages[languageId] ?? kindOfFile(fileNameOf(uri));
}

export function isConfigFile(uri: string): boolean {
  return configFileNames.some((name) => name === fileNameOf(uri));
}
