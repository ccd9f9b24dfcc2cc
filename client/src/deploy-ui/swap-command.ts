import { apiVersions } from '../azure/api-versions.ts';
import { textAt } from '../azure/json.ts';
import type { Target } from '../deploy/choices.ts';
import { idsOf } from '../deploy/plan/ids.ts';
import { planSwap, type SwapWish } from '../deploy/plan/swap.ts';
import { UserError } from '../ui/user-error.ts';
import { showTarget } from './choices-file.ts';
import { existingTarget, planAndCarryOut, type Place } from './deploy-command.ts';
import type { Deploying } from './deploying.ts';
import { pick, type Choice } from './pick.ts';

/** Swaps a slot with production at once, or with a look at it before. */
export async function swapSlots(deploying: Deploying, given: unknown): Promise<void> {
  const place = await existingTarget(given, 'swapping needs an App Service target', ['appService']);
  const target = await withSlot(deploying, place);
  const wish = await pick<SwapWish>({ title: 'Swap slots', placeholder: 'How?' }, async (signal) => {
    const arm = await deploying.session.arm(target.tenant);
    const slot = await arm.find(idsOf(target).app, apiVersions.web, { signal });
    const isPreviewed = textAt(slot, 'properties.targetSwapSlot') !== undefined;
    const swap: Choice<SwapWish> = { label: isPreviewed ? 'Complete the swap' : 'Swap', value: { do: 'swap' } };
    return isPreviewed
      ? [
          { ...swap, detail: 'The slot takes over, with what you have looked at' },
          {
            label: 'Cancel the preview',
            detail: 'The slot gets its own settings back',
            value: { do: 'cancelPreview' },
          },
        ]
      : [
          { ...swap, detail: 'The slot is warmed up, then takes over' },
          {
            label: 'Preview',
            detail: "The slot gets production's settings; look at it, then complete or cancel",
            value: { do: 'preview' },
          },
        ];
  });
  await planAndCarryOut(deploying, { ...place, target }, (of, facts) => planSwap(of, facts, wish), {
    id: 'shipshape.swapSlots',
    given,
  });
}

/** The slot that the target names, else the only one, else the one that is chosen. */
async function withSlot({ session }: Deploying, { folder, target }: Place): Promise<Target> {
  const { app } = target;
  if (app.kind !== 'appService' || app.slot !== undefined) return target;
  const arm = await session.arm(target.tenant);
  const found = await arm.list(`${idsOf(target).app}/slots`, apiVersions.web);
  const names = found.map((slot) => (textAt(slot, 'name') ?? '').split('/').at(-1) ?? '');
  const [only] = names;
  if (only === undefined) {
    const action = { title: 'Open the file', run: () => showTarget(folder, target.name) };
    throw new UserError(`'${app.name}' has no slot: add 'slot' to the target and deploy into it`, action);
  }
  const slot =
    names.length === 1
      ? only
      : await pick({ title: 'Swap slots', placeholder: 'Which slot?' }, () =>
          Promise.resolve(names.map((value) => ({ label: value, value }))),
        );
  return { ...target, app: { ...app, slot } };
}
