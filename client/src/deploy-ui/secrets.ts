import { window, type SecretStorage } from 'vscode';
import { secretNames, secretSource, type Target } from '../deploy/choices.ts';
import { secretIn } from '../deploy/environment-secrets.ts';
import { Cancelled } from '../tools/command.ts';
import { UserError } from '../ui/user-error.ts';

/**
 * Values of a target's secrets: asked for once and kept in the editor's own secret store (the system's keychain), or taken from the
 * environment. Those of Key Vault never come here: Azure resolves them itself.
 */
export function secretsOf(target: Target, storage: SecretStorage): (name: string) => Promise<string> {
  return async (name) => {
    const source = secretSource(target, name);
    if (source?.from === 'environment') return secretIn(process.env, target, name);
    if (source?.from !== 'ask')
      throw new UserError(`There is no secret '${name}' in the target '${target.name}': add it`);
    const key = storageKey(target, name);
    const known = await storage.get(key);
    if (known !== undefined) return known;
    const value = await window.showInputBox({
      title: `Secret '${name}' of '${target.name}'`,
      prompt: 'Kept by the editor, not in the workspace',
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) => (text === '' ? 'Enter a value' : undefined),
    });
    if (value === undefined) throw new Cancelled();
    await storage.store(key, value);
    return value;
  };
}

/** Asks again the next time: the value was wrong, or has changed. */
export async function forgetSecrets(target: Target, storage: SecretStorage): Promise<void> {
  for (const name of secretNames(target)) await storage.delete(storageKey(target, name));
}

function storageKey(target: Target, name: string): string {
  return `shipshape.secret/${target.subscription}/${target.resourceGroup}/${target.name}/${name}`;
}
