import type { Target } from './choices.ts';
import type { Step } from './step.ts';

/** What is shown, confirmed and then executed. Plain JSON without secrets: it can be saved, and resumed from. */
export interface Plan {
  readonly version: 1;
  /** Follows from what is in it: the same facts and choices give the same plan. */
  readonly id: string;
  /** Where it is no deployment: `Swap the slot 'staging' of 'shop' with production`. */
  readonly title?: string;
  readonly target: Target;
  /** `shopreg.azurecr.io/shop:1a2b3c4`, as far as it is known. */
  readonly image: string;
  readonly commit?: { readonly full: string; readonly isDirty: boolean };
  readonly steps: readonly Step[];
  /** What the user should know before confirming, most important first. */
  readonly warnings: readonly string[];
  /** What makes it pointless to begin; each with what to do. Not empty: cannot be executed. */
  readonly blockers: readonly string[];
}
