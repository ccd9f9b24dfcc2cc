import { invalidConfiguration } from './invalid-configuration.ts';
import { unusedSuppression } from './unused-suppression.ts';

/** What the engine itself has to say, as rules: they have pages and settings as all others do. */
export const engineRules = [invalidConfiguration, unusedSuppression] as const;
