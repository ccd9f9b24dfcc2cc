import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { explain } from '../../../../client/src/azure/explain.ts';
import type { Json } from '../../../../client/src/azure/json.ts';
import type { DeployEvent } from '../../../../client/src/deploy/world.ts';
import type { Fault } from '../../../azure/local-azure.ts';
import { startAppService } from './app-service.ts';
import { assertSame, live } from './chaos.ts';
import { eventTexts, memoryJournal } from './support.ts';

// Whatever Azure can answer: it passes by itself, or ends the deployment with a sentence, and the deployment comes to the same when it is
// resumed.

const begun = startAppService();
const undisturbed = begun.then(({ scenario }) => live(scenario, 'aaaaa', []));
after(async () => await (await begun).azure.close());

interface Row {
  readonly what: string;
  /** What is met by it, once. */
  readonly call: string;
  readonly fault: Fault;
  readonly times?: number;
  /** Not there: the deployment goes on by itself. */
  readonly fails?: { readonly step: string; readonly message: RegExp };
  /** What the user is told meanwhile. */
  readonly told?: RegExp;
}

const answer = (status: number, body: Json, headers: Readonly<Record<string, string>> = {}): Fault => ({
  kind: 'answer',
  status,
  body,
  headers: { 'content-type': 'application/json', ...headers },
});
const refusal = (status: number, code: string, message: string, more: Readonly<Record<string, Json>> = {}): Fault =>
  answer(status, { error: { code, message, ...more } });

const registry = 'PUT .*/registries/[^/]+$';
const identity = 'PUT .*/userAssignedIdentities/[^/]+$';
const plan = 'PUT .*/serverfarms/[^/]+$';
const role = 'PUT .*/roleAssignments/[^/]+$';
const site = 'PUT .*/sites/[^/]+$';
const slot = 'PUT .*/slots/[^/]+$';

const rows: readonly Row[] = [
  {
    what: 'an expired token',
    call: registry,
    fault: answer(
      401,
      {
        error: { code: 'ExpiredAuthenticationToken', message: 'The access token expiry UTC time is earlier than now.' },
      },
      { 'www-authenticate': 'Bearer authorization_uri="https://login.microsoftonline.com/t", error="invalid_token"' },
    ),
  },
  {
    what: 'no quota at App Service, which says 401',
    call: plan,
    fault: answer(401, {
      Code: 'Unauthorized',
      Message: 'Operation cannot be completed without additional quota. Current Limit (Standard VMs): 0',
    }),
    fails: { step: 'plan', message: /quota/i },
  },
  {
    what: 'no right to give roles',
    call: role,
    fault: refusal(
      403,
      'AuthorizationFailed',
      "The client 'u' with object id 'o' does not have authorization to perform action 'Microsoft.Authorization/roleAssignments/write' over scope '/subscriptions/s/resourceGroups/rg' or the scope is invalid.",
    ),
    fails: { step: 'role:pull', message: /role/i },
  },
  {
    what: 'a policy',
    call: site,
    fault: refusal(
      403,
      'RequestDisallowedByPolicy',
      `Resource 'shop' was disallowed by policy. Policy identifiers: '[{"policyAssignment":{"name":"Only north","id":"/p"}}]'.`,
    ),
    fails: { step: 'site', message: /policy/i },
  },
  {
    what: 'a lock',
    call: identity,
    fault: refusal(
      409,
      'ScopeLocked',
      "The scope '/x' cannot perform write operation because following scope(s) are locked: '/subscriptions/s/resourceGroups/shop'. Please remove the lock and try again.",
    ),
    fails: { step: 'identity', message: /lock/i },
  },
  {
    what: 'a group that is not known everywhere yet',
    call: registry,
    fault: refusal(404, 'ResourceGroupNotFound', "Resource group 'shop' could not be found."),
    told: /not known everywhere yet/,
  },
  {
    what: 'a site that is not known everywhere yet',
    call: slot,
    fault: refusal(404, 'ParentResourceNotFound', 'Can not perform requested operation on nested resource.'),
    times: 2,
  },
  {
    what: 'a provider that is not registered',
    call: plan,
    fault: refusal(
      409,
      'MissingSubscriptionRegistration',
      "The subscription is not registered to use namespace 'Microsoft.Web'.",
      {
        details: [{ code: 'MissingSubscriptionRegistration', target: 'Microsoft.Web', message: 'The subscription' }],
      },
    ),
  },
  {
    what: 'a name of a site that is taken',
    call: site,
    fault: answer(409, {
      Code: 'Conflict',
      Message: 'Website with given name shop already exists.',
      Details: [
        {
          ErrorEntity: {
            ExtendedCode: '54001',
            Code: 'Conflict',
            Message: 'Website with given name shop already exists.',
          },
        },
      ],
    }),
    fails: { step: 'site', message: /name/i },
  },
  {
    what: 'a name of a registry that is taken',
    call: registry,
    fault: refusal(409, 'AlreadyInUse', 'The registry DNS name shop.azurecr.io is already in use.'),
    fails: { step: 'registry', message: /name|taken|in use/i },
  },
  {
    what: 'another operation on it',
    call: registry,
    fault: refusal(409, 'AnotherOperationInProgress', 'Another operation on this resource is in progress.'),
    times: 3,
    told: /another operation/i,
  },
  {
    what: 'an operation that is not allowed now',
    call: slot,
    fault: refusal(409, 'OperationNotAllowed', 'The operation is not allowed while another one is going on.'),
  },
  {
    what: 'a principal that is not known everywhere yet',
    call: role,
    fault: refusal(400, 'PrincipalNotFound', 'Principal 0 does not exist in the directory.'),
    times: 3,
    told: /new identity is known everywhere/,
  },
  {
    what: 'a region without the service',
    call: plan,
    fault: refusal(400, 'LocationNotAvailableForResourceType', "The provided location 'westeurope' is not available."),
    fails: { step: 'plan', message: /region|location/i },
  },
  {
    what: 'a size that cannot be had',
    call: plan,
    fault: refusal(409, 'SkuNotAvailable', "The requested size for resource 'shop-plan' is currently not available."),
    fails: { step: 'plan', message: /size|sku/i },
  },
  {
    what: 'a precondition',
    call: identity,
    fault: refusal(412, 'PreconditionFailed', 'The condition set in the request is not met.'),
  },
  {
    what: 'too many calls',
    call: registry,
    fault: answer(
      429,
      { error: { code: 'SubscriptionRequestsThrottled', message: 'Number of requests exceeded the limit.' } },
      { 'retry-after': '7' },
    ),
    told: /wait 7 s/,
  },
  { what: 'trouble of Azure', call: slot, fault: refusal(500, 'InternalServerError', 'Encountered internal error.') },
  {
    what: 'trouble of Azure that stays',
    call: slot,
    fault: refusal(503, 'ServiceUnavailable', 'Later.'),
    times: 100,
    fails: { step: 'slot:staging', message: /Azure/ },
  },
  { what: 'a connection that breaks before', call: registry, fault: { kind: 'drop' } },
  { what: 'an answer that gets lost', call: registry, fault: { kind: 'lost' } },
  { what: 'an answer of a role that gets lost', call: role, fault: { kind: 'lost' } },
  { what: 'an answer of a site that gets lost', call: site, fault: { kind: 'lost' } },
  { what: 'no answer at all', call: identity, fault: { kind: 'hang' } },
  {
    what: 'an operation that fails',
    call: registry,
    fault: { kind: 'operation', code: 'InternalFailure', message: 'The registry could not be made.' },
    fails: { step: 'registry', message: /The registry could not be made/ },
  },
];

for (const [index, row] of rows.entries()) {
  const { what, call, fault, times = 1, fails, told } = row;
  test(`${fails === undefined ? 'goes on after' : 'fails with a sentence, and can be resumed, after'} ${what}`, async () => {
    const { azure, scenario } = await begun;
    const name = `row${String(index).padStart(2, '0')}`;
    const match = new RegExp(call.replace('.*', `.*${name}.*`), 'i');
    let met = 0;
    azure.faults.add(match, fault, times);
    azure.faults.watch((moment, asked) => {
      if (moment === 'before' && match.test(asked)) met++;
    });
    const journal = memoryJournal();
    const events: DeployEvent[] = [];
    const onEvent = (event: DeployEvent): void => void events.push(event);
    try {
      let ended = await live(scenario, name, [], { journal, onEvent });
      assert.ok(met > 0);
      if (fails !== undefined) {
        assert.equal(ended.outcome.kind, 'failed');
        assert.ok(ended.outcome.error instanceof Error);
        assert.equal(ended.outcome.step, fails.step);
        const { message } = explain(ended.outcome.error);
        assert.match(message, fails.message);
        assert.deepEqual(events.at(-1), { kind: 'failed', step: fails.step, message });
        azure.faults.clear();
        ended = await live(scenario, name, [], { journal });
      }
      assertSame(ended, await undisturbed, [name, 'aaaaa'], what);
      if (told !== undefined) assert.match(eventTexts(events).join('\n'), told);
    } finally {
      azure.faults.clear();
    }
  });
}

test('ends at once when it is cancelled, and goes on later', async () => {
  const { azure, scenario } = await begun;
  const cancel = new AbortController();
  azure.faults.watch((moment, call) => {
    if (moment === 'after' && /PUT .*cancelled.*registries/.test(call)) cancel.abort();
  });
  const journal = memoryJournal();
  const stopped = await live(scenario, 'cancelled', [], { journal, signal: cancel.signal });
  azure.faults.clear();
  assert.deepEqual(stopped.outcome, { kind: 'stopped', next: 'registry', goesOn: true });
  const ended = await live(scenario, 'cancelled', [], { journal });
  assertSame(ended, await undisturbed, ['cancelled', 'aaaaa'], 'cancelled');
});
