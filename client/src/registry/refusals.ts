import { AzureError } from '../azure/azure-error.ts';
import { ask, openPortal } from '../azure/explanation.ts';
import { Refused } from '../azure/refused.ts';
import type { HttpAnswer } from './http.ts';
import { roleToPull, roleToPush, type Registry } from './registry.ts';

/** What was wanted of the registry. */
export type Wish = 'pull' | 'push' | 'list';

/** What a registry's refusal comes to: for people where it is clear what to do, else as Azure has it. */
export function refusalOf(answer: HttpAnswer, registry: Registry, wish: Wish, request: string): AzureError | Refused {
  const { code, message } = errorIn(answer.text);
  const { status } = answer;
  if (isFirewall(status, message)) return keptOut(registry, message);
  if (status === 401 || status === 403) return withoutRights(registry, wish);
  return new AzureError({
    status,
    code: code ?? String(status),
    message: message ?? `The registry '${registry.name}' answered with status ${status}`,
    request,
    requestId: answer.header('x-ms-correlation-request-id'),
  });
}

/** The registry's own words: `{"errors":[{"code":"DENIED","message":"…"}]}`. */
export function errorIn(text: string): { readonly code?: string; readonly message?: string } {
  try {
    const [first] = (JSON.parse(text) as { errors?: readonly { code?: unknown; message?: unknown }[] }).errors ?? [];
    return {
      ...(typeof first?.code === 'string' && { code: first.code }),
      ...(typeof first?.message === 'string' && { message: first.message }),
    };
  } catch {
    return {};
  }
}

export function withoutRights(registry: Registry, wish: Wish): Refused {
  const role = wish === 'push' ? roleToPush(registry) : roleToPull(registry);
  const verb = { push: 'push to', pull: 'pull from', list: 'look into' }[wish];
  const message = `You may not ${verb} the registry '${registry.name}': ask for its role '${role.name}'`;
  return new Refused(message, ask(role.name, registry.id === '' ? registry.loginServer : registry.id));
}

/** Such as: client with IP '203.0.113.7' is not allowed access. */
export function keptOut({ id, name }: Registry, message: string | undefined): Refused {
  const address = /IP '([^']+)'/.exec(message ?? '')?.[1];
  return new Refused(
    `The firewall of the registry '${name}' keeps you out: allow ${address ?? 'your address'} under Networking`,
    openPortal(id === '' ? undefined : id),
  );
}

function isFirewall(status: number, message: string | undefined): boolean {
  return status === 403 && /\bclient with IP\b|firewall|public network access|not allowed access/i.test(message ?? '');
}
