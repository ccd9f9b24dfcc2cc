/** What an App Service plan's size gives: https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits */
export interface Tier {
  readonly name: string;
  readonly workers: number;
  /** Besides production. */
  readonly slots: number;
  readonly alwaysOn: boolean;
}

/** Undefined for what cannot be had; Linux has no Shared tier. */
export function tierOf(sku: string): Tier | undefined {
  return tiers.find(({ sizes }) => sizes.test(sku));
}

const tiers: readonly (Tier & { readonly sizes: RegExp })[] = [
  { sizes: /^F1$/i, name: 'Free', workers: 1, slots: 0, alwaysOn: false },
  { sizes: /^D1$/i, name: 'Shared', workers: 1, slots: 0, alwaysOn: false },
  { sizes: /^B[123]$/i, name: 'Basic', workers: 3, slots: 0, alwaysOn: true },
  { sizes: /^S[123]$/i, name: 'Standard', workers: 10, slots: 5, alwaysOn: true },
  { sizes: /^P[123]V2$/i, name: 'PremiumV2', workers: 30, slots: 20, alwaysOn: true },
  { sizes: /^P([0123]|[12345]M)V3$/i, name: 'PremiumV3', workers: 30, slots: 20, alwaysOn: true },
  { sizes: /^P([0123]|[12345]M)V4$/i, name: 'PremiumV4', workers: 30, slots: 20, alwaysOn: true },
];
