// What BuildKit calls a SolveStatus, as buildx prints it: `vertexes`, `statuses`, `logs`, `warnings`. What is not as expected is left out.

export interface Vertex {
  readonly id: string;
  readonly name: string;
  /** Times are milliseconds since 1970. */
  readonly started?: number;
  readonly completed?: number;
  readonly cached: boolean;
  readonly error?: string;
}

/** A file, layer or folder that is being sent or fetched. */
export interface Transfer {
  readonly id: string;
  readonly vertex: string;
  readonly current: number;
  readonly total: number;
  readonly started?: number;
  readonly completed?: number;
  readonly at?: number;
}

export interface Log {
  readonly vertex: string;
  readonly bytes: Uint8Array;
  readonly at?: number;
}

export interface Warning {
  readonly vertex: string;
  readonly text: string;
}

export interface SolveStatus {
  readonly vertexes: readonly Vertex[];
  readonly transfers: readonly Transfer[];
  readonly logs: readonly Log[];
  readonly warnings: readonly Warning[];
}

export function statusesIn(value: unknown): SolveStatus {
  const status = asRecord(value);
  return {
    vertexes: recordsIn(status['vertexes']).flatMap(readVertex),
    transfers: recordsIn(status['statuses']).flatMap(readTransfer),
    logs: recordsIn(status['logs']).flatMap(readLog),
    warnings: recordsIn(status['warnings']).flatMap(readWarning),
  };
}

type Values = Readonly<Record<string, unknown>>;

function readVertex(value: Values): readonly Vertex[] {
  const id = textIn(value, 'digest');
  if (id === undefined) return [];
  const error = textIn(value, 'error');
  return [
    {
      id,
      name: textIn(value, 'name') ?? '',
      ...timeIn(value, 'started'),
      ...timeIn(value, 'completed'),
      cached: value['cached'] === true,
      ...(error !== undefined && error !== '' && { error }),
    },
  ];
}

function readTransfer(value: Values): readonly Transfer[] {
  const vertex = textIn(value, 'vertex');
  const id = textIn(value, 'id');
  if (vertex === undefined || id === undefined) return [];
  const { timestamp: at } = timeIn(value, 'timestamp');
  return [
    {
      id,
      vertex,
      current: numberIn(value, 'current'),
      total: numberIn(value, 'total'),
      ...timeIn(value, 'started'),
      ...timeIn(value, 'completed'),
      ...(at !== undefined && { at }),
    },
  ];
}

function readLog(value: Values): readonly Log[] {
  const vertex = textIn(value, 'vertex');
  const bytes = bytesIn(value['data']);
  if (vertex === undefined || bytes === undefined) return [];
  const { timestamp: at } = timeIn(value, 'timestamp');
  return [{ vertex, bytes, ...(at !== undefined && { at }) }];
}

function readWarning(value: Values): readonly Warning[] {
  const vertex = textIn(value, 'vertex');
  const bytes = bytesIn(value['short']);
  return vertex === undefined || bytes === undefined ? [] : [{ vertex, text: new TextDecoder().decode(bytes) }];
}

function asRecord(value: unknown): Values {
  return typeof value === 'object' && value !== null ? (value as Values) : {};
}

function recordsIn(value: unknown): readonly Values[] {
  return Array.isArray(value) ? value.map(asRecord) : [];
}

function textIn(value: Values, key: string): string | undefined {
  const text = value[key];
  return typeof text === 'string' ? text : undefined;
}

function numberIn(value: Values, key: string): number {
  const number = value[key];
  return typeof number === 'number' ? number : 0;
}

function timeIn<Key extends string>(value: Values, key: Key): { readonly [name in Key]?: number } {
  const time = Date.parse(textIn(value, key) ?? '');
  return Number.isNaN(time) ? {} : ({ [key]: time } as { readonly [name in Key]?: number });
}

/** Base64, as Go writes bytes in JSON. */
function bytesIn(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    const characters = atob(value);
    const bytes = new Uint8Array(characters.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
    return bytes;
  } catch {
    return undefined;
  }
}
