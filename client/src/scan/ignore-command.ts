import { Range, Uri, window, workspace, WorkspaceEdit, type InputBoxOptions } from 'vscode';
import { UserError } from '../ui/user-error.ts';
import type { Finding } from './finding.ts';
import { configuredIgnoreFile, ignoreFormatOf, isIgnoredBy, withIgnored, type IgnoreRequest } from './ignore.ts';
import { scanSettings } from './settings.ts';
import type { Scan, ScanStore } from './store.ts';

export interface Acceptance {
  readonly reason: string;
  readonly until?: string;
}

/** Writes findings into the ignore file that Trivy is given, and takes them out of what is shown. */
export async function ignoreFindings(store: ScanStore, scan: Scan, findings: readonly Finding[]): Promise<void> {
  if (scan.root === undefined) throw new UserError('There is no workspace folder to keep an ignore file in: open one');
  const chosen = findings.length > 1 ? await choose(findings) : findings;
  if (chosen === undefined || chosen.length === 0) return;
  const acceptance = await askAcceptance(
    chosen.length === 1 ? `'${chosen[0]?.id ?? ''}'` : `${chosen.length} findings`,
  );
  if (acceptance === undefined) return;
  const file = await ignoreFileFor(Uri.parse(scan.root));
  const format = ignoreFormatOf(file.path);
  let text = (await readText(file)) ?? '';
  const requests: readonly IgnoreRequest[] = chosen.map((finding) => ({ finding, ...acceptance }));
  for (const request of requests) {
    const next = withIgnored(text, format, request);
    if (next === undefined) {
      const open = { title: 'Open the file', run: () => window.showTextDocument(file) };
      throw new UserError(`'${nameOf(file)}' could not be understood: correct it, then ignore again`, open);
    }
    text = next;
  }
  await writeText(file, text);
  for (const { key, root } of store.all) {
    if (root !== scan.root) continue;
    await store.without(key, (finding) => requests.some((request) => isIgnoredBy(finding, request, format)));
  }
  const show = 'Open the file';
  const said = `Ignored in '${nameOf(file)}'${acceptance.until === undefined ? '' : ` until ${acceptance.until}`}`;
  void window.showInformationMessage(said, show).then((answer) => {
    if (answer === show) void window.showTextDocument(file);
  });
}

/** Asks for a reason, which nobody may leave out, and for how long; `undefined` when the user thought better of it. */
export async function askAcceptance(what: string): Promise<Acceptance | undefined> {
  const options: InputBoxOptions = {
    title: `Ignore ${what} (1/2)`,
    prompt: 'Why is this acceptable? Kept with it for whoever reads it later',
    placeHolder: 'Not reachable: we never parse input from outside',
    validateInput: (value) => (value.trim() === '' ? 'Give a reason' : undefined),
  };
  const reason = await window.showInputBox(options);
  if (reason === undefined) return undefined;
  const choices = [
    { label: 'For 30 days', until: dateIn(30) },
    { label: 'For 90 days', until: dateIn(90) },
    { label: 'For a year', until: dateIn(365) },
    { label: 'Until a date …', until: 'ask' },
    { label: 'For good', until: undefined },
  ].map((choice) => ({
    ...choice,
    ...(choice.until !== undefined && choice.until !== 'ask' && { description: `until ${choice.until}` }),
  }));
  const chosen = await window.showQuickPick(choices, {
    title: `Ignore ${what} (2/2)`,
    placeHolder: 'For how long? After that it is reported again',
  });
  if (chosen === undefined) return undefined;
  const until = chosen.until === 'ask' ? await askDate() : chosen.until;
  if (chosen.until === 'ask' && until === undefined) return undefined;
  return { reason: reason.trim(), ...(until !== undefined && { until }) };
}

async function askDate(): Promise<string | undefined> {
  return await window.showInputBox({
    title: 'Ignore until',
    value: dateIn(180),
    prompt: 'Year-month-day',
    validateInput: (value) =>
      /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) && value > dateIn(0)
        ? undefined
        : 'A day to come, as 2030-12-31',
  });
}

async function choose(findings: readonly Finding[]): Promise<readonly Finding[] | undefined> {
  const items = findings.map((finding) => ({
    label: finding.id,
    description: `${finding.severity.toLowerCase()}${finding.kind === 'vulnerability' ? ` in ${finding.packageName}` : ''}`,
    detail: finding.title,
    finding,
  }));
  const chosen = await window.showQuickPick(items, {
    title: 'Ignore which?',
    canPickMany: true,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.map(({ finding }) => finding);
}

/** The one that the setting names, else the one that is there, else the one in which a reason and paths can stand. */
async function ignoreFileFor(root: Uri): Promise<Uri> {
  const { ignoreFile, configFile } = scanSettings(root);
  if (ignoreFile !== undefined) {
    return ignoreFile.startsWith('/') || /^[A-Za-z]:[\\/]/.test(ignoreFile)
      ? Uri.file(ignoreFile)
      : Uri.joinPath(root, ignoreFile);
  }
  const named = configuredIgnoreFile((await readText(Uri.joinPath(root, configFile ?? 'trivy.yaml'))) ?? '');
  if (named !== undefined) return Uri.joinPath(root, named);
  for (const name of ['.trivyignore.yaml', '.trivyignore.yml', '.trivyignore']) {
    const file = Uri.joinPath(root, name);
    if ((await readText(file)) !== undefined) return file;
  }
  return Uri.joinPath(root, '.trivyignore.yaml');
}

async function readText(uri: Uri): Promise<string | undefined> {
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return open.getText();
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}

/** On disk, where Trivy reads it; what is typed in an editor of it is kept. */
async function writeText(uri: Uri, text: string): Promise<void> {
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (!open) {
    await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    return;
  }
  const edit = new WorkspaceEdit();
  edit.replace(uri, new Range(0, 0, open.lineCount, 0), text);
  await workspace.applyEdit(edit);
  await open.save();
}

function dateIn(days: number): string {
  return new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}

function nameOf(uri: Uri): string {
  return workspace.asRelativePath(uri, false);
}
