import type { Files } from '../model/project.ts';
import type { Finding } from './finding.ts';
import { readConfigFile } from './config-file.ts';
import { readHadolintConfig } from './hadolint-config.ts';
import { mergeSettings, type PartialSettings, type Settings } from './settings.ts';
import { folderOf, relativePath } from './uri.ts';

export interface LoadedSettings extends Settings {
  /** Every file that was looked for, there or not: when one of them changes, so may the settings. */
  readonly sources: readonly string[];
  /** What is wrong in the config files. */
  readonly problems: readonly ConfigProblem[];
}

export interface ConfigProblem {
  readonly uri: string;
  readonly text: string;
  readonly finding: Finding;
}

export const configFileNames = ['.shipshape.yaml', '.shipshape.yml'] as const;
export const hadolintConfigNames = ['.hadolint.yaml', '.hadolint.yml'] as const;

/** The settings for a file: the nearest `.shipshape.yaml` over the nearest `.hadolint.yaml` over the editor's over the defaults. */
export async function loadSettings(
  files: Files,
  uri: string,
  editorSettings: PartialSettings = {},
): Promise<LoadedSettings> {
  const [own, hadolint] = await Promise.all([
    findUpwards(files, uri, configFileNames),
    findUpwards(files, uri, hadolintConfigNames),
  ]);
  const ownConfig = own.found && readConfigFile(own.found.text);
  const hadolintConfig = hadolint.found && readHadolintConfig(hadolint.found.text);
  const settings = mergeSettings(editorSettings, hadolintConfig?.settings ?? {}, ownConfig?.settings ?? {});
  const path = own.found && relativePath(own.found.folder, uri);
  const isIgnored = path !== undefined && (ownConfig?.ignores(path) ?? false);
  return {
    ...settings,
    ...(isIgnored && { isIgnored }),
    sources: [...own.tried, ...hadolint.tried],
    problems: [...problemsOf(own.found, ownConfig), ...problemsOf(hadolint.found, hadolintConfig)],
  };
}

interface FoundFile {
  readonly uri: string;
  readonly folder: string;
  readonly text: string;
}

/** The first file of these names in the folder of `uri` or above. All folders are read at once: a remote disk answers slowly. */
async function findUpwards(
  files: Files,
  uri: string,
  names: readonly string[],
): Promise<{ readonly found?: FoundFile; readonly tried: readonly string[] }> {
  const candidates = foldersAbove(uri).flatMap((folder) => names.map((name) => ({ folder, uri: `${folder}/${name}` })));
  // A file that cannot be read counts as absent.
  const texts = await Promise.all(candidates.map((each) => files.read(each.uri).catch(() => undefined)));
  for (const [i, candidate] of candidates.entries()) {
    const text = texts[i];
    if (text !== undefined) {
      return { found: { ...candidate, text }, tried: candidates.slice(0, i + 1).map((each) => each.uri) };
    }
  }
  return { tried: candidates.map((each) => each.uri) };
}

function foldersAbove(uri: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = folderOf(uri); folder !== undefined; folder = folderOf(folder)) folders.push(folder);
  return folders;
}

function problemsOf(
  file: FoundFile | undefined,
  config: { readonly findings: readonly Finding[] } | undefined,
): readonly ConfigProblem[] {
  if (file === undefined || config === undefined) return [];
  return config.findings.map((finding) => ({ uri: file.uri, text: file.text, finding }));
}
