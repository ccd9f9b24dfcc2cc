import type { Target } from '../choices.ts';

/** The names of the key vaults that a target's secrets are in. */
export function vaultsOf(target: Target): readonly string[] {
  const names = Object.values(target.secrets).flatMap((source) =>
    source.from === 'keyVault' ? [vaultOf(source.url)] : [],
  );
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** `shop` of `https://shop.vault.azure.net/secrets/db`. */
export function vaultOf(url: string): string | undefined {
  return /^https:\/\/([a-z0-9-]+)\.[^/]+\/secrets\/[^/]+/i.exec(url)?.[1]?.toLowerCase();
}
