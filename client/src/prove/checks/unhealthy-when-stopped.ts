import { instructions, notApplicable, type Check, type Judgement } from '../check.ts';
import { lines, nothingToRun, notStarted, seconds } from '../judge.ts';
import { plainRun, type FrozenCheck } from '../runs/plain.ts';
import { noHealthcheck } from './healthy.ts';

export const unhealthyWhenStopped: Check = {
  id: 'unhealthy-when-stopped',
  whyNot: (facts) => nothingToRun(facts) ?? noHealthcheck(facts),
  async run(context) {
    const plain = await context.once(plainRun);
    const trouble = notStarted(context, plain, 'unhealthy-when-stopped');
    if (trouble) return trouble;
    if (plain.frozen === undefined) return notApplicable('It was never healthy');
    return judge(plain.frozen, context.facts.config.healthcheck?.timeout ?? 0);
  },
};

const concerns = instructions('HEALTHCHECK');

function judge(frozen: FrozenCheck, timeout: number): Judgement {
  switch (frozen.kind) {
    case 'not-tried':
      return notApplicable(`Not tried: ${frozen.reason}`);
    case 'passes':
      return {
        outcome: 'broken',
        message: 'The health check passes though the app hangs',
        advice: 'Let the check ask the app for an answer, such as an HTTP request, with a timeout',
        details: lines(frozen.output)
          .slice(-5)
          .map((line) => `Check: ${line}`),
        concerns,
      };
    case 'fails':
      return {
        outcome: 'kept',
        message: `The health check exits with ${frozen.code ?? 'a signal'} when the app hangs`,
        concerns,
      };
    case 'silent': {
      const message = `The health check gives no answer when the app hangs (for ${seconds(frozen.seconds)})`;
      return { outcome: 'kept', message, details: [`Its timeout of ${timeout} s then makes it fail`], concerns };
    }
  }
}
