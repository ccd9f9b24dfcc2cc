import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { mayRead } from '../../client/src/may-read.ts';

function place(uri: string): { scheme: string; authority: string; path: string } {
  const [, scheme = '', authority = '', path = ''] = /^([\w-]+):\/\/([^/]*)(.*)$/.exec(uri) ?? [];
  return { scheme, authority, path };
}

suite('the client reads only', () => {
  const folders = [place('file:///work/app'), place('vscode-vfs://github/a/b/')];
  const allowed = [
    'file:///work/app',
    'file:///work/app/Dockerfile',
    'file:///work/app/a/b/..c',
    'vscode-vfs://github/a/b/x',
  ];
  const refused = [
    'file:///work',
    'file:///work/apple/x',
    'file:///etc/passwd',
    'file:///work/app/../secret',
    'file:///work/app/./../secret',
    'file://server/work/app/x',
    'http:///work/app/x',
    'vscode-vfs://gitlab/a/b/x',
  ];
  for (const uri of allowed)
    test(`what is in its folders: ${uri}`, () => assert.equal(mayRead(place(uri), folders), true));
  for (const uri of refused) test(`and not ${uri}`, () => assert.equal(mayRead(place(uri), folders), false));
  test('all of a folder that is the root', () => assert.equal(mayRead(place('file:///x'), [place('file:///')]), true));
});
