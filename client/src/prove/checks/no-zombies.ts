import { instructions, notApplicable, type Check } from '../check.ts';
import { nothingToRun, notStarted } from '../judge.ts';
import { plainRun } from '../runs/plain.ts';
import { stoppingRun } from '../runs/stopping.ts';

export const noZombies: Check = {
  id: 'no-zombies',
  whyNot: nothingToRun,
  async run(context) {
    const [plain, stopping] = await Promise.all([context.once(plainRun), context.once(stoppingRun)]);
    const trouble = notStarted(context, plain, 'no-zombies');
    if (trouble) return trouble;
    const { orphan, first } = stopping ?? {};
    if (orphan === undefined) return notApplicable('It was gone before it could be looked at');
    if (orphan.kind === 'not-tried') return notApplicable('Not tried: nothing in the image could start a child');
    const name = first?.name ?? 'PID 1';
    const details = [`A child without a parent was left behind by '${orphan.by}' in the container`];
    const concerns = instructions('ENTRYPOINT', 'CMD');
    if (orphan.kind === 'reaped')
      return { outcome: 'kept', message: `PID 1 '${name}' reaps orphaned children`, details, concerns };
    return {
      outcome: 'broken',
      message: `PID 1 '${name}' leaves orphaned children as zombies`,
      advice: "Start it with an init: 'tini' in the image, '--init', or 'init: true' in Compose",
      details,
      concerns,
    };
  },
};
