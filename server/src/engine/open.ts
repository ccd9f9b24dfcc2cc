import { buildCompose } from '../model/build-compose.ts';
import { buildDockerfile } from '../model/build-dockerfile.ts';
import { neededFiles } from '../model/compose-files.ts';
import { neededFiles as neededByDockerfile } from '../model/dockerfile-files.ts';
import type { Files, FolderEntry, Project } from '../model/project.ts';
import type { ShellParser } from '../syntax/shell/script.ts';
import type { Document, DocumentKind } from './document.ts';
import { fileNameOf, folderOf, resolvePath } from './uri.ts';

export interface OpenOptions {
  readonly uri: string;
  readonly text: string;
  readonly kind: DocumentKind;
  readonly files: Files;
  readonly shell: ShellParser;
}

/** The build context is the Dockerfile's folder, or one that it lies in. */
const ignoreFiles = ['.dockerignore', '../.dockerignore', '../../.dockerignore', '../../../.dockerignore'];

/** Reads what rules may want to know of the files around one, and parses it. Files that cannot be read are as if absent. */
export async function openDocument({ uri, text, kind, files, shell }: OpenOptions): Promise<Document> {
  const fileName = fileNameOf(uri);
  const reader = readerOf(files, folderOf(uri), fileName);
  if (kind === 'dockerfile') {
    await Promise.all([
      reader.readFolders(['.']),
      reader.readTexts([...ignoreFiles, `${fileName}.dockerignore`, 'package.json']),
    ]);
    const dockerfile = buildDockerfile(text, { shell, project: reader.project });
    await reader.readTexts(neededByDockerfile(dockerfile));
    return { kind, uri, text, dockerfile };
  }
  await reader.readFolders(['.']);
  const compose = buildCompose(text, { project: reader.project });
  await reader.readTexts(neededFiles(compose));
  return { kind, uri, text, compose };
}

/** Another text in the place of a document, with the files around it as they were read. */
export function reparse(document: Document, text: string, shell: ShellParser): Document {
  const { uri } = document;
  return document.kind === 'dockerfile'
    ? {
        kind: 'dockerfile',
        uri,
        text,
        dockerfile: buildDockerfile(text, { shell, project: document.dockerfile.project }),
      }
    : { kind: 'compose', uri, text, compose: buildCompose(text, { project: document.compose.project }) };
}

interface ProjectReader {
  readonly project: Project;
  readTexts(paths: readonly string[]): Promise<void>;
  readFolders(paths: readonly string[]): Promise<void>;
}

/** A project that knows what was read so far. */
function readerOf(files: Files, folder: string | undefined, fileName: string): ProjectReader {
  const texts = new Map<string, string>();
  const folders = new Map<string, readonly FolderEntry[]>();
  return {
    project: { fileName, text: (path) => texts.get(tidy(path)), list: (path) => folders.get(tidy(path)) },
    readTexts: (paths) => readInto(texts, folder, paths, (uri) => files.read(uri)),
    readFolders: (paths) => readInto(folders, folder, paths, (uri) => files.list(uri)),
  };
}

async function readInto<T>(
  found: Map<string, T>,
  folder: string | undefined,
  paths: readonly string[],
  read: (uri: string) => Promise<T | undefined>,
): Promise<void> {
  if (folder === undefined) return;
  const readOne = async (path: string): Promise<void> => {
    const value = await read(resolvePath(folder, path));
    if (value !== undefined) found.set(tidy(path), value);
  };
  // What cannot be read is as if absent: linting goes on without it.
  await Promise.allSettled(paths.map(readOne));
}

/** `./a/` is `a`, and the folder itself is `.`. */
function tidy(path: string): string {
  return path.replace(/^(?:\.\/+)+|\/+$/g, '') || '.';
}
