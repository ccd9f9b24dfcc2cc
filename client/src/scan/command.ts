import { basename } from 'node:path';
import { ProgressLocation, Uri, window, workspace, type CancellationToken, type Progress } from 'vscode';
import { imageToUse, type ImageToUse } from '../build/ask-for-image.ts';
import type { Parts } from '../programs.ts';
import { Cancelled } from '../tools/command.ts';
import type { Trivy } from '../tools/trivy/trivy.ts';
import { UserError } from '../ui/user-error.ts';
import { kindText } from './counts.ts';
import { scan, type ScanProgress } from './execute.ts';
import type { ScanSubject } from './finding.ts';
import { databasesOf, findTrivy, type WantedTrivy } from './find-trivy.ts';
import { offerTrivy } from './offer.ts';
import { scanSettings } from './settings.ts';
import { checksum, type Scan, type ScanStore } from './store.ts';
import { stampsOf } from './store-views.ts';

export interface Scanning {
  readonly parts: Parts;
  readonly store: ScanStore;
  /** Shows a scan in the tree. */
  readonly reveal: (key: string) => Promise<void>;
}

/** All about a scan but its result. */
type Wanted = Pick<Scan, 'key' | 'subject' | 'label' | 'dockerfile' | 'folder' | 'root'> & {
  readonly scope: Uri;
  /** The Dockerfile as the image was built from it. */
  readonly built?: { readonly uri: string; readonly text: string };
};

export async function scanImage(scanning: Scanning, uri: Uri | undefined, target: string | undefined): Promise<void> {
  const image = await imageToUse(scanning.parts, uri, { target });
  if (image) await run(scanning, wantedImage(image, uri));
}

export async function scanWorkspace(scanning: Scanning, kind: 'workspace' | 'secrets', uri?: Uri): Promise<void> {
  const folder = (uri && workspace.getWorkspaceFolder(uri)) ?? (await chooseFolder());
  if (!folder) return;
  const subject: ScanSubject = { kind, folder: folder.uri.fsPath };
  const address = folder.uri.toString();
  const label = kind === 'workspace' ? folder.name : `${folder.name}, secrets`;
  await run(scanning, { key: `${kind}:${address}`, subject, label, folder: address, root: address, scope: folder.uri });
}

export async function scanDockerfile(scanning: Scanning, uri: Uri | undefined): Promise<void> {
  if (!uri) throw new UserError('Open a Dockerfile first');
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  // Trivy reads what is on disk.
  if (open?.isDirty === true && !(await open.save())) throw new UserError('Save the Dockerfile first');
  await run(scanning, {
    key: `dockerfile:${uri.toString()}`,
    subject: { kind: 'dockerfile', file: uri.fsPath },
    label: workspace.asRelativePath(uri, false),
    folder: Uri.joinPath(uri, '..').toString(),
    ...rootOf(uri),
    scope: uri,
  });
}

/** The same again, as after a change. */
export async function scanAgain(
  scanning: Scanning,
  { subject, dockerfile, folder, root, label, key }: Scan,
): Promise<void> {
  const address = dockerfile?.uri ?? folder ?? root;
  const uri = address === undefined ? undefined : Uri.parse(address);
  if (subject.kind === 'image') {
    const scope = uri ?? Uri.file('/');
    if (dockerfile) await scanImage(scanning, Uri.parse(dockerfile.uri), dockerfile.target);
    else await run(scanning, { subject, label, key, scope, ...(root !== undefined && { root }) });
  } else if (subject.kind === 'dockerfile') await scanDockerfile(scanning, Uri.file(subject.file));
  else await scanWorkspace(scanning, subject.kind, uri);
}

function wantedImage({ image, record }: ImageToUse, uri: Uri | undefined): Wanted {
  const subject: ScanSubject = { kind: 'image', image };
  const address = record?.uri ?? uri?.toString();
  const scope = address === undefined ? workspace.workspaceFolders?.[0]?.uri : Uri.parse(address);
  if (address === undefined || scope === undefined) {
    return { key: `image:${image}`, subject, label: image, scope: scope ?? Uri.file('/'), ...(scope && rootOf(scope)) };
  }
  const target = record?.request.target;
  return {
    key: `image:${address}#${target ?? ''}`,
    subject,
    label: record?.image ?? image,
    dockerfile: {
      uri: address,
      ...(target !== undefined && { target }),
      ...(record?.id !== undefined && { imageId: record.id }),
    },
    folder: record ? Uri.file(record.request.context).toString() : Uri.joinPath(scope, '..').toString(),
    ...rootOf(scope),
    scope,
    ...(record && { built: record }),
  };
}

async function run(scanning: Scanning, { scope, built, ...wanted }: Wanted): Promise<void> {
  const { parts, store, reveal } = scanning;
  const settings = scanSettings(scope);
  const options = { location: ProgressLocation.Notification, cancellable: true, title: `Scanning '${wanted.label}'` };
  const finished = await window.withProgress(options, async (progress, token) => {
    const { signal, dispose } = abortOn(token);
    try {
      const trivy = await trivyToUse(parts, progress, signal);
      if (!trivy) return undefined;
      const tool = wanted.subject.kind === 'image' ? await parts.tool(signal) : undefined;
      const report = await scan(wanted.subject, settings, {
        run: parts.run,
        keeper: parts.keeper,
        trivy,
        signal,
        onProgress: (event) => showProgress(event, progress, parts),
        ...(tool && { tool }),
      });
      const updatedAt = (await databasesOf(parts.run, trivy, signal)).vulnerabilities?.updatedAt;
      const database = { wasOffline: settings.offline === true, ...(updatedAt !== undefined && { updatedAt }) };
      const done: Scan = { ...wanted, at: Date.now(), report, database, stamps: {} };
      const stamps = await stampsOf(done);
      return { ...done, stamps: { ...stamps, ...(built && { [built.uri]: checksum(built.text) }) } };
    } catch (error) {
      if (error instanceof Cancelled) return undefined;
      throw error;
    } finally {
      dispose();
    }
  });
  if (!finished) return;
  await store.put(finished);
  await reveal(finished.key);
  const { findings, incomplete } = finished.report;
  if (incomplete !== undefined) {
    void window.showWarningMessage(`Not all of the report on '${finished.label}' could be read: ${incomplete}`);
  }
  parts.output.info(`Scanned ${finished.label}: ${findings.length === 0 ? 'nothing found' : kindText(findings)}`);
}

/** What is here, else what the user agrees to; `undefined` when that is nothing. */
async function trivyToUse(
  parts: Parts,
  progress: Progress<{ message?: string }>,
  signal: AbortSignal,
): Promise<Trivy | undefined> {
  const found = await findTrivy(parts.run, wantedTrivy(parts), signal);
  return found ?? (await offerTrivy(parts, progress, signal));
}

function wantedTrivy({ context }: Parts): WantedTrivy {
  const path = workspace.getConfiguration('shipshape.trivy').get('path', '').trim();
  return {
    installFolder: Uri.joinPath(context.globalStorageUri, 'trivy').fsPath,
    ...(path !== '' && { path }),
  };
}

function showProgress(event: ScanProgress, progress: Progress<{ message?: string }>, { output }: Parts): void {
  if (event.kind === 'step') progress.report({ message: event.message });
  else output.debug(event.line);
}

function abortOn(token: CancellationToken): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const controller = new AbortController();
  const listening = token.onCancellationRequested(() => controller.abort());
  return { signal: controller.signal, dispose: () => void listening.dispose() };
}

function rootOf(uri: Uri): { readonly root?: string } {
  const folder = workspace.getWorkspaceFolder(uri);
  return folder ? { root: folder.uri.toString() } : {};
}

async function chooseFolder(): Promise<{ readonly uri: Uri; readonly name: string } | undefined> {
  const folders = workspace.workspaceFolders ?? [];
  const [only] = folders;
  if (!only) throw new UserError('Open a folder first');
  if (folders.length === 1) return only;
  const items = folders.map((folder) => ({ label: folder.name, description: basename(folder.uri.fsPath), folder }));
  return (await window.showQuickPick(items, { title: 'Scan which folder?' }))?.folder;
}
