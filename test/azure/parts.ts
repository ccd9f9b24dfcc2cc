import { authorization } from './authorization.ts';
import type { Part } from './core.ts';
import { groups } from './groups.ts';
import { identities } from './identities.ts';
import type { OwnPart } from './own-core.ts';
import { providers } from './providers.ts';
import { registries } from './registry/registries.ts';
import { subscriptions } from './subscriptions.ts';
import { web } from './web/part.ts';

/** Resource Manager's own. */
export const ownParts: readonly OwnPart[] = [subscriptions, groups, providers, authorization, identities];

/** The resource providers: one line each. */
export const parts: readonly Part[] = [registries, web];
