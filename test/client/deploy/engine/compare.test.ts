import assert from 'node:assert/strict';
import test from 'node:test';
import { says } from '../../../../client/src/deploy/run/compare.ts';
import type { Json } from '../../../../client/src/azure/json.ts';
import type { Value } from '../../../../client/src/deploy/value.ts';

const id = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/pull';

const same: readonly (readonly [string, Json | undefined, Value])[] = [
  ['what Azure adds', { sku: { name: 'Basic', tier: 'Basic' }, id: 'x' }, { sku: { name: 'Basic' } }],
  ['letters of ids', { properties: { environmentId: id.toUpperCase() } }, { properties: { environmentId: id } }],
  [
    'letters of enums',
    { properties: { activeRevisionsMode: 'Single' } },
    { properties: { activeRevisionsMode: 'single' } },
  ],
  ['locations by title', { location: 'West Europe' }, { location: 'westeurope' }],
  [
    'defaults that are left out',
    { properties: { adminUserEnabled: null } },
    { properties: { adminUserEnabled: false } },
  ],
  ['empty lists that are left out', {}, { env: [], tags: {} }],
  ['numbers as texts', { targetPort: '8080' }, { targetPort: 8080 }],
  [
    'arrays by name',
    {
      c: [
        { name: 'b', v: 2 },
        { name: 'a', v: 1 },
      ],
    },
    {
      c: [
        { name: 'a', v: 1 },
        { name: 'b', v: 2 },
      ],
    },
  ],
  [
    'identities by key',
    { userAssignedIdentities: { [id.toLowerCase()]: { clientId: 'c' } } },
    { userAssignedIdentities: { [id]: {} } },
  ],
  [
    'blanks between kinds',
    { identity: { type: 'SystemAssigned,UserAssigned' } },
    { identity: { type: 'SystemAssigned, UserAssigned' } },
  ],
  ['the host of an image', { image: 'Reg.azurecr.io/app:1' }, { image: 'reg.azurecr.io/app:1' }],
  ["what Docker leaves out of an image's name", { image: 'docker.io/library/nginx:latest' }, { image: 'nginx' }],
  [
    'the word before an image',
    { linuxFxVersion: 'docker|127.0.0.1:5000/app:1' },
    { linuxFxVersion: 'DOCKER|127.0.0.1:5000/app:1' },
  ],
  ['secrets, which nobody sees', { name: 'db' }, { name: 'db', value: { $secret: 'db' } }],
];
const different: readonly (readonly [string, Json | undefined, Value])[] = [
  ['another value', { sku: { name: 'Basic' } }, { sku: { name: 'Standard' } }],
  ['nothing there', undefined, { location: 'westeurope' }],
  ['a text of the user in other letters', { env: [{ name: 'A', value: 'x' }] }, { env: [{ name: 'A', value: 'X' }] }],
  ['the tag of an image in other letters', { image: 'reg.azurecr.io/app:Rc' }, { image: 'reg.azurecr.io/app:rc' }],
  ['the port of an image’s host', { image: '127.0.0.1:1/app:1' }, { image: '127.0.0.1:2/app:1' }],
  ['one element too many', { env: [{ name: 'A' }, { name: 'B' }] }, { env: [{ name: 'A' }] }],
  ['another order without names', { command: ['a', 'b'] }, { command: ['b', 'a'] }],
  ['an identity that is not there', { userAssignedIdentities: {} }, { userAssignedIdentities: { [id]: {} } }],
  ['false where true is wanted', { httpsOnly: null }, { httpsOnly: true }],
  ['a number that is not there', {}, { minReplicas: 0 }],
];

for (const [what, actual, wanted] of same) {
  test(`takes for the same: ${what}`, () => assert.ok(says(actual, wanted)));
}
for (const [what, actual, wanted] of different) {
  test(`takes for different: ${what}`, () => assert.ok(!says(actual, wanted)));
}
