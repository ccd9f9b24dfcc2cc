import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountOf } from '../../../client/src/azure/account.ts';

test('a token says who it is of, or nothing', () => {
  const token = (claims: unknown): string => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`;
  assert.equal(accountOf(token({ upn: 'mia@example.org', appid: 'the editor', oid: '1' })), 'mia@example.org');
  assert.equal(accountOf(token({ unique_name: 'mia@example.org', appid: 'the editor' })), 'mia@example.org');
  assert.equal(accountOf(token({ idtyp: 'app', appid: 'a pipeline', oid: '1' })), 'a pipeline');
  for (const nobody of ['', 'opaque', 'a.b.c', token(null), token([]), token({ upn: 1, appid: '' })])
    assert.equal(accountOf(nobody), undefined);
});
