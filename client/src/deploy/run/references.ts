import { at, isObject, type Json, type JsonObject, textAt } from '../../azure/json.ts';
import { UserError } from '../../ui/user-error.ts';
import type { ReferencesWork } from '../step.ts';
import type { Context, Ran } from './context.ts';

/** Changes nothing, and is asked anew each time: what was found yesterday may be gone from its vault today. */
export async function runReferences(work: ReferencesWork, context: Context): Promise<Ran> {
  const { world, signal, onWait } = context;
  const until = world.clock.elapsed() + work.seconds * 1_000;
  for (let pause = 1_000; ; pause = Math.min(pause * 2, 5_000)) {
    signal.throwIfAborted();
    const found = await read(work, context);
    const open = work.settings.filter((setting) => statusOf(found.get(setting)) !== 'Resolved');
    if (open.length === 0) return 'done';
    const isOver = world.clock.elapsed() >= until || open.every((setting) => lasting.has(statusOf(found.get(setting))));
    if (isOver) throw new UserError(open.map((setting) => told(setting, found.get(setting), work)).join('; '));
    onWait(`Waiting until Azure has found ${open.map((setting) => `'${setting}'`).join(', ')} in Key Vault`);
    await world.clock.wait(pause, signal);
  }
}

/** By setting. Documented is a list; what Azure gives, and its own portal reads, is one object with all of them by their names. */
async function read(
  { path, apiVersion }: ReferencesWork,
  { world, signal, onWait }: Context,
): Promise<ReadonlyMap<string, JsonObject>> {
  const place = `${path}/config/configreferences/appsettings`;
  const answer = await world.arm.get(place, apiVersion, { signal, onWait });
  const byName = at(answer, 'properties.keyToReferenceStatuses');
  if (isObject(byName)) return new Map(Object.entries(byName).filter((entry) => isEntry(entry)));
  const all =
    textAt(answer, 'nextLink') === undefined
      ? listIn(answer)
      : await world.arm.list(place, apiVersion, {}, { signal, onWait });
  return new Map(all.map((one) => [textAt(one, 'name') ?? '', propertiesOf(one)]));
}

/** Nothing that passes by itself; the others may be on their way: a role, or the first look. */
const lasting: ReadonlySet<string | undefined> = new Set([
  'InvalidSyntax',
  'VaultNotFound',
  'SecretNotFound',
  'SecretVersionNotFound',
]);

function told(setting: string, found: JsonObject | undefined, { reader }: ReferencesWork): string {
  const status = statusOf(found);
  const details = textAt(found, 'details')?.replace(/\s+/g, ' ').replace(/\.$/, '');
  const reason = [status ?? 'Azure has not looked yet', ...(details === undefined ? [] : [details])].join(': ');
  return `'${setting}' does not resolve (${reason}): ${adviceFor(status, found, reader)}`;
}

function adviceFor(status: string | undefined, found: JsonObject | undefined, reader: string): string {
  const vault = textAt(found, 'vaultName') ?? 'the key vault';
  const secret = textAt(found, 'secretName') ?? 'it';
  switch (status) {
    case 'InvalidSyntax':
      return 'write it as @Microsoft.KeyVault(SecretUri=https://VAULT.vault.azure.net/secrets/NAME)';
    case 'VaultNotFound':
      return `correct its address, there is no key vault '${vault}'`;
    case 'SecretNotFound':
    case 'SecretVersionNotFound':
      return `make the secret '${secret}' in '${vault}', then restart the app`;
    case 'MSINotEnabled':
      return `give the app an identity, and that 'Key Vault Secrets User' on '${vault}'`;
    case 'AccessToKeyVaultDenied':
    case 'UnauthorizedClient':
      return `give ${reader} 'Key Vault Secrets User' on '${vault}', then restart the app`;
    default:
      return `restart the app; if that does not help, look at the firewall of '${vault}'`;
  }
}

function statusOf(found: JsonObject | undefined): string | undefined {
  return textAt(found, 'status');
}

function listIn(answer: Json): readonly JsonObject[] {
  const value = at(answer, 'value');
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
}

function propertiesOf(one: JsonObject): JsonObject {
  const properties = one['properties'];
  return isObject(properties) ? properties : {};
}

function isEntry(entry: [string, Json]): entry is [string, JsonObject] {
  return isObject(entry[1]);
}
