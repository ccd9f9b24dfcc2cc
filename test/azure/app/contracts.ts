import * as mappers from '@azure/arm-appcontainers/dist-esm/src/models/mappers.js';
import { contractOf } from '../contract.ts';
import type { Contract } from '../core.ts';
import { listAt } from './json-edit.ts';

/** Real answers hold this as well (azure-cli's recordings), though the contract of 2024-03-01 does not; and clients send back what they read. */
const also = ['properties.runningStatus'];

export function asked(model: string): Contract {
  return contractOf(mappers, model, { also });
}

export function answered(model: string): Contract {
  return contractOf(mappers, model, { answer: true, also });
}

export function answeredList(model: string): Contract {
  const one = answered(model);
  return (body) => listAt(body, 'value').flatMap(one);
}
