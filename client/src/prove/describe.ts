import { conditionOptions } from '../tools/container/run.ts';
import type { ProvePlan, PlannedRun } from './plan.ts';
import type { PromiseId } from './promise.ts';

/** What a proof will do, a line each, for the user to read before or after it. */
export function describeProof({ facts, settings, asked, runs }: ProvePlan): readonly string[] {
  const sure = runs.filter(({ onlyToBlame }) => onlyToBlame !== true);
  const served = new Set(runs.flatMap(({ promises }) => promises));
  const open = asked.filter(({ whyNot }) => whyNot === undefined).map(({ promise }) => promise);
  const inside = open.filter((promise) => !served.has(promise));
  const variables = Object.keys(settings.environment);
  return [
    `Image '${facts.image}' (${facts.config.id.replace(/^sha256:/, '').slice(0, 12)})`,
    ...sure.map((run) => `Run ${conditionsOf(run)}: ${list(run.promises)}`),
    ...(runs.length > sure.length ? ['If it does not start so: once more under each condition alone'] : []),
    ...(inside.length > 0 ? [`Look into its files, without running it: ${list(inside)}`] : []),
    ...(sure.length > 0 && variables.length > 0 ? [`With the variables ${variables.sort().join(', ')}`] : []),
    ...(sure.length > 0 ? ['No port is published, nothing is mounted, and every container is removed'] : []),
    ...asked.flatMap(({ promise, whyNot }) => (whyNot === undefined ? [] : [`Left out: ${promise} (${whyNot})`])),
  ];
}

function conditionsOf({ id, conditions }: PlannedRun): string {
  if (id === 'stopping') return 'it as it is, then stop it';
  const options = conditionOptions(conditions);
  return options.length === 0 ? 'it as it is' : `with ${options.join(' ')}`;
}

function list(promises: readonly PromiseId[]): string {
  return promises.length > 0 ? promises.join(', ') : 'does it start?';
}
