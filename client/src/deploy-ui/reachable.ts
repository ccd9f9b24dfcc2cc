import { workspace } from 'vscode';
import { idsOf } from '../deploy/plan/ids.ts';
import { createHttp } from '../registry/http.ts';
import type { Reach } from '../registry/offers.ts';
import { createTokens } from '../registry/token.ts';
import { choicesOf } from './choices-file.ts';
import type { Session } from './session.ts';

/** The registries of the workspace's targets, and the subscription that was chosen last; for each directory, who is signed in there. */
export async function reachable(session: Session): Promise<readonly Reach[]> {
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const targets = (await Promise.all(folders.map(choicesOf))).flatMap((choices) => choices.targets);
  const { remembered } = session;
  const chosen = remembered.get('subscription');
  const all = [
    ...targets.map((target) => ({
      tenant: target.tenant,
      registry: idsOf(target).registry,
      subscription: target.subscription,
    })),
    ...(chosen === undefined ? [] : [{ tenant: remembered.get('tenant'), registry: undefined, subscription: chosen }]),
  ];
  const tenants = [...new Set(all.map(({ tenant }) => tenant))];
  return Promise.all(
    tenants.map(async (tenant): Promise<Reach> => {
      const arm = await session.silentArm(tenant);
      const http = createHttp();
      const mine = all.filter((one) => one.tenant === tenant);
      return {
        arm,
        calls: { http, tokens: createTokens({ arm, http }) },
        registries: [...new Set(mine.flatMap(({ registry }) => registry ?? []))],
        subscriptions: [...new Set(mine.map(({ subscription }) => subscription))],
      };
    }),
  );
}
