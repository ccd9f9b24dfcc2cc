import type { Target } from '../deploy/choices.ts';
import { halfAndHalf, readShares, shortName } from '../deploy/after/shares.ts';
import { readState, type Version } from '../deploy/after/state.ts';
import { labelProblem } from '../deploy/plan/app-labels.ts';
import { planTraffic, type Share, type TrafficWish } from '../deploy/plan/traffic.ts';
import { UserError } from '../ui/user-error.ts';
import { existingTarget, planAndCarryOut, type Place } from './deploy-command.ts';
import type { Deploying } from './deploying.ts';
import type { Node } from './deployments-tree.ts';
import { enter, pick, separator, type Choice } from './pick.ts';
import type { Asked } from './ui.ts';

const title = 'Split traffic';

/** Between the revisions that get some now and another, half and half by default; all to one; or what else revisions can do. */
export async function splitTraffic(deploying: Deploying, given: unknown): Promise<void> {
  const place = await existingTarget(given, 'splitting needs a Container App target', ['containerApp']);
  const versions = await revisionsOf(deploying, place.target);
  const [first, second] = versions;
  if (first === undefined) throw new UserError(`'${place.target.app.name}' has no revision yet: deploy first`);
  const wish = await pick<() => Promise<TrafficWish>>({ title, placeholder: 'How?' }, () =>
    Promise.resolve([
      ...(second === undefined ? [] : halves(versions)),
      {
        label: 'Other shares …',
        value: async (): Promise<TrafficWish> => ({ do: 'split', shares: await askShares(versions) }),
      },
      separator('All of it'),
      ...versions.map((version) => ({
        label: `All to ${shortName(version)}`,
        description: descriptionOf(version),
        value: known({ do: 'promote', revision: version.name }),
      })),
      separator('Or'),
      {
        label: '$(tag) Label a revision …',
        detail: 'An address of its own, whatever share of the requests it gets',
        value: async () =>
          askLabel(await askRevision('Label a revision', versions, 'Which gets an address of its own?'), versions),
      },
      ...versions.filter(isSwitchable).map((version) => ({
        label: `${version.isActive ? '$(debug-stop) Stop' : '$(play) Start'} ${shortName(version)}`,
        description: descriptionOf(version),
        value: known({ do: version.isActive ? 'deactivate' : 'activate', revision: version.name }),
      })),
    ]),
  );
  const chosen = await wish();
  await carryOutOn(deploying, place, chosen, { id: 'shipshape.splitTraffic', given });
}

function known(wish: TrafficWish): () => Promise<TrafficWish> {
  return () => Promise.resolve(wish);
}

/** Nobody must be sent to what is stopped. */
function isSwitchable({ isActive, weight }: Version): boolean {
  return !isActive || (weight ?? 0) === 0;
}

/** From the view, where a revision is chosen already. */
export async function labelRevision(deploying: Deploying, node: Node): Promise<void> {
  if (node.kind !== 'version' || node.version.kind !== 'revision') return;
  const wish = await askLabel(node.version, node.state.versions);
  const asked = { id: 'shipshape.deployments.label', given: node };
  await carryOutOn(deploying, { folder: node.folder, target: node.of }, wish, asked);
}

async function carryOutOn(deploying: Deploying, place: Place, wish: TrafficWish, asked: Asked): Promise<void> {
  await planAndCarryOut(deploying, place, (target, facts) => planTraffic(target, facts, wish), asked);
}

/** A new label, one that another revision has, or none. */
async function askLabel(version: Version, versions: readonly Version[]): Promise<TrafficWish> {
  const { name: revision, labels: own = [] } = version;
  const others = versions.filter(({ name }) => name !== revision);
  const choices = [
    ...others.flatMap((other) =>
      (other.labels ?? []).map(({ name, url }) => ({
        label: `$(tag) Move '${name}' here`,
        description: `from ${shortName(other)}`,
        ...(url === undefined ? {} : { detail: url }),
        value: known({ do: 'label', label: name, revision }),
      })),
    ),
    ...own.map(({ name, url }) => ({
      label: `$(close) Take '${name}' off`,
      ...(url === undefined ? {} : { detail: url }),
      value: known({ do: 'label', label: name }),
    })),
  ];
  const question = { title: `Label ${shortName(version)}`, placeholder: 'Name of the label; part of its address' };
  const fresh = async (): Promise<TrafficWish> => ({
    do: 'label',
    label: await enter(question, '', labelProblem),
    revision,
  });
  if (choices.length === 0) return await fresh();
  const chosen = await pick<() => Promise<TrafficWish>>({ ...question, placeholder: 'Which label?' }, () =>
    Promise.resolve([{ label: '$(add) A new one …', value: fresh }, ...choices]),
  );
  return await chosen();
}

async function askRevision(about: string, versions: readonly Version[], placeholder: string): Promise<Version> {
  return await pick<Version>({ title: about, placeholder }, () =>
    Promise.resolve(versions.map((value) => ({ label: shortName(value), description: descriptionOf(value), value }))),
  );
}

async function revisionsOf({ session }: Deploying, target: Target): Promise<readonly Version[]> {
  const state = await readState(await session.arm(target.tenant), target);
  return (state?.versions ?? []).filter(({ kind }) => kind === 'revision');
}

export async function setActive(deploying: Deploying, node: Node, isActive: boolean): Promise<void> {
  if (node.kind !== 'version' || node.version.kind !== 'revision') return;
  const wish: TrafficWish = { do: isActive ? 'activate' : 'deactivate', revision: node.version.name };
  const asked = { id: `shipshape.deployments.${isActive ? 'activate' : 'deactivate'}`, given: node };
  await carryOutOn(deploying, { folder: node.folder, target: node.of }, wish, asked);
}

function halves(versions: readonly Version[]): readonly Choice<() => Promise<TrafficWish>>[] {
  const shares = halfAndHalf(versions);
  const label = shares.map(({ revision, weight }) => `${weight} % ${shortName({ name: revision })}`).join(', ');
  return shares.length === 0 ? [] : [{ label, description: 'half and half', value: known({ do: 'split', shares }) }];
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

export function descriptionOf({ image, weight, labels, state, changedAt }: Version): string {
  return [
    image?.split('/').slice(1).join('/'),
    weight === undefined ? undefined : `${weight} %`,
    labels?.map(({ name }) => name).join(', '),
    state,
    changedAt === undefined ? undefined : new Date(changedAt).toLocaleString(),
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}
