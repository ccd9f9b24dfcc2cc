import * as mappers from '@azure/arm-appservice/dist-esm/src/models/mappers.js';
import { contractOf } from '../contract.ts';
import type { Contract } from '../core.ts';

/** Of the models of Microsoft.Web 2023-12-01. */
export function bodyOf(model: string, partial = false): Contract {
  return contractOf(mappers, model, { partial, also: unlisted });
}

export function answer(model: string): Contract {
  return contractOf(mappers, model, { answer: true, also: unlisted });
}

// Given by Azure, and sent by `az`, though the documents do not have them.
const unlisted: readonly string[] = [];
