import { isAzureError } from '../../azure/azure-error.ts';
import { isSameId } from '../../azure/resource-id.ts';
import { lookAtContainerApp } from '../after/look-at-container-app.ts';
import type { Plan } from '../plan.ts';
import type { Step } from '../step.ts';
import type { World } from '../world.ts';

/**
 * What an app said last when it did not start. Container Apps waits for a new revision before the change of its app ends, so that it is
 * this which fails, and says only that it did. Nothing when there is nothing to be had: why it failed is told anyway.
 */
export async function lastLines(
  step: Step,
  error: unknown,
  { plan, world, signal }: { readonly plan: Plan; readonly world: World; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const answer = plan.steps.find((other) => other.do === 'answer');
  if (answer?.do !== 'answer' || answer.app.kind !== 'containerApp') return [];
  if ((step.do !== 'put' && step.do !== 'update') || !isSameId(step.path, answer.app.app)) return [];
  if (!isAzureError(error) || !/Operation expired|revision/i.test(`${error.code} ${error.message}`)) return [];
  try {
    return (await lookAtContainerApp(answer.app, world, signal)).lines;
  } catch {
    return [];
  }
}
