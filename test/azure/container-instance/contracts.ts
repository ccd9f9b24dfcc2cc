import * as mappers from '@azure/arm-containerinstance/dist-esm/src/models/mappers.js';
import { contractOf } from '../contract.ts';
import type { Contract } from '../core.ts';

export function asked(model: string): Contract {
  return contractOf(mappers, model);
}

/** Recorded with azure-cli, though the contract of 2023-05-01 does not know it. */
export function answered(model: string): Contract {
  return contractOf(mappers, model, { answer: true, also: ['properties.provisioningTimeoutInSeconds'] });
}
