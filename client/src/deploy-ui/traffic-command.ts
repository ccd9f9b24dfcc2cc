import type { Target } from '../deploy/choices.ts';
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

/** Between the one that has the traffic and the newest other one. */
function halves(versions: readonly Version[]): readonly { label: string; description: string; value: TrafficWish }[] {
  const [first, ...others] = versions;
  const newest = others.toSorted((a, b) => (b.changedAt ?? '').localeCompare(a.changedAt ?? ''))[0];
  if (first === undefined || newest === undefined) return [];
  const shares = [first, newest].map(({ name }) => ({ revision: name, weight: 50 }));
  const label = `50 % ${shortName(first)}, 50 % ${shortName(newest)}`;
  return [{ label, description: 'half and half', value: { do: 'split', shares } }];
}

async function askShares(versions: readonly Version[]): Promise<readonly Share[]> {
  const proposal = versions
    .slice(0, 2)
    .map((version, index) => `${shortName(version)}=${index === 0 ? 90 : 10}`)
    .join(' ');
  const text = await enter({ title, placeholder: 'Each revision and its per cent' }, proposal, (entered) => {
    const shares = readShares(entered, versions);
    if (typeof shares === 'string') return shares;
    const sum = shares.reduce((all, { weight }) => all + weight, 0);
    return sum === 100 ? undefined : `The shares add up to ${sum} %: make it 100`;
  });
  const shares = readShares(text, versions);
  return typeof shares === 'string' ? [] : shares;
}

/** The shares, or what is wrong with them. */
export function readShares(text: string, versions: readonly Version[]): readonly Share[] | string {
  const shares: Share[] = [];
  for (const part of text.split(/[\s,]+/).filter((each) => each !== '')) {
    const [, name = '', weight = ''] = /^(.+?)=(\d{1,3})%?$/.exec(part) ?? [];
    if (weight === '') return `'${part}' is not 'revision=share'`;
    const version = versions.find((each) => each.name === name || shortName(each) === name);
    if (version === undefined) return `There is no revision '${name}'`;
    shares.push({ revision: version.name, weight: Number(weight) });
  }
  return shares;
}

/** `v2` of `shop--v2`. */
export function shortName({ name }: Pick<Version, 'name'>): string {
  return name.split('--').at(-1) ?? name;
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
