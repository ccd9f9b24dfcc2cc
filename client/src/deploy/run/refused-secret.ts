import { type AzureError, isAzureError } from '../../azure/azure-error.ts';
import { ask, openPortal } from '../../azure/explanation.ts';
import { Refused } from '../../azure/refused.ts';
import { keyVaultSecretsUser } from '../../azure/roles.ts';
import { secretName } from '../plan/app-body.ts';
import { vaultOf } from '../plan/ids.ts';
import type { Plan } from '../plan.ts';

/** Of secrets that a container app did not get from their key vaults. Azure tells neither the vault nor why, as users report. */
export function refusedSecrets(error: AzureError): readonly string[] {
  const all = textOf(error).matchAll(/Unable to get value using Managed identity \S+ for secret ([\w-]+)/gi);
  return [...new Set([...all].map(([, name]) => name ?? ''))];
}

/** With the vaults, which the plan knows, and what is to be done; `undefined` for every other error. */
export function explainSecrets(error: unknown, { target, steps }: Plan): Refused | undefined {
  if (!isAzureError(error)) return undefined;
  const names = refusedSecrets(error);
  if (names.length === 0) return undefined;
  const sources = Object.entries(target.secrets).filter(([variable]) => names.includes(secretName(variable)));
  const urls = sources.flatMap(([, source]) => (source.from === 'keyVault' ? [source.url] : []));
  const told = textOf(error).match(/https:\/\/[\w.-]+\/secrets\/[\w-]+/g) ?? [];
  const vaults = [...new Set([...urls, ...told].flatMap((url) => vaultOf(url) ?? []))];
  const reader = target.identity.kind === 'user' ? `the identity '${target.identity.name}'` : "the app's own identity";
  const what = `${reader} cannot read ${listed(names)}`.replace(/^t/, 'T');
  const { name } = keyVaultSecretsUser;
  if (vaults.length === 0) {
    return new Refused(`${what} in Key Vault: give it '${name}' on the key vault`, ask(name, names.join(', ')));
  }
  const where = `in the key vault${vaults.length === 1 ? '' : 's'} ${listed(vaults)}`;
  const hasRole = vaults.every((vault) => steps.some(({ id }) => id === `role:secrets:${vault}`));
  return hasRole
    ? new Refused(`${what} ${where}: check that it is there, and the firewall of the vault`, openPortal())
    : new Refused(
        `${what} ${where}: give it '${name}' there, or check that the secret exists`,
        ask(name, vaults.join(', ')),
      );
}

function textOf({ message, details }: AzureError): string {
  return [message, ...details].join('\n');
}

function listed(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
