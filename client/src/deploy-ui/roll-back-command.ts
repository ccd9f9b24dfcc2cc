import { shortName } from '../deploy/after/shares.ts';
import { readState } from '../deploy/after/state.ts';
import { planRunImage } from '../deploy/plan/run-image.ts';
import { planSwap } from '../deploy/plan/swap.ts';
import { planTraffic } from '../deploy/plan/traffic.ts';
import { UserError } from '../ui/user-error.ts';
import { existingTarget, planAndCarryOut, type Place } from './deploy-command.ts';
import type { Deploying } from './deploying.ts';
import { pick } from './pick.ts';
import { descriptionOf } from './traffic-command.ts';
import type { Asked } from './ui.ts';

/** Back to what ran before: the other slot, an earlier revision, or an earlier image, whichever the target has. */
export async function rollBack(deploying: Deploying, given: unknown): Promise<void> {
  const asked = { id: 'shipshape.rollBack', given };
  const place = await existingTarget(given, 'rolling back needs a target');
  const { target } = place;
  if (target.app.kind === 'appService' && target.app.slot !== undefined) {
    await planAndCarryOut(deploying, place, (of, facts) => planSwap(of, facts, { do: 'rollBack' }), asked);
    return;
  }
  const state = await readState(await deploying.session.arm(target.tenant), target);
  if (state === undefined) throw new UserError(`'${target.app.name}' is not there: deploy it first`);
  if (state.isMultiple === true) {
    const [now, ...earlier] = state.versions;
    if (earlier.length === 0) throw new UserError(`'${target.app.name}' has only the revision '${now?.name ?? ''}'`);
    const revision = await pick({ title: 'Roll back', placeholder: 'To which revision?' }, () =>
      Promise.resolve(
        earlier.map((version) => ({
          label: shortName(version),
          description: descriptionOf(version),
          value: version.name,
        })),
      ),
    );
    await planAndCarryOut(deploying, place, (of, facts) => planTraffic(of, facts, { do: 'rollBack', revision }), asked);
    return;
  }
  await rollBackImage(
    deploying,
    place,
    asked,
    state.versions.map(({ image }) => image),
  );
}

/** Images that are known to have run: of the revisions that Azure remembers, and of the deployments from here. */
async function rollBackImage(
  deploying: Deploying,
  place: Place,
  asked: Asked,
  [running, ...known]: readonly (string | undefined)[],
): Promise<void> {
  const { target } = place;
  const records = deploying.records.of(target.name);
  const images = [...new Set([...records.map(({ image }) => image), ...known])].filter(
    (image) => image !== undefined && image !== running,
  ) as readonly string[];
  if (images.length === 0)
    throw new UserError(`No earlier image of '${target.app.name}' is known: deploy an older commit`);
  const image = await pick({ title: 'Roll back', placeholder: 'To which image?' }, () =>
    Promise.resolve(
      images.map((value) => {
        const record = records.find((each) => each.image === value);
        const when = record === undefined ? '' : new Date(record.at).toLocaleString();
        return { label: value.split('/').slice(1).join('/'), description: when, value };
      }),
    ),
  );
  await planAndCarryOut(deploying, place, (of, facts) => planRunImage(of, facts, image), asked);
}
