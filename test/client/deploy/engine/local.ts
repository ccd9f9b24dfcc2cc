import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';
import { setTimeout as after } from 'node:timers/promises';
import { connect } from '../../../../client/src/azure/connect.ts';
import { publicCloud } from '../../../../client/src/azure/cloud.ts';
import type { Arm } from '../../../../client/src/azure/arm.ts';
import { isObject, type Json } from '../../../../client/src/azure/json.ts';
import type { Clock, Images, Journal } from '../../../../client/src/deploy/world.ts';
import type { LocalAzure } from '../../../azure/local-azure.ts';

/** A second of the deployment's time takes this many milliseconds of ours. */
const second = 1;

/** Time in which the waits of a deployment pass a thousand times faster; those between looks at what takes long, not quite as much. */
export function fastClock(): Clock {
  let gained = 0;
  return {
    now: () => Date.now() + gained,
    elapsed: () => performance.now() + gained,
    wait: async (milliseconds, signal) => {
      gained += milliseconds;
      const faster = milliseconds < 10_000 ? 1_000 : 300;
      await after((milliseconds / faster) * second, undefined, { signal }).catch(() => undefined);
    },
  };
}

export function localArm(
  azure: LocalAzure,
  httpClient: HttpClient = azure.httpClient,
  token = azure.user().token,
  patience = 120_000,
): Arm {
  return connect({
    cloud: publicCloud,
    credential: { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    tenant: azure.tenant,
    httpClient,
    patience,
    wait: async (milliseconds, signal) => {
      await after((milliseconds / 1_000) * second, undefined, signal && { signal }).catch(() => undefined);
    },
  });
}

type AbortSignalLike = NonNullable<PipelineRequest['abortSignal']>;

export type Moment = 'before' | 'during' | 'after';

/** Where in a life the process is killed: at this call, counted from 0; only what changes something counts, or all. */
export interface Kill {
  readonly call: number;
  readonly moment: Moment;
  readonly of: keyof typeof kinds;
}

export const kinds = {
  all: () => true,
  /** Also of the journal. */
  writes: (call: string) => isChange(call) || call === 'journal',
  changes: isChange,
} as const;

/** Calls after which something is different outside; the journal is our own. */
function isChange(call: string): boolean {
  return /^(PUT|PATCH|DELETE|deliver)\b/.test(call) || (/^POST /.test(call) && !/\/(list\w*|sharedKeys)$/.test(call));
}

/** What a process has to do with the world, until it is killed. */
export interface Mortal {
  readonly httpClient: HttpClient;
  readonly journal: (journal: Journal) => Journal;
  readonly images: (images: Images) => Images;
  /** When it was killed. */
  readonly death: Promise<undefined>;
  readonly calls: string[];
}

/**
 * A process that is killed: before a call is sent, while it is handled, or when it has been answered. From then on nothing of that life
 * happens any more. Calls are those to Azure, to the journal and to the registry.
 */
export function mortal(client: HttpClient, kill: Kill | undefined): Mortal {
  const calls: string[] = [];
  const end = new AbortController();
  const isDead = (): boolean => end.signal.aborted;
  const death = new Promise<undefined>((resolve) => end.signal.addEventListener('abort', () => resolve(undefined)));
  // Who is buried gets no answer either, but no longer waits for one: that would keep the tests' process alive.
  const silence = (buried?: AbortSignalLike): Promise<never> =>
    new Promise((_, reject) => buried?.addEventListener('abort', () => reject(new Error('Dead'))));
  const call = async <Answer>(name: string, send: () => Promise<Answer>, buried?: AbortSignalLike): Promise<Answer> => {
    if (isDead()) return await silence(buried);
    calls.push(name);
    const counts = kinds[kill?.of ?? 'all'];
    const isIt = kill !== undefined && counts(name) && calls.filter(counts).length === kill.call + 1;
    if (!isIt) {
      const answer = await send();
      return isDead() ? await silence(buried) : answer;
    }
    if (kill.moment !== 'before') {
      const sent = send().catch(() => undefined);
      if (kill.moment === 'after') await sent;
    }
    end.abort();
    return await silence(buried);
  };
  return {
    calls,
    death,
    httpClient: {
      sendRequest: (request) =>
        call(
          `${request.method} ${new URL(request.url).pathname}`,
          () => client.sendRequest(request),
          request.abortSignal,
        ),
    },
    journal: (journal) => ({
      read: journal.read,
      write: (record) => call('journal', () => journal.write(record)),
    }),
    images: (images) => ({
      deliver: (...work) => call('deliver', () => images.deliver(...work)),
      digest: (...image) => call('digest', () => images.digest(...image)),
    }),
  };
}

/** Ends it; its traffic is kept where that is asked for, as by the other tests of the local Azure. */
export async function close(azure: LocalAzure): Promise<void> {
  const file = process.env['SHIPSHAPE_TRAFFIC'];
  if (file !== undefined) azure.writeTraffic(`${file}.${process.pid}.${Date.now()}.jsonl`);
  await azure.close();
}

/** A copy of what is there, by id, without what differs from life to life. */
export function stateOf(azure: LocalAzure, name: string): Readonly<Record<string, Json>> {
  const all: [string, Json][] = azure
    .ids()
    .filter((id) => id.includes(name))
    .map((id) => [plain(id, name), plainJson(azure.resource(id) ?? {}, name)]);
  return Object.fromEntries(all);
}

/** Ids that Azure makes up, ports and times are different each time; so is the name that keeps the tests apart. */
function plain(text: string, name: string): string {
  return text
    .replaceAll(new RegExp(name, 'gi'), '<name>')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<guid>')
    .replace(/\b\d+\.\d+\.\d+\.\d+(:\d+)?/g, '<host>')
    .replace(/\b[a-z]+-[0-9a-f]{8}\.(?=westeurope\.)/g, '<domain>.')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)?/g, '<time>');
}

function plainJson(value: Json, name: string): Json {
  if (typeof value === 'string') return plain(value, name);
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => plainJson(item, name));
  if (!isObject(value)) return value;
  const { etag: _, ...rest } = value;
  return Object.fromEntries(Object.entries(rest).map(([key, item]) => [plain(key, name), plainJson(item, name)]));
}
