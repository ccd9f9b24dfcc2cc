import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isObject, textAt, type Json, type JsonObject } from '../../client/src/azure/json.ts';
import { withoutNulls } from './contract.ts';
import { Refusal, type Call, type Reply, type Route } from './core.ts';
import type { Asked } from './front.ts';
import { checkLocation, checkLocks, checkPolicies, checkProvider, checkSubscription } from './governance.ts';
import type { OwnCore } from './own-core.ts';
import { FrontDoorRefusal, replyOf } from './refusals.ts';
import { createRouting, type Match } from './routing.ts';
import { signIn, type SignedIn } from './sign-in.ts';

/** Azure Resource Manager: finds the route, lets in who may, checks what comes and what goes. */
export function createResourceManager(options: {
  readonly core: OwnCore;
  readonly routes: readonly Route[];
  readonly broken: (problem: string) => void;
  /** Runs something with what operations that it begins must know. */
  readonly within: <T>(asked: Asked, match: Match, run: () => Promise<T>) => Promise<T>;
}): (asked: Asked) => Promise<Reply> {
  const { core, broken } = options;
  const routing = createRouting(options.routes, core.store, core.locations);
  const pages = createPages();
  let reads = 11_999;
  let writes = 1_199;

  const handle = async (asked: Asked): Promise<Reply> => {
    const url = new URL(asked.target, asked.origin);
    const signedIn = signIn(core, asked, /^\/subscriptions\/([^/]+)/i.exec(url.pathname)?.[1]);
    const polled = core.operations.poll(asked.target);
    if (polled !== undefined) {
      // Clients that are told to ask again at once would do nothing else.
      if (textAt(polled.body, 'status') === 'InProgress' || polled.status === 202) await delay(15);
      return polled;
    }
    const match = routing.find(asked.method, url);
    checkSubscription(core, match, asked.method);
    checkRights(core, match, signedIn);
    const body = bodyOf(asked);
    checkProvider(core, match, asked.method);
    checkGroup(core, match, asked.method);
    checkLocks(core, match, asked.method);
    checkPolicies(core, match, asked.method, body ?? {});
    checkLocation(core, match, asked.method, body ?? {});
    checkBody(match, body);
    const call: Call = {
      method: asked.method,
      path: url.pathname,
      id: match.id,
      at: match.at,
      query: url.searchParams,
      headers: asked.headers,
      body: body ?? {},
      caller: signedIn.principalId,
    };
    const reply = await options.within(asked, match, async () => await match.route.handle(call));
    checkAnswer(match, reply, broken);
    return asked.method === 'GET' ? pages.cut(reply, asked.origin, url) : reply;
  };

  return async (asked) => {
    const provider = /\/providers\/([^/?]+)(?!.*\/providers\/)/i.exec(asked.target)?.[1] ?? '';
    const reply = await handle(asked).catch((error: unknown): Reply => {
      if (error instanceof Refusal) return replyOf(error, provider);
      const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
      broken(`${asked.method} ${asked.target}: ${problem}`);
      return { status: 500, body: { error: { code: 'InternalServerError', message: problem } } };
    });
    const isRead = asked.method === 'GET' || asked.method === 'HEAD';
    const left = Math.max(0, isRead ? (reads -= 1) : (writes -= 1));
    return {
      ...reply,
      headers: {
        'x-ms-request-id': randomUUID(),
        'x-ms-correlation-request-id': asked.headers['x-ms-correlation-request-id'] ?? randomUUID(),
        [`x-ms-ratelimit-remaining-subscription-${isRead ? 'reads' : 'writes'}`]: String(left),
        'cache-control': 'no-cache',
        ...reply.headers,
      },
    };
  };
}

function checkRights(core: OwnCore, match: Match, { principalId, name }: SignedIn): void {
  const { action } = match.route;
  if (action === '' || core.directory.may(principalId, action, match.scope)) return;
  throw new FrontDoorRefusal(
    403,
    'AuthorizationFailed',
    `The client '${name}' with object id '${principalId}' does not have authorization to perform action '${action}' over scope '${match.scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

function checkGroup(core: OwnCore, match: Match, method: string): void {
  const group = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+(?=\/)/i.exec(match.id)?.[0];
  if (group !== undefined && method !== 'HEAD') core.store.need(group);
}

function bodyOf(asked: Asked): JsonObject | undefined {
  if (asked.text === '') return undefined;
  if (asked.headers['content-type']?.startsWith('application/json') !== true) {
    throw new FrontDoorRefusal(
      415,
      'UnsupportedMediaType',
      `The content media type '${asked.headers['content-type'] ?? '<null>'}' is not supported. Only 'application/json' is supported.`,
    );
  }
  try {
    const body: unknown = JSON.parse(asked.text);
    if (isObject(body)) return body;
  } catch {
    // Said below.
  }
  throw new FrontDoorRefusal(400, 'InvalidRequestContent', 'The request content was invalid and could not be parsed.');
}

function checkBody(match: Match, body: JsonObject | undefined): void {
  const { route } = match;
  if (route.body === undefined) {
    // Clients may send an empty object with an action.
    if (body === undefined || Object.keys(body).length === 0) return;
    throw new Refusal(400, 'InvalidRequestContent', `'${route.method} ${route.path}' takes no body`);
  }
  const problems = route.body(body ?? {});
  if (problems.length === 0) return;
  throw new Refusal(
    400,
    'InvalidRequestContent',
    `The request content was invalid and could not be deserialized: ${problems.join('; ')}.`,
  );
}

/** A wrong answer of ours is no answer: the test must not go on with it. */
function checkAnswer({ route }: Match, reply: Reply, broken: (problem: string) => void): void {
  if (route.answers === undefined || reply.status >= 400) return;
  const contract = route.answers[reply.status];
  const problems =
    contract !== undefined
      ? contract(withoutNulls(reply.body ?? {}))
      : reply.body === undefined
        ? []
        : [`no contract for status ${String(reply.status)}`];
  if (problems.length === 0) return;
  const problem = `The local Azure answers wrongly to ${route.method} ${route.path}: ${problems.join('; ')}`;
  broken(problem);
  throw new Error(problem);
}

/** Lists come in small pages, so that every client must follow `nextLink`; which is good only as it was given. */
function createPages(): { readonly cut: (reply: Reply, origin: string, url: URL) => Reply } {
  const size = 3;
  const starts = new Map<string, number>();
  return {
    cut: (reply, origin, url) => {
      const { body } = reply;
      const value = isObject(body) ? body['value'] : undefined;
      if (reply.status !== 200 || !isObject(body) || !isList(value) || url.pathname.endsWith('/locations'))
        return reply;
      const token = url.searchParams.get('$skiptoken');
      const start = token === null ? 0 : starts.get(token);
      if (start === undefined) throw new FrontDoorRefusal(400, 'InvalidSkipToken', 'The skip token is not valid.');
      const page = { ...body, value: value.slice(start, start + size) };
      if (start + size >= value.length) return { ...reply, body: page };
      const next = `${randomUUID()}==`;
      starts.set(next, start + size);
      const link = new URL(url.pathname + url.search, origin);
      link.searchParams.set('$skiptoken', next);
      return { ...reply, body: { ...page, nextLink: link.toString() } };
    },
  };
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
