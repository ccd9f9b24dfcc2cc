import type { Part } from '../core.ts';
import { actions } from './actions.ts';
import { createLives } from './live.ts';
import { plans } from './plans.ts';
import { settings } from './settings.ts';
import { sites } from './sites.ts';
import { swaps } from './swaps.ts';

/** App Service, Microsoft.Web 2023-12-01: containers on Linux plans, which really run. */
export const web: Part = (core) => {
  const lives = createLives(core);
  return [plans, sites(lives), settings(lives), actions(lives), swaps(lives)].flatMap((part) => part(core));
};
