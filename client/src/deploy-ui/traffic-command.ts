import type { Target } from '../deploy/choices.ts';
import { halfAndHalf, readShares, shortName } from '../deploy/after/shares.ts';
import { readState, type Version } from '../deploy/after/state.ts';
import { planTraffic, type Share, type TrafficWish } from '../deploy/plan/traffic.ts';
import { UserError } from '../ui/user-error.ts';
import { existingTarget, planAndCarryOut } from './deploy-command.ts';
import type { Deploying } from './deploying.ts';
import type { Node } from './deployments-tree.ts';
import { enter, pick, separator } from './pick.ts';

const title = 'Split traffic';

/** Between the revisions that get some now and another, half and half by default; or all to one. */
export async function splitTraffic(deploying: Deploying, given: unknown): Promise<void> {
  const place = await existingTarget(given, 'splitting needs a Container App target', ['containerApp']);
  const versions = await revisionsOf(deploying, place.target);
  const [first, second] = versions;
  if (first === undefined) throw new UserError(`'${place.target.app.name}' has no revision yet: deploy first`);
  const wish = await pick<TrafficWish | 'shares'>({ title, placeholder: 'How?' }, () =>
    Promise.resolve([
      ...(second === undefined ? [] : halves(versions)),
      { label: 'Other shares …', value: 'shares' as const },
      separator('All of it'),
      ...versions.map((version) => ({
        label: `All to ${shortName(version)}`,
        description: descriptionOf(version),
        value: { do: 'promote' as const, revision: version.name },
      })),
    ]),
  );
  const chosen: TrafficWish = wish === 'shares' ? { do: 'split', shares: await askShares(versions) } : wish;
  await planAndCarryOut(deploying, place, (target, facts) => planTraffic(target, facts, chosen));
}

async function revisionsOf({ session }: Deploying, target: Target): Promise<readonly Version[]> {
  const state = await readState(await session.arm(target.tenant), target);
  return (state?.versions ?? []).filter(({ kind }) => kind === 'revision');
}

export async function setActive(deploying: Deploying, node: Node, isActive: boolean): Promise<void> {
  if (node.kind !== 'version' || node.version.kind !== 'revision') return;
  const wish: TrafficWish = { do: isActive ? 'activate' : 'deactivate', revision: node.version.name };
  await planAndCarryOut(deploying, { folder: node.folder, target: node.of }, (target, facts) =>
    planTraffic(target, facts, wish),
  );
}

function halves(versions: readonly Version[]): readonly { label: string; description: string; value: TrafficWish }[] {
  const shares = halfAndHalf(versions);
  const label = shares.map(({ revision, weight }) => `${weight} % ${shortName({ name: revision })}`).join(', ');
  return shares.length === 0 ? [] : [{ label, description: 'half and half', value: { do: 'split', shares } }];
}

async function askShares(versions: readonly Version[]): Promise<readonly Share[]> {
  const proposal = versions
    .slice(0, 2)
    .map((version, index) => `${shortName(version)}=${index === 0 ? 90 : 10}`)
    .join(' ');
  const text = await enter({ title, placeholder: 'Each revision and its per cent' }, proposal, (entered) => {
    const shares = readShares(entered, versions);
    return typeof shares === 'string' ? shares : undefined;
  });
  const shares = readShares(text, versions);
  return typeof shares === 'string' ? [] : shares;
}

export function descriptionOf({ image, weight, state, changedAt }: Version): string {
  return [
    image?.split('/').slice(1).join('/'),
    weight === undefined ? undefined : `${weight} %`,
    state,
    changedAt === undefined ? undefined : new Date(changedAt).toLocaleString(),
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}
