import { type Check, type Judgement } from '../check.ts';
import { bootDetails, failure, nothingToRun, notStarted, seconds, started } from '../judge.ts';
import type { ProveSettings } from '../promise.ts';
import { plainRun } from '../runs/plain.ts';
import { isHopeless, productionRun, type Boot } from '../runs/production.ts';

export const limits: Check = {
  id: 'limits',
  whyNot: nothingToRun,
  async run(context) {
    const [plain, production] = await Promise.all([context.once(plainRun), context.once(productionRun)]);
    const trouble = isHopeless(plain) ? notStarted(context, plain, 'limits') : undefined;
    return trouble ?? judge(production.limits, context.settings);
  },
};

function judge(boot: Boot | undefined, { memory, cpus }: ProveSettings): Judgement {
  const within = `within ${memory} of memory and ${cpus} ${cpus === '1' ? 'CPU' : 'CPUs'}`;
  if (boot?.isGood === true) return { outcome: 'kept', message: `Boots ${within}`, concerns: started };
  const { readiness, log = '', wasOutOfMemory = false } = boot ?? {};
  const details = bootDetails(boot);
  const ending = readiness?.kind === 'ended' ? readiness.ending : undefined;
  if (wasOutOfMemory || ending?.wasOutOfMemory === true) {
    const message = ending
      ? `Out of memory at ${memory}: killed (exit ${ending.exitCode}) after ${seconds(ending.seconds)}`
      : `Out of memory at ${memory}: a process of it was killed`;
    const advice = "Let it use less (heap size, workers), or raise 'shipshape.prove.memory'";
    return { outcome: 'broken', message, advice, details, concerns: started };
  }
  const isCrowded = /resource temporarily unavailable|can't fork|pthread_create|EAGAIN/i.test(log);
  const advice = isCrowded
    ? 'Start fewer processes and threads: production limits them'
    : "See its last lines; raise 'shipshape.prove.memory' or 'shipshape.prove.cpus' if it needs more";
  const combined = ending?.exitCode === 137 ? ' (killed, but not for want of memory)' : '';
  return { outcome: 'broken', message: `${failure(boot, within)}${combined}`, advice, details, concerns: started };
}
