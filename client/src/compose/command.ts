import { basename, dirname, join } from 'node:path';
import { QuickPickItemKind, Uri, window, workspace, type QuickPickItem } from 'vscode';
import type { Parts } from '../programs.ts';
import {
  cannotDo,
  composeCommand,
  composeKill,
  type ComposeAction,
  type ComposeChoice,
  type ComposeTool,
} from '../tools/container/compose.ts';
import { UserError } from '../ui/user-error.ts';
import { filesToName } from './choose-files.ts';
import { findCompose } from './find-compose.ts';
import { namesFor, readNames, type ComposeNames } from './services.ts';
import { ComposeTerminal } from './terminal.ts';
import { composeTitles } from './titles.ts';

/** What a lens already knows. Any extension can run our commands, so nothing is taken on trust. */
interface Given {
  readonly all: boolean;
  readonly services?: readonly string[];
}

type Remembered = Readonly<Record<string, Pick<ComposeChoice, 'services' | 'profiles'>>>;
const key = 'shipshape.compose';

/** Asks which services unless a lens has said so, and shows the command in a terminal of its own. */
export async function runCompose(parts: Parts, action: ComposeAction, uri: unknown, given: unknown): Promise<void> {
  const file = composeFile(uri);
  const text = await savedText(file);
  const compose = await findCompose(parts.run, await parts.tool());
  const impossible = cannotDo(compose, action);
  if (impossible !== undefined) throw new UserError(impossible);
  const base = { ...(await filesFor(file, text)), services: [], profiles: [] };
  const { all, services } = readGiven(given);
  const picked = all ? {} : services ? { services } : await askServices(parts, compose, action, file, base);
  if (picked) show(parts, compose, action, { ...base, ...picked });
}

function show({ run }: Parts, compose: ComposeTool, action: ComposeAction, choice: ComposeChoice): void {
  const subject = choice.services.length > 0 ? choice.services.join(', ') : basename(choice.folder);
  const pty = new ComposeTerminal({
    run,
    command: composeCommand(compose, action, choice),
    kill: composeKill(compose, choice),
  });
  window.createTerminal({ name: `${composeTitles[action].title}: ${subject}`, pty }).show(true);
}

function composeFile(uri: unknown): Uri {
  const file =
    uri instanceof Uri ? uri : typeof uri === 'string' ? Uri.parse(uri) : window.activeTextEditor?.document.uri;
  if (file === undefined || !/\.ya?ml$/i.test(file.path)) throw new UserError('Open a Compose file first');
  if (file.scheme !== 'file') throw new UserError('Save the Compose file to disk first: Compose reads it from there');
  return file;
}

/** As it is on disk then: what the editor shows is what Compose should read. */
async function savedText(file: Uri): Promise<string> {
  const document = await workspace.openTextDocument(file);
  if (document.isDirty && !(await document.save())) throw new UserError('The Compose file could not be saved');
  return document.getText();
}

async function filesFor(file: Uri, text: string): Promise<Pick<ComposeChoice, 'folder' | 'files'>> {
  const folder = dirname(file.fsPath);
  const names = (await workspace.fs.readDirectory(Uri.file(folder))).map(([name]) => name);
  const env = names.includes('.env')
    ? new TextDecoder().decode(await workspace.fs.readFile(Uri.file(join(folder, '.env'))))
    : '';
  const files = filesToName(basename(file.fsPath), text, { names, env });
  return { folder, files: files.map((name) => join(folder, name)) };
}

function readGiven(given: unknown): Given {
  const { all, services } = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>;
  const names = Array.isArray(services) ? services.filter((name) => typeof name === 'string') : [];
  return { all: all === true, ...(names.length > 0 && { services: names }) };
}

interface Item extends QuickPickItem {
  readonly value?: { readonly kind: 'service' | 'profile'; readonly name: string };
}

/** One service and no profile need no question. What was chosen is offered again. */
async function askServices(
  parts: Parts,
  compose: ComposeTool,
  action: ComposeAction,
  file: Uri,
  base: ComposeChoice,
): Promise<Partial<ComposeChoice> | undefined> {
  const names = await readNames(parts.run, compose, base);
  if (names.services.length === 0) throw new UserError('The Compose file has no services yet');
  if (names.services.length === 1 && names.profiles.length === 0) return {};
  const memento = parts.context.workspaceState;
  const remembered = memento.get<Remembered>(key, {});
  const items = itemsFor(names, remembered[file.toString()]);
  const { question } = composeTitles[action];
  const answer = await window.showQuickPick(items, { canPickMany: true, title: question, placeHolder: question });
  if (answer === undefined) return undefined;
  const chosen = (kind: 'service' | 'profile'): readonly string[] =>
    answer.flatMap(({ value }) => (value?.kind === kind ? [value.name] : []));
  const services = chosen('service');
  const profiles = chosen('profile');
  if (services.length === 0 && profiles.length === 0) return undefined;
  await memento.update(key, { ...remembered, [file.toString()]: { services, profiles } });
  return { services: await namesFor(parts.run, compose, { ...base, services, profiles }, names), profiles };
}

function itemsFor(names: ComposeNames, last: Remembered[string] | undefined): Item[] {
  const item = (kind: 'service' | 'profile', name: string): Item => ({
    label: name,
    value: { kind, name },
    picked: last ? last[kind === 'service' ? 'services' : 'profiles'].includes(name) : names.usual.includes(name),
  });
  const services = names.services.map((name) => item('service', name));
  if (names.profiles.length === 0) return services;
  return [
    { label: 'Services', kind: QuickPickItemKind.Separator },
    ...services,
    { label: 'Profiles', kind: QuickPickItemKind.Separator },
    ...names.profiles.map((name) => item('profile', name)),
  ];
}
