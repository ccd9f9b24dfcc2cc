import * as mappers from '@azure/arm-appcontainers/dist-esm/src/models/mappers.js';
import type { Contract } from '../core.ts';
import { contractOf } from '../contract.ts';

/** Real answers hold these as well (azure-cli's recordings), though the contract of 2024-03-01 does not. */
const alsoInApps = ['properties.runningStatus', 'identity.principalId', 'identity.tenantId'];

export function asked(model: string): Contract {
  return contractOf(mappers, model);
}

export function answered(model: string): Contract {
  return contractOf(mappers, model, { answer: true, also: alsoInApps });
}

export function patched(model: string): Contract {
  return contractOf(mappers, model, { partial: true });
}
