import { instructions, type Check, type Judgement } from '../check.ts';
import type { ImageFacts } from '../facts.ts';
import { isMissing, type Health } from '../app/ready.ts';
import { lastLines, lines, nothingToRun, notStarted, seconds } from '../judge.ts';
import { plainRun } from '../runs/plain.ts';

export const healthy: Check = {
  id: 'healthy',
  whyNot: (facts) => nothingToRun(facts) ?? noHealthcheck(facts),
  async run(context) {
    const plain = await context.once(plainRun);
    if (plain.health?.kind === 'healthy') return kept(plain.health);
    // An app that ended may have been ended by what the check waits for.
    const trouble = notStarted(context, plain, 'healthy');
    return trouble ?? judge(context.facts, plain.health, plain.log);
  },
};

export function noHealthcheck({ config }: ImageFacts): string | undefined {
  return config.healthcheck === undefined ? 'It has no HEALTHCHECK' : undefined;
}

const concerns = instructions('HEALTHCHECK');

function kept(health: Extract<Health, { kind: 'healthy' }>): Judgement {
  return { outcome: 'kept', message: `Healthy ${seconds(health.seconds)} after its start`, concerns };
}

function judge({ config }: ImageFacts, health: Health | undefined, log: string): Judgement {
  const last = health?.kind === 'unhealthy' ? health.last : undefined;
  const said = last ? lines(`${last.stdout}\n${last.stderr}`).slice(-5) : [];
  const details = [...said.map((line) => `Check: ${line}`), ...lastLines(log)];
  const program = config.healthcheck?.command[0] ?? '';
  const after = seconds(health?.kind === 'unhealthy' ? health.seconds : 0);
  if (last === undefined) {
    const message = `The health check gives no answer within its timeout of ${config.healthcheck?.timeout ?? 0} s`;
    return {
      outcome: 'broken',
      message,
      advice: 'Give the check a timeout of its own, and see what it waits for',
      details,
      concerns,
    };
  }
  if (isMissing(last)) {
    const missing =
      /exec: "([^"]+)"/.exec(last.stderr)?.[1] ??
      /([\w./-]+): (?:command )?not found/.exec(last.stderr)?.[1] ??
      program;
    const message = `The health check cannot run: '${missing}' is not in the image`;
    return {
      outcome: 'broken',
      message,
      advice: `Install '${missing}', or check with what the image has`,
      details,
      concerns,
    };
  }
  const message = `Not healthy ${after} after its start: the check exits with ${last.code ?? 'a signal'}`;
  const advice = 'See what the check says; a slow start needs a longer --start-period';
  return { outcome: 'broken', message, advice, details, concerns };
}
