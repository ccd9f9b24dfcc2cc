import { isAzureError } from '../../azure/azure-error.ts';
import { planAgain } from '../../azure/explanation.ts';
import { isObject, type Json } from '../../azure/json.ts';
import { Refused } from '../../azure/refused.ts';
import { nameOf } from '../../azure/resource-id.ts';
import type { Work } from '../step.ts';
import type { Context, Ran } from './context.ts';
import { sendWithCare } from './send.ts';

/** Putting app settings replaces them all, so everybody else's go with ours. It restarts the app: not done without need. */
export async function runSettings(work: Extract<Work, { do: 'settings' }>, context: Context): Promise<Ran> {
  const { world, filler, scrubber, signal, onWait } = context;
  const path = `${work.path}/config/appsettings`;
  const { apiVersion } = work;
  const set: Record<string, string> = {};
  for (const [name, value] of Object.entries(work.set)) set[name] = await filler.text(value);

  const list = async (): Promise<Readonly<Record<string, Json>>> => {
    const answer = await world.arm
      .send({ method: 'POST', path: `${path}/list`, apiVersion }, { signal, onWait })
      .catch((error: unknown) => {
        if (!isAzureError(error) || error.status !== 404) throw error;
        throw new Refused(`'${nameOf(work.path)}' is not there any more: plan again`, planAgain);
      });
    const settings = isObject(answer) && isObject(answer['properties']) ? answer['properties'] : {};
    for (const [name, value] of Object.entries(settings)) if (secretName.test(name)) scrubber.hideAll(value);
    return settings;
  };
  const hasAll = (settings: Readonly<Record<string, Json>>): boolean =>
    Object.entries(set).every(([name, value]) => settings[name] === value);

  const now = await list();
  if (hasAll(now)) return 'already';
  await sendWithCare({ method: 'PUT', path, apiVersion, body: { properties: { ...now, ...set } } }, context, {
    isDone: async () => hasAll(await list()),
  });
  return 'done';
}

/** What other people's settings are secrets, nobody tells. */
const secretName = /secret|password|passwd|token|key|connection/i;
