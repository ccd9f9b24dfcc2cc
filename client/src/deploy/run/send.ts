import type { ArmRequest } from '../../azure/arm.ts';
import { type AzureError, isAzureError } from '../../azure/azure-error.ts';
import type { Json } from '../../azure/json.ts';
import { keyVaultSecretsUser, type Role } from '../../azure/roles.ts';
import type { Context } from './context.ts';
import { register } from './register.ts';
import { isRefusedPull } from './refused-pull.ts';
import { refusedSecrets } from './refused-secret.ts';
import { settled } from './state.ts';

export interface Care {
  /** Whether it has happened meanwhile; asked before a call is repeated. */
  readonly isDone?: () => Promise<boolean>;
}

/**
 * Sends a step's request. What Azure refuses only for now is tried again, a bounded number of times: somebody else's operation on the same
 * resource, a right to pull that has not spread yet, a parent made a second ago, a provider that is not registered.
 */
export async function sendWithCare(request: ArmRequest, context: Context, care: Care = {}): Promise<Json | undefined> {
  const { world, signal, onWait } = context;
  const left = new Map<Trouble, number>(Object.entries(tries) as [Trouble, number][]);
  for (;;) {
    try {
      return await world.arm.send(request, { signal, onWait });
    } catch (error) {
      const trouble = signal.aborted ? undefined : troubleOf(error, request, context);
      const again = trouble === undefined ? 0 : (left.get(trouble) ?? 0);
      if (trouble === undefined || again === 0) throw error;
      left.set(trouble, again - 1);
      await overcome(trouble, error as AzureError, request, context, tries[trouble] - again);
      if ((await care.isDone?.()) === true) return undefined;
    }
  }
}

type Trouble = 'busy' | 'pull' | 'secret' | 'parent' | 'provider' | 'etag' | 'lost';
const tries: Readonly<Record<Trouble, number>> = {
  busy: 12,
  pull: 8,
  secret: 8,
  parent: 6,
  provider: 1,
  etag: 3,
  lost: 3,
};

function troubleOf(error: unknown, request: ArmRequest, context: Context): Trouble | undefined {
  if (!isAzureError(error)) return undefined;
  if (error.code === 'MissingSubscriptionRegistration') return 'provider';
  if (isBusy(error)) return 'busy';
  // Before the pull: names of identities and secrets can have any words in them.
  if (refusedSecrets(error).length > 0) return givesRoles(context, keyVaultSecretsUser) ? 'secret' : undefined;
  if (isRefusedPull(error) && givesRoles(context)) return 'pull';
  // A copy of Azure's data that has not heard of what this very deployment made.
  if (error.status === 404 && absentParents.has(error.code) && makesSomething(context)) return 'parent';
  if (error.status === 412 || error.status === 428) return 'etag';
  // The client does not repeat it, as not every PATCH can be; ours set values to what they are to be.
  if (request.method === 'PATCH' && (error.status === 0 || error.status >= 500)) return 'lost';
  return undefined;
}

async function overcome(
  trouble: Trouble,
  error: AzureError,
  request: ArmRequest,
  context: Context,
  past: number,
): Promise<void> {
  const { world, signal, onWait } = context;
  switch (trouble) {
    case 'provider':
      await register(namespaceIn(error, request.path), context);
      break;
    case 'busy':
      onWait('Waiting for another operation on it to end');
      await world.clock.wait(Math.min(2_000 * 1.5 ** past, 30_000), signal);
      if (request.method !== 'POST') await settled(request.path, request.apiVersion, context);
      break;
    case 'pull':
      onWait('The right to pull the image has not reached all of Azure yet: trying again');
      await world.clock.wait(Math.min(10_000 * 1.5 ** past, 60_000), signal);
      break;
    case 'secret':
      onWait('The right to read the secrets has not reached all of Azure yet: trying again');
      await world.clock.wait(Math.min(10_000 * 1.5 ** past, 60_000), signal);
      break;
    case 'parent':
      onWait('What was just made is not known everywhere yet: trying again');
      await world.clock.wait(Math.min(1_000 * 2 ** past, 20_000), signal);
      break;
    case 'lost':
      onWait('Azure does not answer: trying again');
      await world.clock.wait(2_000 * 2 ** past, signal);
      break;
    case 'etag':
      break;
  }
}

/** Somebody, maybe our own earlier life, has an operation under way. Quotas have the same code and other words. */
function isBusy(error: AzureError): boolean {
  if (busyCodes.has(error.code)) return true;
  if (error.status !== 409 || /quota|exceed|limit/i.test(error.message)) return false;
  if (error.code === 'OperationNotAllowed') return true;
  return (
    error.code === 'Conflict' && /in progress|another operation|being (?:modified|updated|deleted)/i.test(error.message)
  );
}

const busyCodes = new Set([
  'AnotherOperationInProgress',
  'ContainerAppOperationInProgress',
  'ContainerGroupTransitioning',
  'OperationInProgress',
]);
const absentParents = new Set(['ResourceGroupNotFound', 'ParentResourceNotFound', 'ResourceNotFound', 'NotFound']);

/** This deployment does, or an unfinished one before it has: either way the role is new. */
function givesRoles({ plan, earlier }: Pick<Context, 'plan' | 'earlier'>, role?: Role): boolean {
  return (
    plan.steps.some((step) => step.do === 'role' && (role === undefined || step.role.id === role.id)) ||
    earlier.some((id) => /\/roleAssignments\/[^/]+$/i.test(id))
  );
}

function makesSomething({ plan }: Context): boolean {
  return plan.steps.some((step) => step.effect === 'create');
}

/** The error names it; if it should not, the path does. */
function namespaceIn(error: AzureError, path: string): string {
  const named = [error.target ?? '', error.message, ...error.details].map(
    (text) => /(?:^|')([A-Za-z]+\.[A-Za-z.]+)(?:'|$)/.exec(text)?.[1],
  );
  return named.find((name) => name !== undefined) ?? /\/providers\/([^/]+)\/(?!.*\/providers\/)/i.exec(path)?.[1] ?? '';
}
