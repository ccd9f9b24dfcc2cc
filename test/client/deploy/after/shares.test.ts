import assert from 'node:assert/strict';
import { test } from 'node:test';
import { halfAndHalf, readShares } from '../../../../client/src/deploy/after/shares.ts';

const versions = ['shop--v1', 'shop--v2', 'shop--v3'].map((name, day) => ({ name, changedAt: `2026-01-0${day + 1}` }));

void test('shares are read by the short name or the whole one', () => {
  const expected = [
    { revision: 'shop--v1', weight: 90 },
    { revision: 'shop--v2', weight: 10 },
  ];
  for (const text of ['v1=90 v2=10', ' shop--v1=90%,\n v2=10% ', 'v1=090,v2=10']) {
    assert.deepEqual(readShares(text, versions), expected, text);
  }
  assert.deepEqual(readShares('v3=100', versions), [{ revision: 'shop--v3', weight: 100 }]);
});

void test('what is wrong with shares is said', () => {
  for (const [text, message] of [
    ['v1=90 v2', "'v2' is not 'revision=share'"],
    ['v1=-10', "'v1=-10' is not 'revision=share'"],
    ['v1=50.5 v2=49.5', "'v1=50.5' is not 'revision=share'"],
    ['v9=100', "There is no revision 'v9'"],
    ['v1=50 shop--v1=50', "'shop--v1' is there twice"],
    ['v1=90 v2=20', 'The shares add up to 110 %: make it 100'],
    ['', 'The shares add up to 0 %: make it 100'],
  ] as const) {
    assert.equal(readShares(text, versions), message, text);
  }
});

void test('half and half is between the first and the newest other one', () => {
  assert.deepEqual(halfAndHalf(versions), [
    { revision: 'shop--v1', weight: 50 },
    { revision: 'shop--v3', weight: 50 },
  ]);
  assert.deepEqual(halfAndHalf(versions.slice(0, 1)), []);
});
