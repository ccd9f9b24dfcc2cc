import { at, type JsonObject, textAt } from '../../azure/json.ts';
import type { Value, ValueObject } from '../value.ts';
import { memoryText, type NamedValue, type Size } from './app-body.ts';
import type { Difference } from './difference.ts';
import { isSameText, listAt, says, shown } from './scene.ts';

export interface WantedContainer {
  /** Where the container is in the app. */
  readonly at: string;
  readonly now: JsonObject | undefined;
  readonly image: Value;
  readonly imageText: string;
  /** What is not there stays. */
  readonly size: Partial<Size>;
  readonly variables: readonly NamedValue[];
  readonly probes: readonly ValueObject[];
}

/** Of the container that runs our image: its other variables, mounts, arguments and probes stay. */
export function containerEdits(wanted: WantedContainer): readonly Difference[] {
  const { at: path, now, size } = wanted;
  const image = textAt(now, 'image');
  const cpu = at(now, 'resources.cpu');
  const memory = textAt(now, 'resources.memory');
  const memoryNow = memory === undefined ? undefined : gibibytes(memory);
  return [
    ...(says(image, wanted.image, 'image')
      ? []
      : [
          {
            edit: { at: `${path}.image`, ...(image === undefined ? {} : { from: image }), to: wanted.image },
            change: { what: 'image', ...(image === undefined ? {} : { from: image }), to: wanted.imageText },
          },
        ]),
    ...(size.cpu === undefined || cpu === size.cpu
      ? []
      : [
          {
            edit: { at: `${path}.resources.cpu`, to: size.cpu },
            change: { what: 'vCPU', ...(typeof cpu === 'number' ? { from: String(cpu) } : {}), to: String(size.cpu) },
          },
        ]),
    ...(size.memory === undefined || memoryNow === size.memory
      ? []
      : [
          {
            edit: { at: `${path}.resources.memory`, to: memoryText(size.memory) },
            change: {
              what: 'memory',
              ...(memory === undefined ? {} : { from: memory }),
              to: memoryText(size.memory),
            },
          },
        ]),
    ...variableEdits(path, now, wanted.variables),
    ...probeEdits(path, now, wanted.probes),
  ];
}

/** Old values are not told: someone may have put a secret into one. */
function variableEdits(
  path: string,
  now: JsonObject | undefined,
  wanted: readonly NamedValue[],
): readonly Difference[] {
  const there = listAt(now, 'env');
  return wanted.flatMap((variable) => {
    const before = there.find((one) => one['name'] === variable.name);
    const isSame =
      before !== undefined &&
      ('secretRef' in variable
        ? before['secretRef'] === variable['secretRef']
        : before['value'] === variable['value'] && (before['secretRef'] ?? undefined) === undefined);
    if (isSame) return [];
    const to = 'secretRef' in variable ? `secret ${shown(variable['secretRef'])}` : shown(variable['value']);
    return [
      {
        edit: { at: `${path}.env[name=${variable.name}]`, to: variable },
        change: { what: `variable ${variable.name}`, to },
      },
    ];
  });
}

/** Probes that are not like ours were made by someone who knew better. */
function probeEdits(path: string, now: JsonObject | undefined, wanted: readonly ValueObject[]): readonly Difference[] {
  const there = listAt(now, 'probes');
  if (wanted.length === 0 || !areOurs(there)) return [];
  const isSame = there.length === wanted.length && wanted.every((probe) => there.some((one) => saysProbe(one, probe)));
  if (isSame) return [];
  const told = (probe: JsonObject | ValueObject | undefined): string =>
    `${shown(placeOf(probe)?.['path'])} on port ${shown(placeOf(probe)?.['port'])}`;
  return [
    {
      edit: { at: `${path}.probes`, to: wanted },
      change: { what: 'probes', ...(there.length === 0 ? {} : { from: told(there[0]) }), to: told(wanted[0]) },
    },
  ];
}

function placeOf(probe: JsonObject | ValueObject | undefined): ValueObject | undefined {
  return probe?.['httpGet'] as ValueObject | undefined;
}

function areOurs(probes: readonly JsonObject[]): boolean {
  if (probes.length === 0) return true;
  const places = new Set(probes.map((probe) => JSON.stringify([at(probe, 'httpGet.path'), at(probe, 'httpGet.port')])));
  const types = probes.map((probe) => textAt(probe, 'type')?.toLowerCase());
  return (
    probes.length === 3 &&
    places.size === 1 &&
    probes.every((probe) => textAt(probe, 'httpGet.path') !== undefined) &&
    ['liveness', 'readiness', 'startup'].every((type) => types.includes(type))
  );
}

function saysProbe(now: JsonObject, wanted: ValueObject): boolean {
  const { type, httpGet, ...times } = wanted;
  const { scheme: _, ...place } = httpGet as ValueObject;
  return isSameText(textAt(now, 'type'), shown(type)) && says(now, times) && says(now['httpGet'], place);
}

/** Of `1Gi`, `0.5Gi` and `512Mi`. */
function gibibytes(text: string): number | undefined {
  const match = /^([0-9.]+)(Gi|Mi)$/.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) / (match[2] === 'Mi' ? 1024 : 1);
}
