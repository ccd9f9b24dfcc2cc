import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queriesFor } from '../../../client/src/deploy/after/queries.ts';
import { queryResultPage } from '../../../client/src/deploy-ui/query-page.ts';

const [query] = queriesFor({ app: { kind: 'containerApp', name: 'shop' }, monitoring: {} });
assert.ok(query);
const parts = { nonce: 'abc', when: (time: string) => `at ${time.slice(11, 16)}`, portal: 'https://portal/?a&b' };

test('an answer is a table in words, with the query and the way to the portal', () => {
  const table = { columns: ['RevisionName_s', 'P95', 'Last'], rows: [['v1', '12.5', '2026-11-21T14:22:05.646Z']] };
  const page = queryResultPage(query, table, parts);
  assert.deepEqual(
    [...page.matchAll(/<t[hd](?: [^>]*)?>([^<]*)</g)].map(([, text]) => text),
    ['Revision name', 'P95', 'Last', 'v1', '12.5', 'at 14:22'],
  );
  assert.match(page, /<h1>Errors by endpoint<\/h1>/);
  assert.match(page, /<pre tabindex="0">ContainerAppConsoleLogs_CL\n/);
  assert.match(page, /<a href="https:\/\/portal\/\?a&amp;b">/);
});

test('what an app has logged is text, and what is missing is said', () => {
  const evil = '"><img src=x onerror=alert(1)><script>';
  const page = queryResultPage(
    query,
    { columns: [evil], rows: [[evil]], incomplete: evil },
    { ...parts, portal: evil },
  );
  assert.doesNotMatch(page, /<img|<script/);
  assert.match(page, /class="note">Not everything is here: &quot;/);
});
