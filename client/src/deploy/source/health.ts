import type { Dockerfile, Stage } from '../../../../server/src/model/dockerfile.ts';
import type { Instruction } from '../../../../server/src/syntax/dockerfile/tree.ts';
import type { SourceFacts } from '../facts.ts';

type Health = NonNullable<SourceFacts['health']>;

/** A HEALTHCHECK that asks a URL of its own container, whichever program it asks with. */
export function healthOf(dockerfile: Dockerfile, stage: Stage): Health | undefined {
  const instruction = stage.effective('HEALTHCHECK');
  if (!instruction) return undefined;
  const { start, end } = instruction.argumentsRange;
  const url = ownUrl.exec(dockerfile.text.slice(start, end));
  if (!url) return undefined;
  const [, written, path = '/'] = url;
  // A path with a variable in it is known only in the container.
  if (path.includes('$')) return undefined;
  const port = written === undefined ? undefined : portOf(written, dockerfile, stage);
  const interval = seconds(instruction, 'interval');
  const timeout = seconds(instruction, 'timeout');
  const startPeriod = seconds(instruction, 'start-period');
  const retries = Number(flag(instruction, 'retries') ?? Number.NaN);
  return {
    path,
    ...(port !== undefined && { port }),
    ...(interval !== undefined && { interval }),
    ...(timeout !== undefined && { timeout }),
    ...(startPeriod !== undefined && { startPeriod }),
    ...(Number.isInteger(retries) && retries > 0 && { retries }),
  };
}

/** `http://localhost:8080/healthz`, or without its scheme; neither quotes nor what follows in a program's text is part of it. */
const ownUrl =
  /(?:https?:\/\/|(?<=[\s"'`]))(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|\$\{?HOSTNAME\}?)(?::(\d+|\$\w+|\$\{[^}]*\}))?(\/[^\s"'`|;&)<>\\#]*)?(?=[\s"'`|;&)<>\\#]|$)/i;

function portOf(written: string, dockerfile: Dockerfile, stage: Stage): number | undefined {
  const [, name, fallback] = /^\$\{?(\w+)(?::?-(\d+))?\}?$/.exec(written) ?? [];
  const text = name === undefined ? written : (environmentValue(dockerfile, stage, name) ?? fallback);
  return asPort(text);
}

/** What ENV sets a variable to, as far as the file tells. */
export function environmentValue(dockerfile: Dockerfile, stage: Stage, name: string): string | undefined {
  const variable = dockerfile.runtimeOf(stage).environment.get(name);
  return variable?.value === undefined ? undefined : dockerfile.expand(variable.value, variable.instruction);
}

export function asPort(text: string | undefined): number | undefined {
  const port = /^\d{1,5}$/.test(text ?? '') ? Number(text) : 0;
  return port > 0 && port < 65_536 ? port : undefined;
}

function flag({ flags }: Instruction, name: string): string | undefined {
  return flags.findLast((other) => other.name === name)?.value;
}

const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001, us: 1e-6, µs: 1e-6, ns: 1e-9 };

/** `1m30s`, as Go writes durations; whole seconds, as no platform takes less. */
function seconds(instruction: Instruction, name: string): number | undefined {
  const text = flag(instruction, name) ?? '';
  if (!/^(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|µs|ns))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, number, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g))
    total += Number(number) * (units[unit] ?? 0);
  return total > 0 ? Math.max(1, Math.round(total)) : undefined;
}
