import { nameOf } from '../azure/resource-id.ts';
import { comment, quoted, variableName } from './az/shell.ts';
import { stepCommands } from './az/steps.ts';
import { createVariables, secretsIn } from './az/values.ts';
import { titleOf } from './describe.ts';
import type { Plan } from './plan.ts';

/**
 * The same plan for bash, with `az` and `jq`: for reading, and for those who deploy by script. Secrets come from the environment and
 * go through pipes, never into an argument.
 */
export function azScript(plan: Plan): string {
  const { target } = plan;
  const secrets = [...new Set([...secretsIn(plan.steps), ...secretArguments(plan)])];
  const variables = createVariables(['KEPT', ...secrets.map(variableName)]);
  const steps = plan.steps.map((step) => [comment(step.title), ...stepCommands(step, plan, variables)].join('\n'));
  return [
    [
      '#!/usr/bin/env bash',
      comment(titleOf(plan)),
      comment('Needs az, signed in, and jq; run it in the folder of the workspace'),
      ...plan.warnings.map((warning) => comment(`Note: ${warning}`)),
      'set -euo pipefail',
      'export AZURE_CORE_OUTPUT=none',
    ].join('\n'),
    ...(plan.blockers.length === 0
      ? []
      : [
          [...plan.blockers.map((blocker) => `echo ${quoted(`This cannot begin: ${blocker}`)} >&2`), 'exit 1'].join(
            '\n',
          ),
        ]),
    ...(secrets.length === 0
      ? []
      : [secrets.map((name) => `: "\${${variableName(name)}:?}"\nexport ${variableName(name)}`).join('\n')]),
    `az account set --subscription ${quoted(nameOf(target.subscription))}`,
    ...steps,
    '',
  ].join('\n\n');
}

function secretArguments({ steps }: Plan): readonly string[] {
  return steps.flatMap((step) => (step.do === 'image' ? (step.secretArguments ?? []) : []));
}
