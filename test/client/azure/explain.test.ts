import assert from 'node:assert/strict';
import test from 'node:test';
import { explain, type Action } from '../../../client/src/azure/explain.ts';
import { readError } from '../../../client/src/azure/read-error.ts';
import { SignInError } from '../../../client/src/azure/sign-in-error.ts';
import { retry } from '../../../client/src/azure/explanation.ts';
import type { Json } from '../../../client/src/azure/json.ts';
import { Refused } from '../../../client/src/azure/refused.ts';
import { AzureError } from '../../../client/src/azure/azure-error.ts';
import { Cancelled } from '../../../client/src/tools/command.ts';
import { UserError } from '../../../client/src/ui/user-error.ts';
import { sizesAndImages } from './refusals-of-resources.ts';
import { arm, manager, rg, rightsAndNames } from './refusals.ts';

/** All that Azure refuses with, as far as we know its words. */
const rows = [...rightsAndNames, ...sizesAndImages];

function without(action: Action): Record<string, unknown> {
  const { title, ...rest } = action;
  assert.ok(title.length > 0 && title.length < 40, title);
  return rest;
}

for (const [request, status, body, message, action] of rows) {
  const [method = '', address = ''] = request.split(' ');
  const url = address.startsWith('/') ? manager + address : address;
  void test(`${status} ${request.replace(rg, '')}: ${message}`, () => {
    const explanation = explain(readError(body, { status, request: `${method} ${url}` }));
    assert.equal(explanation.message, message);
    assert.deepEqual(without(explanation.action), action);
    assert.match(explanation.log ?? '', new RegExp(`^${method} .* ${status}`));
  });
}

const connections: readonly (readonly [code: string, message: RegExp, kind: Action['kind']])[] = [
  ['ENOTFOUND', /^'management.azure.com' cannot be found/, 'retry'],
  ['ECONNREFUSED', /cannot be reached/, 'retry'],
  ['ECONNRESET', /broke off: check the connection$/, 'retry'],
  ['ETIMEDOUT', /does not answer/, 'retry'],
  ['SELF_SIGNED_CERT_IN_CHAIN', /not trusted: .*NODE_EXTRA_CA_CERTS/, 'openSettings'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /NODE_EXTRA_CA_CERTS/, 'openSettings'],
  ['CERT_HAS_EXPIRED', /clock/, 'retry'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /somebody else/, 'openSettings'],
  ['EPROTO', /proxy/, 'openSettings'],
  ['ForeignAddress', /not its own/, 'showLog'],
  ['ESOMETHING', /ESOMETHING/, 'retry'],
];
for (const [code, message, kind] of connections) {
  void test(`no answer: ${code}`, () => {
    const error = new AzureError({ status: 0, code, message: 'm', request: `GET ${manager}${rg}` });
    const explanation = explain(error);
    assert.match(explanation.message, message);
    assert.equal(explanation.action.kind, kind);
  });
}

void test('what may have happened all the same', () => {
  const error = new AzureError({ status: 0, code: 'ECONNRESET', message: 'm', request: `PUT ${manager}${rg}` });
  assert.match(explain(error).message, /broke off: it may or may not have done what was asked$/);
});

void test('who is at fault and what to do, and nothing of a program', () => {
  const told = (body: Json, status = 400): string => explain(readError(body, { status, request: 'PUT x' })).message;
  for (const message of [
    'Validation failed: {"a":{"b":1}}',
    'Validation failed: [{"code":"x"}].',
    'Validation failed. {"a":1}',
    'Validation failed\n    at Foo (x.js:1)',
  ])
    assert.equal(told(arm('Odd', message)), 'Azure refuses: Validation failed (Odd)', message);
  assert.equal(told(arm('Odd', '[{"a":1}]')), 'Azure refuses: it gives no reason that could be read (Odd)');
  assert.ok(told(arm('Odd', 'word '.repeat(300))).length < 200);
  assert.equal(told(arm('Odd', 'Broken'), 200), 'Azure could not finish this: Broken (Odd)');
});

void test('of what is refused somebody may do something', () => {
  const { message, action } = explain(new Refused('It is full: choose another', retry));
  assert.deepEqual([message, action.kind], ['It is full: choose another', 'retry']);
});

void test('says how long to wait where Azure says it', () => {
  const place = { status: 429, request: `GET ${manager}${rg}`, headers: { 'retry-after': '17' } };
  assert.deepEqual(without(explain(readError(arm('TooManyRequests', 'm'), place)).action), {
    kind: 'wait',
    seconds: 17,
  });
});

void test('a proxy that wants a password', () => {
  const explanation = explain(readError('', { status: 407, request: `GET ${manager}${rg}` }));
  assert.match(explanation.message, /^The proxy wants/);
});

void test('what is not of Azure', () => {
  assert.deepEqual(explain(new Cancelled()).message, 'Stopped waiting; what Azure has begun goes on');
  assert.deepEqual(explain(new UserError('Say it')).message, 'Say it');
  assert.deepEqual(without(explain(new SignInError('expired', 'Too old', 't')).action), {
    kind: 'signIn',
    tenant: 't',
  });
  assert.deepEqual(explain(new SignInError('cliMissing', 'No az')).action.kind, 'openPage');
  assert.match(explain(new TypeError('x is not a function')).message, /^Something unexpected happened: x is not/);
  assert.match(explain('words').message, /words/);
  assert.equal(typeof explain(undefined).message, 'string');
});

void test('sentences are sentences of ours', () => {
  for (const [request, status, body] of rows) {
    const { message } = explain(readError(body, { status, request: `${request.split(' ')[0] ?? ''} ${manager}/x` }));
    assert.match(message, /^['A-Z]/);
    assert.doesNotMatch(message, /[.!]$/);
    assert.ok(message.length <= 160, `${message.length}: ${message}`);
  }
});
