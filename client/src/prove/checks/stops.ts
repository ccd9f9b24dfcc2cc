import { instructions, notApplicable, type Check, type Judgement } from '../check.ts';
import type { ImageFacts } from '../facts.ts';
import { lastLines, nothingToRun, notStarted, seconds } from '../judge.ts';
import { plainRun } from '../runs/plain.ts';
import { stoppingRun, type StoppingRun } from '../runs/stopping.ts';

export const stops: Check = {
  id: 'stops',
  whyNot: nothingToRun,
  async run(context) {
    const [plain, stopping] = await Promise.all([context.once(plainRun), context.once(stoppingRun)]);
    const trouble = notStarted(context, plain, 'stops');
    if (trouble) return trouble;
    if (stopping?.stop === undefined) return notApplicable('It was gone before it could be stopped');
    return judge(stopping, stopping.stop, context.facts);
  },
};

function judge(
  seen: StoppingRun,
  { ending, seconds: took, wasKilled }: NonNullable<StoppingRun['stop']>,
  facts: ImageFacts,
): Judgement {
  const { config } = facts;
  const signal = config.stopSignal ?? 'SIGTERM';
  const details = [...(seen.first ? [`PID 1: ${seen.first.command || seen.first.name}`] : []), ...lastLines(seen.log)];
  if (/^(SIG)?KILL$|^9$/i.test(signal)) {
    const advice = 'Remove STOPSIGNAL, so that the app is asked before it is killed';
    return {
      outcome: 'broken',
      message: 'Is killed at once: its STOPSIGNAL is SIGKILL',
      advice,
      details,
      concerns: instructions('STOPSIGNAL'),
    };
  }
  if (!wasKilled) {
    const message = `Stops ${seconds(took)} after ${signal} with exit code ${ending.exitCode}`;
    return { outcome: 'kept', message, details, concerns: instructions('STOPSIGNAL', 'CMD', 'ENTRYPOINT') };
  }
  const { reason, advice } = whyKilled(seen, signal, config);
  return {
    outcome: 'broken',
    message: `Killed (exit 137) after ${seconds(took)}: ${reason}`,
    advice,
    details,
    concerns: instructions('CMD', 'ENTRYPOINT', 'STOPSIGNAL'),
  };
}

function whyKilled(
  { first, processes, handling }: StoppingRun,
  signal: string,
  config: ImageFacts['config'],
): { readonly reason: string; readonly advice: string } {
  const words = (first?.command ?? '').split(/\s+/);
  const name = first?.name ?? 'PID 1';
  const hasChildren = processes.length > 1;
  if (hasChildren && /^-?(ba|da|a|k|z)?sh$/.test(name) && handling !== 'caught') {
    const isShellForm = [config.entrypoint, config.command].some(
      ([shell, option]) => /sh$/.test(shell ?? '') && option === '-c',
    );
    const script = words.slice(1).find((word) => word.startsWith('/') || word.endsWith('.sh'));
    const advice = isShellForm
      ? 'Write CMD in its JSON form, such as \'CMD ["program", "argument"]\', or put \'exec\' before the program'
      : `Start the app with 'exec' at the end of '${script ?? 'the script'}'`;
    return { reason: `${signal} never reached the app because PID 1 is a shell`, advice };
  }
  if (/^(npm|npx|yarn|pnpm|bun)\b/.test(name) || /(^|\/)(npm|npx|yarn|pnpm)(-cli)?(\.c?js)?$/.test(words[1] ?? '')) {
    return {
      reason: `PID 1 is a package manager, which does not pass on ${signal}`,
      advice: 'Start the app itself, such as \'CMD ["node", "server.js"]\'',
    };
  }
  const init = "or start it with an init: 'tini' in the image, or 'init: true' in Compose";
  // Node.js always has a handler of its own, which then does what is usual: nothing, for PID 1.
  if (/(^|\/)node(js)?$/.test(words[0] ?? '')) {
    return {
      reason: `Node.js as PID 1 ignores ${signal} unless the app handles it`,
      advice: `Add process.on('${signal}', ...) to the app, ${init}`,
    };
  }
  if (handling === 'default') {
    return { reason: `PID 1 '${name}' does not handle ${signal}`, advice: `Handle ${signal} in the app, ${init}` };
  }
  if (handling === 'ignored') {
    return {
      reason: `PID 1 '${name}' ignores ${signal}`,
      advice: `Handle ${signal} in the app, or set the STOPSIGNAL that it knows`,
    };
  }
  return {
    reason: `'${name}' did not end on ${signal} in time`,
    advice: `Let it end sooner on ${signal}, or set the STOPSIGNAL that it knows`,
  };
}
