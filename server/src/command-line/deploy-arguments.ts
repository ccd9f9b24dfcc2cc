import { parseArgs } from 'node:util';

export interface DeployCommand {
  readonly kind: 'deploy';
  readonly apply: boolean;
  readonly exitCode: boolean;
  readonly verbose: boolean;
  readonly folder: string;
  readonly target?: string;
  readonly format: 'text' | 'json';
  readonly output?: string;
  readonly signIn: (typeof ways)[number];
  readonly cloud: (typeof clouds)[number] | { readonly endpoint: string };
  readonly journal?: string;
}

export const deployOptions = {
  plan: { type: 'boolean' },
  apply: { type: 'boolean' },
  target: { type: 'string' },
  format: { type: 'string' },
  output: { type: 'string' },
  'sign-in': { type: 'string' },
  cloud: { type: 'string' },
  endpoint: { type: 'string' },
  journal: { type: 'string' },
  'exit-code': { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const formats = ['text', 'json'] as const;
const clouds = ['public', 'usGovernment', 'china'] as const;
const ways = ['auto', 'azureCli', 'deviceCode', 'environment', 'workloadIdentity', 'managedIdentity'] as const;

/** Throws what Node throws for unknown options. */
export function parseDeploy(
  argv: readonly string[],
): DeployCommand | { readonly kind: 'help' } | { readonly kind: 'wrong'; readonly message: string } {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: deployOptions,
    strict: true,
    allowPositionals: true,
  });
  if (values.help === true) return { kind: 'help' };
  const [folder = '.', ...others] = positionals;
  if (others.length > 0) return wrong("'deploy' takes one folder, that of '.shipshape'");
  if ((values.plan === true) === (values.apply === true)) return wrong("Say either '--plan' or '--apply'");
  if (values['exit-code'] === true && values.apply === true) return wrong("'--exit-code' goes with '--plan'");
  if (values.journal !== undefined && values.apply !== true) return wrong("'--journal' goes with '--apply'");
  const empty = Object.entries(values).find(([, value]) => value === '');
  if (empty !== undefined) return wrong(`'--${empty[0]}' needs a value`);
  const format = formats.find((each) => each === (values.format ?? 'text'));
  if (format === undefined) return wrong(`'--format' cannot be '${values.format ?? ''}': use ${formats.join(', ')}`);
  const signIn = ways.find((each) => each === (values['sign-in'] ?? 'auto'));
  if (signIn === undefined) return wrong(`'--sign-in' cannot be '${values['sign-in'] ?? ''}': use ${ways.join(', ')}`);
  const cloud = clouds.find((each) => each === (values.cloud ?? 'public'));
  if (cloud === undefined) return wrong(`'--cloud' cannot be '${values.cloud ?? ''}': use ${clouds.join(', ')}`);
  if (values.endpoint !== undefined && values.cloud !== undefined) {
    return wrong("'--cloud' and '--endpoint' exclude each other: give one");
  }
  return {
    kind: 'deploy',
    apply: values.apply === true,
    exitCode: values['exit-code'] === true,
    verbose: values.verbose === true,
    folder,
    format,
    signIn,
    cloud: values.endpoint === undefined ? cloud : { endpoint: values.endpoint },
    ...(values.target !== undefined && { target: values.target }),
    ...(values.output !== undefined && { output: values.output }),
    ...(values.journal !== undefined && { journal: values.journal }),
  };
}

function wrong(message: string): { readonly kind: 'wrong'; readonly message: string } {
  return { kind: 'wrong', message };
}
