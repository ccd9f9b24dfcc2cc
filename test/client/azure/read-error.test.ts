import assert from 'node:assert/strict';
import test from 'node:test';
import type { Json } from '../../../client/src/azure/json.ts';
import { readError, retryAfterOf } from '../../../client/src/azure/read-error.ts';
import { redact } from '../../../client/src/azure/redact.ts';

const place = { status: 409, request: 'PUT https://management.azure.com/x', headers: { 'x-ms-request-id': 'r1' } };

/** Code, message, target, second code, and the details. */
function drawn(body: Json | undefined): string {
  const { code, message, target, extendedCode, details } = readError(body, place);
  return [
    `${code}${extendedCode === undefined ? '' : `/${extendedCode}`}${target === undefined ? '' : ` @${target}`}: ${message}`,
    ...details,
  ].join(' | ');
}

void test('reads an error in every form that Azure has for it', () => {
  const rows: readonly (readonly [what: string, body: Json | undefined, drawn: string])[] = [
    ['Resource Manager', { error: { code: 'A', message: 'm', target: 't' } }, 'A @t: m'],
    ['with nulls', { error: { code: 'A', message: 'm', target: null, details: null, innererror: null } }, 'A: m'],
    ['without a wrapper', { code: 'A', message: 'm' }, 'A: m'],
    [
      'a detail that says more',
      {
        error: {
          code: 'DeploymentFailed',
          message: 'outer',
          details: [{ code: 'Inner', message: 'why', target: 't' }],
        },
      },
      'Inner @t: why | outer',
    ],
    [
      'an outer code that says enough',
      {
        error: {
          code: 'MissingSubscriptionRegistration',
          message: 'm',
          details: [{ code: 'X', message: 'd', target: 'Microsoft.App' }],
        },
      },
      'MissingSubscriptionRegistration @Microsoft.App: m | d',
    ],
    [
      'an inner error',
      { error: { code: 'BadRequest', message: 'o', innererror: { code: 'Deep', message: 'i' } } },
      'Deep: i | o',
    ],
    [
      'JSON in the place of a message',
      { error: { code: 'BadRequest', message: '{"error":{"code":"Inside","message":"why"}}' } },
      'Inside: why',
    ],
    [
      'Microsoft.Web',
      {
        Code: 'Conflict',
        Message: 'Website with given name shop already exists.',
        Target: null,
        Details: [
          { Message: 'Website with given name shop already exists.' },
          { Code: 'Conflict' },
          {
            ErrorEntity: {
              ExtendedCode: '54001',
              MessageTemplate: 't',
              Parameters: ['shop'],
              Code: 'Conflict',
              Message: 'Website with given name shop already exists.',
            },
          },
        ],
        Innererror: null,
      },
      'Conflict/54001: Website with given name shop already exists.',
    ],
    ['OData', { 'odata.error': { code: 'O', message: { lang: 'en', value: 'v' } } }, 'O: v'],
    [
      'a registry',
      { errors: [{ code: 'MANIFEST_UNKNOWN', message: 'm', detail: { Tag: '1' } }] },
      'MANIFEST_UNKNOWN: m',
    ],
    ['OAuth', { error: 'invalid_grant', error_description: 'AADSTS50076: More.' }, 'invalid_grant: AADSTS50076: More.'],
    ['Microsoft.Web in short', { Message: 'Only this' }, 'Http409: Only this'],
    ['a web page', '<!DOCTYPE html><h1>secret', 'WebPage: A web page came back instead of an answer of Azure'],
    ['text', 'upstream connect error', 'Http409: upstream connect error'],
    ['much text', 'x'.repeat(1000), 'Http409: There was no explanation'],
    ['nothing', undefined, 'Http409: There was no explanation'],
    ['nothing useful', { error: {} }, 'Http409: There was no explanation'],
    ['a list', [1, 2], 'Http409: There was no explanation'],
    ['a number', 7, 'Http409: There was no explanation'],
  ];
  for (const [what, body, expected] of rows) assert.equal(drawn(body), expected, what);
  assert.equal(readError({}, place).requestId, 'r1');
});

void test('an error that holds itself many times is read to an end', () => {
  let body: Json = { code: 'Deep', message: 'm' };
  for (let depth = 0; depth < 50; depth++) body = { code: 'BadRequest', message: 'm', innererror: body };
  assert.equal(readError({ error: body }, place).code, 'BadRequest');
});

void test('tells how long to wait, however it is said', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const rows: readonly (readonly [Record<string, string>, number | undefined])[] = [
    [{ 'retry-after': '20' }, 20_000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '1.5' }, 1500],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:30 GMT' }, 0],
    [{ 'retry-after-ms': '70', 'retry-after': '9' }, 70],
    [{ 'x-ms-retry-after-ms': '80' }, 80],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ];
  for (const [headers, expected] of rows) assert.equal(retryAfterOf(headers, now), expected, JSON.stringify(headers));
});

void test('hides tokens, signatures and queries', () => {
  const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl';
  const rows: readonly (readonly [string, string])[] = [
    [`the token ${jwt} is old`, 'the token <token> is old'],
    ['Authorization: Bearer abcdefgh12345', 'Authorization: Bearer <token>'],
    ['GET https://a.example/b?sv=1&sig=secret%3D failed', 'GET https://a.example/b failed'],
    ["see 'https://a.example/?x=1'", "see 'https://a.example/'"],
    ['sig=abc%2F and client_secret=def', 'sig=<hidden> and client_secret=<hidden>'],
    // As Container Apps writes it, with no host in it; what it says is needed.
    [
      'GET https:?scope=repository%3Aapp%3Apull: UNAUTHORIZED',
      'GET https:?scope=repository%3Aapp%3Apull: UNAUTHORIZED',
    ],
  ];
  for (const [text, expected] of rows) assert.equal(redact(text), expected);
  assert.ok(redact('x'.repeat(10_000)).length < 2100);
  for (const body of [
    { error: { code: 'A', message: jwt, target: jwt, details: [{ code: 'B', message: jwt }] } },
    jwt,
    { error: 'x', error_description: jwt },
  ]) {
    assert.doesNotMatch(JSON.stringify(readError(body, place)) + readError(body, place).message, /eyJ/);
  }
});
