import { window, type SecretStorage } from 'vscode';
import type { Target } from '../deploy/choices.ts';
import { Cancelled } from '../tools/command.ts';
import { UserError } from '../ui/user-error.ts';

/**
 * Values of a target's secrets: asked for once and kept in the editor's own secret store (the system's keychain), or taken from the
 * environment. Those of Key Vault never come here: Azure resolves them itself.
 */
export function secretsOf(target: Target, storage: SecretStorage): (name: string) => Promise<string> {
  return async (name) => {
    const source = target.secrets[name];
    if (source?.from === 'environment') {
      const value = process.env[source.variable];
      if (value === undefined || value === '') {
        throw new UserError(
          `The environment has no '${source.variable}', which the secret '${name}' comes from: set it`,
        );
      }
      return value;
    }
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
  for (const name of Object.keys(target.secrets)) await storage.delete(storageKey(target, name));
}

function storageKey(target: Target, name: string): string {
  return `shipshape.secret/${target.subscription}/${target.resourceGroup}/${target.name}/${name}`;
}
