import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { explain, type Action } from '../../../../client/src/azure/explain.ts';
import type { Json } from '../../../../client/src/azure/json.ts';
import type { Target } from '../../../../client/src/deploy/choices.ts';
import { execute } from '../../../../client/src/deploy/execute.ts';
import { planSwap } from '../../../../client/src/deploy/plan/swap.ts';
import { readFacts } from '../../../../client/src/deploy/read-facts.ts';
import type { DeployEvent } from '../../../../client/src/deploy/world.ts';
import { throttled } from '../../../azure/faults.ts';
import type { Fault } from '../../../azure/local-azure.ts';
import { startAppService } from './app-service.ts';
import { assertSame, live, placeholder, source } from './chaos.ts';
import { fastClock, localArm } from './local.ts';
import { eventTexts, memoryJournal, worldOf } from './support.ts';

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
  readonly patience?: number;
  /** Not there: the deployment goes on by itself. */
  readonly fails?: { readonly step: string; readonly message: RegExp; readonly action: Action['kind'] };
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
    fails: {
      step: 'plan',
      message: /^The subscription has no quota for 'Standard VMs': choose another size or region$/,
      action: 'chooseSku',
    },
  },
  {
    what: 'a token that Azure does not know',
    call: registry,
    fault: refusal(401, 'InvalidAuthenticationToken', 'The access token is invalid.'),
    times: 2,
    fails: {
      step: 'registry',
      message: /^Azure does not accept your sign-in any more: sign in again$/,
      action: 'signIn',
    },
  },
  {
    what: 'no right to give roles',
    call: role,
    fault: refusal(
      403,
      'AuthorizationFailed',
      "The client 'u' with object id 'o' does not have authorization to perform action 'Microsoft.Authorization/roleAssignments/write' over scope '/subscriptions/s/resourceGroups/rg' or the scope is invalid.",
    ),
    fails: {
      step: 'role:pull',
      message: /^You may not give roles on 'rg': ask an Owner or User Access Administrator$/,
      action: 'ask',
    },
  },
  {
    what: 'no right to what an app is put into',
    call: site,
    fault: refusal(
      403,
      'LinkedAuthorizationFailed',
      "The client has permission to perform action 'Microsoft.Web/sites/write' on scope '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/sites/shop'; however, it does not have permission to perform action(s) 'Microsoft.Web/serverfarms/join/action' on the linked scope(s) '/subscriptions/s/resourceGroups/others/providers/Microsoft.Web/serverfarms/their-plan' (respectively) or the linked scope(s) are invalid.",
    ),
    fails: {
      step: 'site',
      message:
        /^You may not do 'Microsoft.Web\/serverfarms\/join\/action' on 'their-plan': ask an Owner for the right$/,
      action: 'ask',
    },
  },
  {
    what: 'a subscription that is disabled',
    call: identity,
    fault: refusal(
      409,
      'ReadOnlyDisabledSubscription',
      "The subscription 's' is disabled and therefore marked as read only. You cannot perform any write actions on this subscription until it is re-enabled.",
    ),
    fails: {
      step: 'identity',
      message: /^The subscription is disabled, nothing can be made in it: choose another$/,
      action: 'chooseSubscription',
    },
  },
  {
    what: 'a region that is not for this subscription',
    call: plan,
    fault: refusal(
      403,
      'RequestDisallowedByAzure',
      "Resource 'shop' was disallowed by Azure: This policy maintains a set of best available regions where your subscription can deploy resources.",
    ),
    fails: {
      step: 'plan',
      message: /^This subscription may not use the region: choose another$/,
      action: 'chooseRegion',
    },
  },
  {
    what: 'a policy',
    call: site,
    fault: refusal(
      403,
      'RequestDisallowedByPolicy',
      `Resource 'shop' was disallowed by policy. Policy identifiers: '[{"policyAssignment":{"name":"Only north","id":"/p"}}]'.`,
    ),
    fails: {
      step: 'site',
      message: /^The policy 'Only north' of your organization does not allow this: ask for an exemption$/,
      action: 'ask',
    },
  },
  {
    what: 'a lock',
    call: identity,
    fault: refusal(
      409,
      'ScopeLocked',
      "The scope '/x' cannot perform write operation because following scope(s) are locked: '/subscriptions/s/resourceGroups/shop'. Please remove the lock and try again.",
    ),
    fails: {
      step: 'identity',
      message: /^A lock on 'shop' keeps it as it is: remove the lock, or ask who set it$/,
      action: 'openPortal',
    },
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
    what: 'what was made, and is not to be seen yet',
    // Before they are made they are not there indeed.
    call: 'GET .*/(?:registries|userAssignedIdentities)/[^/]+$',
    fault: refusal(404, 'ResourceNotFound', "The Resource 'shop' under resource group 'shop' was not found."),
    times: 5,
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
    fails: { step: 'site', message: /^The name 'shop-row\d+' is taken in Azure: choose another$/, action: 'rename' },
  },
  {
    what: 'a name of a registry that is taken',
    call: registry,
    fault: refusal(409, 'AlreadyInUse', 'The registry DNS name shop.azurecr.io is already in use.'),
    fails: { step: 'registry', message: /^The name 'shoprow\d+' is taken in Azure: choose another$/, action: 'rename' },
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
    fails: { step: 'plan', message: /^This is not to be had in this region: choose another$/, action: 'chooseRegion' },
  },
  {
    what: 'a size that cannot be had',
    call: plan,
    fault: refusal(409, 'SkuNotAvailable', "The requested size for resource 'shop-plan' is currently not available."),
    fails: {
      step: 'plan',
      message: /^This size is not to be had here: choose another size or region$/,
      action: 'chooseSku',
    },
  },
  {
    what: 'a size that has no slots',
    call: slot,
    fault: answer(409, {
      Code: 'Conflict',
      Message:
        "Cannot complete the operation because the site will exceed the number of slots allowed for the 'Basic' SKU.",
    }),
    fails: {
      step: 'slot:staging',
      message: /^This size of App Service plan has no slots: choose S1 or more$/,
      action: 'chooseSku',
    },
  },
  {
    what: 'a precondition',
    call: identity,
    fault: refusal(412, 'PreconditionFailed', 'The condition set in the request is not met.'),
  },
  {
    what: 'a condition that Azure misses',
    call: registry,
    fault: refusal(428, 'PreconditionRequired', 'The request must be conditional.'),
  },
  {
    what: 'a precondition that does not come true',
    call: identity,
    fault: refusal(412, 'PreconditionFailed', 'The condition set in the request is not met.'),
    times: 100,
    fails: {
      step: 'identity',
      message: /^Somebody has changed this meanwhile: look again$/,
      action: 'refresh',
    },
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
    fails: {
      step: 'slot:staging',
      message: /^Azure has trouble of its own \(503\): try again later$/,
      action: 'retry',
    },
  },
  {
    what: 'too many calls all the time',
    call: registry,
    fault: throttled(20),
    times: 100,
    fails: { step: 'registry', message: /^Azure is asked too much at the moment: wait$/, action: 'wait' },
  },
  {
    what: 'a subscription that is gone',
    call: identity,
    fault: refusal(404, 'SubscriptionNotFound', "The subscription 's' could not be found."),
    fails: {
      step: 'identity',
      message: /^The subscription '[0-9a-f-]+' is none of your account's: choose another, or sign in differently$/,
      action: 'chooseSubscription',
    },
  },
  {
    what: 'a token of another tenant',
    call: plan,
    fault: refusal(
      401,
      'InvalidAuthenticationTokenTenant',
      "The access token is from the wrong issuer 'https://sts.windows.net/aaaaaaaa-0000-0000-0000-000000000000/'. It must match the tenant 'https://sts.windows.net/bbbbbbbb-0000-0000-0000-000000000000/' associated with this subscription.",
    ),
    fails: {
      step: 'plan',
      message: /^The subscription is in the tenant 'bbbbbbbb-0000-0000-0000-000000000000': sign in there$/,
      action: 'signIn',
    },
  },
  {
    what: 'a sign-in that has ended',
    call: site,
    fault: refusal(401, 'ExpiredAuthenticationToken', 'The access token expiry UTC time is earlier than now.'),
    times: 2,
    fails: { step: 'site', message: /^Azure does not accept your sign-in any more: sign in again$/, action: 'signIn' },
  },
  {
    what: 'an answer that nobody has seen yet',
    call: plan,
    fault: refusal(400, 'Novelty', `Validation failed: {"errors":[{"code":"x","message":"y"}]}`),
    fails: { step: 'plan', message: /^Azure refuses: Validation failed \(Novelty\)$/, action: 'showLog' },
  },
  {
    what: 'a deployment that is not as Azure wants it',
    call: site,
    fault: refusal(400, 'InvalidTemplateDeployment', 'The template deployment failed.', {
      details: [{ code: 'InvalidParameter', message: 'The parameter linuxFxVersion has an invalid value.' }],
    }),
    fails: {
      step: 'site',
      message: /^Azure refuses: The parameter linuxFxVersion has an invalid value \(InvalidParameter\)$/,
      action: 'showLog',
    },
  },
  {
    what: 'a connection that breaks all the time',
    call: slot,
    fault: { kind: 'drop' },
    times: 100,
    fails: {
      step: 'slot:staging',
      message: /^The connection to 'management.azure.com' broke off: it may or may not have done what was asked$/,
      action: 'retry',
    },
  },
  { what: 'a connection that breaks before', call: registry, fault: { kind: 'drop' } },
  { what: 'an answer that gets lost', call: registry, fault: { kind: 'lost' } },
  { what: 'an answer of a role that gets lost', call: role, fault: { kind: 'lost' } },
  { what: 'an answer of a site that gets lost', call: site, fault: { kind: 'lost' } },
  { what: 'no answer at all', call: identity, fault: { kind: 'hang' }, patience: 1_000 },
  {
    what: 'an operation that fails',
    call: registry,
    fault: { kind: 'operation', code: 'InternalFailure', message: 'The registry could not be made.' },
    fails: {
      step: 'registry',
      message: /^Azure could not finish this: The registry could not be made \(InternalFailure\)$/,
      action: 'showLog',
    },
  },
];

for (const [index, row] of rows.entries()) {
  const { what, call, fault, times = 1, fails, told, patience } = row;
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
      let ended = await live(scenario, name, [], { journal, onEvent, ...(patience !== undefined && { patience }) });
      assert.ok(met > 0);
      if (fails !== undefined) {
        assert.equal(ended.outcome.kind, 'failed');
        assert.ok(ended.outcome.error instanceof Error);
        assert.equal(ended.outcome.step, fails.step);
        const { message, action, log = '' } = explain(ended.outcome.error);
        assert.match(message, fails.message);
        assert.equal(action.kind, fails.action);
        assert.doesNotMatch(log, /\n\s+at |Bearer/);
        const record = journal.records.at(-1);
        assert.deepEqual([record?.steps[fails.step]?.message, record?.endedAt], [message, undefined]);
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

test('a slot that does not get ready is not swapped, and that is told', async () => {
  const { azure, scenario } = await begun;
  const { plan: deployed, token } = scenario;
  assert.equal((await live(scenario, 'swapped', [])).outcome.kind, 'deployed');
  const target = JSON.parse(JSON.stringify(deployed.target).replaceAll(placeholder, 'swapped')) as Target;
  const arm = localArm(azure, azure.httpClient, token);
  const swap = planSwap(target, await readFacts(arm, target, source), { do: 'swap' });
  const outcome = await execute(swap, worldOf({ arm, clock: fastClock() }));
  const { message, action } = explain(outcome.kind === 'failed' ? outcome.error : undefined);
  assert.equal(message, "The slot 'staging' did not get ready to be swapped: its log says why");
  assert.equal(action.kind, 'showLog');
});

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
