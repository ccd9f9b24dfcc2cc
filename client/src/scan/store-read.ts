import { RelativePattern, Uri, workspace } from 'vscode';
import type { Finding } from './finding.ts';
import { manifestKindFor } from './manifest/entries.ts';
import type { SourceFile, Surroundings } from './place/surroundings.ts';
import type { Scan } from './store.ts';

const mostBytes = 5_000_000;
const mostFiles = 200;

/** The files that the findings of a scan can be put on, as they are now: in an editor with what is typed there, else on disk. */
export async function surroundingsOf(scan: Scan): Promise<Surroundings> {
  const { dockerfile } = scan;
  const text = dockerfile && (await textOf(Uri.parse(dockerfile.uri)));
  return {
    ...(dockerfile &&
      text !== undefined && {
        dockerfile: {
          uri: dockerfile.uri,
          text,
          ...(dockerfile.target !== undefined && { target: dockerfile.target }),
        },
      }),
    files: await filesOf(scan),
  };
}

async function textOf(uri: Uri): Promise<string | undefined> {
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return open.getText();
  try {
    const { size } = await workspace.fs.stat(uri);
    return size > mostBytes ? undefined : new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}

async function filesOf({ subject, folder, report }: Scan): Promise<readonly SourceFile[]> {
  if (folder === undefined) return [];
  const root = Uri.parse(folder);
  const isImage = subject.kind === 'image';
  const named = isImage ? [] : report.findings.flatMap(namedBy).map((path) => Uri.joinPath(root, path));
  const found = [
    ...(await manifestsIn(root, report.findings)),
    ...(isImage ? await namesakes(root, report.findings) : []),
  ];
  const uris = [...new Map([...named, ...found].map((uri) => [uri.toString(), uri])).values()].slice(0, mostFiles);
  const read = await Promise.all(uris.map(async (uri) => [uri, await textOf(uri)] as const));
  return read.flatMap(([uri, text]) => {
    const path = uri.path.slice(root.path.length).replace(/^\/+/, '');
    return text === undefined || !uri.path.startsWith(root.path) ? [] : [{ uri: uri.toString(), path, text }];
  });
}

/** A path that leads out of the scanned folder is none of ours to open. */
function namedBy({ target }: Finding): readonly string[] {
  const path = target.replaceAll('\\', '/');
  return path.split('/').includes('..') || path.startsWith('/') ? [] : [path];
}

async function manifestsIn(root: Uri, findings: readonly Finding[]): Promise<readonly Uri[]> {
  const kinds = findings.flatMap((finding) =>
    finding.kind === 'vulnerability' ? (manifestKindFor(finding.resultType) ?? []) : [],
  );
  const patterns = [...new Set(kinds)].flatMap((kind) => {
    if (kind === 'requirements.txt') return ['requirements*.txt'];
    return kind === 'csproj' ? ['*.csproj', '*.fsproj', '*.vbproj', 'Directory.Packages.props'] : [kind];
  });
  return await find(root, patterns);
}

/** Files of the context that may be what lies in the image: a secret is best taken out where it came from. */
async function namesakes(root: Uri, findings: readonly Finding[]): Promise<readonly Uri[]> {
  const names = findings.flatMap((finding) => {
    if (finding.kind !== 'secret' && finding.kind !== 'misconfiguration') return [];
    const name = finding.target.slice(finding.target.lastIndexOf('/') + 1);
    // No part of a pattern may come from a report.
    return /^[\w.-]+$/.test(name) ? [name] : [];
  });
  return await find(root, [...new Set(names)].slice(0, 30));
}

async function find(root: Uri, names: readonly string[]): Promise<readonly Uri[]> {
  if (names.length === 0) return [];
  const pattern = new RelativePattern(root, names.length === 1 ? `**/${names[0] ?? ''}` : `**/{${names.join(',')}}`);
  const skipped = '**/{node_modules,vendor,.git,target,bin,obj,dist,.venv,venv}/**';
  return await workspace.findFiles(pattern, skipped, mostFiles);
}
