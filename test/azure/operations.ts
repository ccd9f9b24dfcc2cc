import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isObject, textAt, type Json, type JsonObject } from '../../client/src/azure/json.ts';
import { Refusal, type Operations, type Reply, type Store, type Times } from './core.ts';
import { replyOf } from './refusals.ts';

/** The operations, and how they are asked about. */
export interface OwnOperations extends Operations {
  /** What a poll of this address gives; `undefined` if it is no address of an operation. Good only letter by letter. */
  readonly poll: (target: string) => Reply | undefined;
  /** Until all that were begun have ended. */
  readonly settled: () => Promise<void>;
}

/** About the call in which an operation is begun. */
export interface Beginning {
  /** `https://management.azure.com`, as the client asked. */
  readonly origin: string;
  readonly apiVersion: string;
  readonly subscription: string;
  /** What the test wants it to end with. */
  readonly failure: { readonly code: string; readonly message: string } | undefined;
  /** Told when an operation was begun that may end with the failure. */
  readonly begun: () => void;
}

interface Operation {
  readonly id: string;
  readonly path: string;
  readonly style: 'asyncOperation' | 'location';
  readonly startTime: string;
  readonly beginning: Beginning;
  state: { readonly kind: 'running' } | Ended;
  /** The addresses that are good: the last two, as the answer with the newest may have been lost. */
  addresses: readonly string[];
}

type Ended =
  | { readonly kind: 'done'; readonly body: Json | undefined }
  | { readonly kind: 'failed'; readonly status: number; readonly error: JsonObject };

export function createOperations(options: {
  readonly store: Store;
  readonly times: Times;
  readonly current: () => Beginning;
  /** Something of ours went wrong. */
  readonly broken: (problem: string) => void;
}): OwnOperations {
  const { store, times } = options;
  const operations = new Map<string, Operation>();
  const running = new Set<Promise<unknown>>();

  const run = async (beginning: Beginning, resource: string, work: () => Promise<Json | undefined>): Promise<Ended> => {
    try {
      await delay(times.operation);
      if (beginning.failure !== undefined) {
        throw new Refusal(400, beginning.failure.code, beginning.failure.message);
      }
      return { kind: 'done', body: await work() };
    } catch (error) {
      if (!(error instanceof Refusal)) {
        options.broken(
          `an operation on '${resource}': ${error instanceof Error ? (error.stack ?? '') : String(error)}`,
        );
      }
      setFailed(store, resource);
      const [status, code] = error instanceof Refusal ? [error.status, error.code] : [500, 'InternalServerError'];
      const message = error instanceof Error ? error.message : String(error);
      return { kind: 'failed', status, error: { code, message } };
    }
  };

  const sign = (operation: Operation): string => {
    const address = `${operation.path}?${signedQuery(operation)}`;
    operation.addresses = [...operation.addresses.slice(-1), address];
    return operation.beginning.origin + address;
  };

  const headersOf = (operation: Operation): Readonly<Record<string, string>> => ({
    [operation.style === 'location' ? 'location' : 'azure-asyncoperation']: sign(operation),
    'retry-after': String(times.retryAfter),
  });

  return {
    start: (style, about, work) => {
      const beginning = options.current();
      beginning.begun();
      const ended = run(beginning, about.resource, work);
      running.add(ended);
      void ended.finally(() => running.delete(ended));
      if (style === 'state') return {};
      const id = randomUUID();
      const operation: Operation = {
        id,
        path: pathOf(id, style, about, beginning),
        style,
        startTime: new Date().toISOString(),
        beginning,
        state: { kind: 'running' },
        addresses: [],
      };
      operations.set(operation.path.toLowerCase(), operation);
      void ended.then((state) => (operation.state = state));
      return headersOf(operation);
    },
    poll: (target) => {
      const operation = operations.get((target.split('?')[0] ?? '').toLowerCase());
      if (operation === undefined) return undefined;
      if (!operation.addresses.includes(target)) {
        const message = 'The signature of the operation’s address is not valid: use it letter by letter';
        return { status: 403, body: { error: { code: 'InvalidOperationToken', message } } };
      }
      const { state } = operation;
      const retry = { 'retry-after': String(times.retryAfter) };
      if (operation.style === 'location') {
        if (state.kind === 'running') return { status: 202, headers: headersOf(operation) };
        if (state.kind === 'failed') {
          const [code, message] = [textAt(state.error, 'code') ?? '', textAt(state.error, 'message') ?? ''];
          return replyOf(new Refusal(state.status, code, message), namespaceOf(operation.path));
        }
        return state.body === undefined ? { status: 204 } : { status: 200, body: state.body };
      }
      const about = { id: operation.path, name: operation.id, startTime: operation.startTime };
      if (state.kind === 'running') return { status: 200, body: { ...about, status: 'InProgress' }, headers: retry };
      const endTime = new Date().toISOString();
      if (state.kind === 'done') return { status: 200, body: { ...about, status: 'Succeeded', endTime } };
      return { status: 200, body: { ...about, status: 'Failed', endTime, error: state.error } };
    },
    settled: async () => {
      await Promise.allSettled([...running]);
    },
  };
}

/** A resource whose making failed says so. */
function setFailed(store: Store, resource: string): void {
  const found = store.get(resource);
  const state = textAt(found, 'properties.provisioningState');
  const properties = found?.['properties'];
  if (found === undefined || !isObject(properties) || state === undefined || state === 'Succeeded') return;
  store.put(resource, { ...found, properties: { ...properties, provisioningState: 'Failed' } });
}

/** Each provider has its own addresses for operations. */
function pathOf(
  id: string,
  style: 'asyncOperation' | 'location',
  about: { readonly provider: string; readonly location?: string; readonly resource: string },
  beginning: Beginning,
): string {
  const provider = about.provider.toLowerCase();
  const subscription = `/subscriptions/${beginning.subscription}`;
  if (style === 'location' && provider === 'microsoft.resources') return `${subscription}/operationresults/${id}`;
  if (style === 'location' && provider === 'microsoft.web') return `${about.resource}/operationresults/${id}`;
  const location = (about.location ?? 'global').replaceAll(' ', '').toLowerCase();
  const segment =
    style === 'location'
      ? 'operationResults'
      : provider === 'microsoft.containerinstance'
        ? 'operations'
        : provider === 'microsoft.app'
          ? `${/\/managedEnvironments\/[^/]+$/i.test(about.resource) ? 'managedEnvironment' : 'containerapp'}OperationStatuses`
          : 'operationStatuses';
  return `${subscription}/providers/${about.provider}/locations/${location}/${segment}/${id}`;
}

/** As long as Azure's, and sometimes with an api-version of its own: Container Instances polls with 2018-06-01. */
function signedQuery(operation: Operation): string {
  const instances = /\/Microsoft\.ContainerInstance\//i.test(operation.path);
  return new URLSearchParams({
    'api-version': instances ? '2018-06-01' : operation.beginning.apiVersion,
    ...(operation.style === 'asyncOperation' ? { azureAsyncOperation: 'true' } : {}),
    t: String(638_660_000_000_000_000 + Math.floor(Math.random() * 1e6)),
    c: randomBytes(1200).toString('base64url'),
    s: randomBytes(256).toString('base64url'),
    h: randomBytes(32).toString('base64url'),
  }).toString();
}

function namespaceOf(path: string): string {
  return /.*\/providers\/([^/]+)/i.exec(path)?.[1] ?? '';
}
