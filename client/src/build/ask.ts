import { basename, relative } from 'node:path';
import { InputBoxValidationSeverity, Uri, window, workspace, type QuickPickItem } from 'vscode';
import { isSecretName } from '../../../server/src/model/secret-name.ts';
import type { BuildContext, BuildFacts, DeclaredSecret } from './facts.ts';
import type { SecretPlace } from './remembered.ts';

// Each gives `undefined` when the user goes away without an answer.

interface Answer<T> extends QuickPickItem {
  readonly value: T;
}

export async function askTarget(facts: BuildFacts, candidates: readonly string[]): Promise<string | undefined> {
  const items = candidates.map((name): Answer<string> => {
    const services = facts.contexts.flatMap(({ service }) =>
      service && (service.target ?? '') === name ? [service.name] : [],
    );
    return {
      label: name === '' ? 'The last stage' : name,
      description: services.length > 0 ? `as Compose builds ${services.join(', ')}` : '',
      value: name,
    };
  });
  return await pick(items, { title: `Build ${basename(facts.dockerfile)}`, placeHolder: 'Stage to build' });
}

/** Any folder can be chosen, not only the likely ones. */
export async function askContext(dockerfile: string, candidates: readonly BuildContext[]): Promise<string | undefined> {
  const likely = [...new Map(candidates.map((each) => [each.folder, each])).values()];
  const items: Answer<string | undefined>[] = likely.map(({ folder, service, missing }) => ({
    label: shownFolder(folder),
    description: service
      ? `as Compose builds ${service.name}`
      : missing.length > 0
        ? `without ${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ' …' : ''}`
        : '',
    value: folder,
  }));
  items.push({ label: 'Another folder …', value: undefined, alwaysShow: true });
  const title = `Build ${basename(dockerfile)}`;
  const chosen = await window.showQuickPick(items, {
    title,
    placeHolder: 'Folder that COPY copies from',
    ignoreFocusOut: true,
  });
  if (!chosen || chosen.value !== undefined) return chosen?.value;
  const [picked] = (await window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false, title })) ?? [];
  return picked?.fsPath;
}

/** What looks like a secret by its name is not shown while it is typed. */
export async function askArgument(dockerfile: string, name: string, value = ''): Promise<string | undefined> {
  const password = isSecretName(name);
  return await window.showInputBox({
    title: `Build ${basename(dockerfile)}: ARG ${name}`,
    prompt: password
      ? 'Not stored, but readable in the image: a secret belongs into RUN --mount=type=secret'
      : 'Remembered for the next builds; leave empty for no value',
    value,
    password,
    ignoreFocusOut: true,
  });
}

export async function askSecret(
  dockerfile: string,
  { id, isRequired }: DeclaredSecret,
): Promise<SecretPlace | undefined> {
  const title = `Build ${basename(dockerfile)}: secret '${id}'`;
  const items: Answer<SecretPlace['kind']>[] = [
    { label: '$(symbol-variable) Environment variable', value: 'environment' },
    { label: '$(file) File', value: 'file' },
    ...(isRequired ? [] : [{ label: '$(circle-slash) Build without it', value: 'none' } as const]),
  ];
  const kind = await pick(items, { title, placeHolder: 'Where is it? Only the place is remembered' });
  switch (kind) {
    case undefined:
      return undefined;
    case 'none':
      return { kind };
    case 'environment': {
      const name = await askVariable(title, id);
      return name === undefined ? undefined : { kind, name };
    }
    case 'file': {
      const [file] = (await window.showOpenDialog({ title, openLabel: 'Use as secret' })) ?? [];
      return file && { kind, path: file.fsPath };
    }
  }
}

async function askVariable(title: string, id: string): Promise<string | undefined> {
  const likely = [id, id.toUpperCase().replaceAll(/\W/g, '_')];
  const value = likely.find((name) => name in process.env) ?? likely[1] ?? id;
  const name = await window.showInputBox({
    title,
    prompt: 'Name of the environment variable that holds it',
    value,
    ignoreFocusOut: true,
    validateInput: (text) => {
      if (!/^[A-Za-z_]\w*$/.test(text)) return 'Letters, digits and underscores';
      if (process.env[text] !== undefined) return undefined;
      return { message: `'${text}' is not set where VS Code runs`, severity: InputBoxValidationSeverity.Warning };
    },
  });
  return name === '' ? undefined : name;
}

export function shownFolder(folder: string): string {
  const workspaceFolder = workspace.getWorkspaceFolder(Uri.file(folder));
  if (!workspaceFolder) return folder;
  const inside = relative(workspaceFolder.uri.fsPath, folder);
  const isOneOfMany = (workspace.workspaceFolders?.length ?? 0) > 1;
  return [...(isOneOfMany || inside === '' ? [workspaceFolder.name] : []), ...(inside === '' ? [] : [inside])].join(
    '/',
  );
}

async function pick<T>(
  items: readonly Answer<T>[],
  options: { readonly title: string; readonly placeHolder: string },
): Promise<T | undefined> {
  return (await window.showQuickPick(items, { ...options, ignoreFocusOut: true }))?.value;
}
