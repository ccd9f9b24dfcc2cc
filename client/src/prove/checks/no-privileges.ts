import { instructions, type Check, type Judgement } from '../check.ts';
import { bootDetails, failure, lines, nothingToRun, notStarted } from '../judge.ts';
import { plainRun } from '../runs/plain.ts';
import { isHopeless, productionRun, type Boot } from '../runs/production.ts';

export const noPrivileges: Check = {
  id: 'no-privileges',
  whyNot: nothingToRun,
  async run(context) {
    const [plain, production] = await Promise.all([context.once(plainRun), context.once(productionRun)]);
    const trouble = isHopeless(plain) ? notStarted(context, plain, 'no-privileges') : undefined;
    return trouble ?? judge(production['no-privileges']);
  },
};

const concerns = instructions('USER', 'ENTRYPOINT', 'CMD');

function judge(boot: Boot | undefined): Judgement {
  if (boot?.isGood === true) return { outcome: 'kept', message: 'Boots without any capability', concerns };
  const log = boot?.log ?? '';
  const refused = lines(log).find((line) => /operation not permitted|permission denied|\bE(PERM|ACCES)\b/i.test(line));
  return {
    outcome: 'broken',
    message: failure(boot, 'without capabilities'),
    advice: adviceFor(refused ?? log),
    details: [...(refused === undefined ? [] : [refused]), ...bootDetails(boot).filter((line) => line !== refused)],
    concerns,
  };
}

function adviceFor(log: string): string {
  if (/chown|chmod/i.test(log)) return "Change owners while building, with 'COPY --chown', not at start";
  if (/setuid|setgid|setgroups|\bsu\b|sudo|gosu|su-exec|initgroups/i.test(log)) {
    return 'Set USER in the Dockerfile, so that nothing has to change the user at start';
  }
  if (/bind|listen|address/i.test(log)) return 'Listen on a port above 1023';
  return 'Set USER, and prepare owners and folders while building, not at start';
}
