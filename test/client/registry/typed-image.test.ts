import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typedImage } from '../../../client/src/registry/typed-image.ts';

void test('a repository is typed, then its tag', () => {
  assert.deepEqual(typed('FROM shopreg.azurecr.io/|'), ['shopreg.azurecr.io', 'repository', '', '']);
  assert.deepEqual(typed('  from --platform=linux/amd64 ShopReg.azurecr.io/team/sh|op:1 AS base'), [
    'shopreg.azurecr.io',
    'repository',
    'team/sh',
    'team/shop',
  ]);
  assert.deepEqual(typed('FROM 127.0.0.1:5000/shop:|'), ['127.0.0.1:5000', 'tag', 'shop', '']);
  assert.deepEqual(typed('FROM shopreg.azurecr.io/team/shop:1.|2-x AS base'), [
    'shopreg.azurecr.io',
    'tag',
    'team/shop',
    '1.2-x',
  ]);
  assert.deepEqual(typed('COPY --link --from=shopreg.azurecr.io/s|'), ['shopreg.azurecr.io', 'repository', 's', 's']);
});

void test('nothing else is', () => {
  for (const line of [
    'FROM |',
    'FROM shopreg.azurecr.io|',
    'FROM library/node|',
    'FROM localhost/node|',
    'FROM $REGISTRY/shop|',
    'FROM shopreg.azurecr.io/${NAME}|',
    'FROM shopreg.azurecr.io/shop@sha256:1|',
    'FROM shopreg.azurecr.io/shop AS |',
    '# FROM shopreg.azurecr.io/|',
    'RUN echo FROM shopreg.azurecr.io/|',
    'FROM https://shopreg.azurecr.io/|',
  ]) {
    assert.equal(typed(line), undefined, line);
  }
});

/** `|` is the cursor. The last is what an offer takes the place of. */
function typed(marked: string): readonly string[] | undefined {
  const at = marked.indexOf('|');
  const line = marked.replaceAll('|', '');
  const found = typedImage(line, at);
  if (found === undefined) return undefined;
  const { host, isTag, repository, start, end } = found;
  return [host, isTag ? 'tag' : 'repository', repository, line.slice(start, end)];
}
