import assert from 'node:assert/strict';
import test from 'node:test';
import { challengeOf } from '../../../client/src/azure/authorize.ts';
import type { Json } from '../../../client/src/azure/json.ts';

const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
const encoded = Buffer.from(claims).toString('base64');
const [mine, theirs] = ['aaaaaaaa-0000-0000-0000-000000000000', 'bbbbbbbb-0000-0000-0000-000000000000'];

void test('tells what a 401 asks for', () => {
  const arm = (code: string, message = 'm'): Json => ({ error: { code, message } });
  const rows: readonly (readonly [
    header: string,
    body: Json | undefined,
    expected: Readonly<Record<string, unknown>>,
  ])[] = [
    [
      `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common", error="insufficient_claims", claims="${encoded}"`,
      arm('InvalidAuthenticationToken'),
      { kind: 'claims', claims },
    ],
    // Claims that nobody asks for, and some that are none.
    [`Bearer error="invalid_token", claims="${encoded}"`, arm('InvalidAuthenticationToken'), { kind: 'expired' }],
    ['Bearer error="insufficient_claims", claims="%%%"', arm('InvalidAuthenticationToken'), { kind: 'expired' }],
    ['Bearer error="invalid_token"', arm('ExpiredAuthenticationToken'), { kind: 'expired' }],
    ['', arm('AuthenticationFailed'), { kind: 'expired' }],
    ['Bearer realm="https://site.scm.example"', undefined, { kind: 'expired' }],
    [
      `Bearer authorization_uri="https://login.windows.net/${theirs}", error="invalid_token"`,
      arm('InvalidAuthenticationTokenTenant', 'No tenant in here'),
      { kind: 'wrongTenant', tenant: theirs },
    ],
    [
      '',
      arm(
        'InvalidAuthenticationTokenTenant',
        `The access token is from the wrong issuer 'https://sts.windows.net/${mine}/'. It must match one of the tenants 'https://sts.windows.net/${theirs}/,https://sts.windows.net/${mine}/'.`,
      ),
      { kind: 'wrongTenant', tenant: theirs },
    ],
    [
      '',
      { Code: 'Unauthorized', Message: 'Operation cannot be completed without additional quota.' },
      { kind: 'none' },
    ],
    ['Basic realm="site"', undefined, { kind: 'none' }],
    ['', undefined, { kind: 'none' }],
    ['', '<html>', { kind: 'none' }],
  ];
  for (const [header, body, expected] of rows) {
    const headers = header === '' ? {} : { 'www-authenticate': header };
    assert.deepEqual(challengeOf({ headers, body }), expected, `${header} ${JSON.stringify(body)}`);
  }
});
