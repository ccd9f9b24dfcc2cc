import type { Arm } from '../azure/arm.ts';
import type { Target } from './choices.ts';
import type { Facts } from './facts.ts';
import { readFacts } from './read-facts.ts';
import { readSource, type SourceOptions } from './read-source.ts';

export interface GatherOptions extends Omit<SourceOptions, 'image'> {
  readonly arm: Arm;
  readonly target: Target;
  readonly onWait: (message: string) => void;
  /** What is looked at now. */
  readonly onPart?: (message: string) => void;
}

/** Everything that a plan depends on; nothing is changed. */
export async function gather({ arm, target, onWait, onPart, ...source }: GatherOptions): Promise<Facts> {
  onPart?.('looking at the app');
  const read = await readSource({ ...source, image: target.image });
  onPart?.('looking at what is in Azure');
  return await readFacts(arm, target, read, { signal: source.signal, onWait });
}
