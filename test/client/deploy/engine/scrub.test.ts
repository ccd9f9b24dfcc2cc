import assert from 'node:assert/strict';
import test from 'node:test';
import { AzureError } from '../../../../client/src/azure/azure-error.ts';
import { createScrubber } from '../../../../client/src/deploy/run/scrub.ts';
import { NoAnswer } from '../../../../client/src/deploy/after/wait-for-answer.ts';
import { isUserError, UserError } from '../../../../client/src/ui/user-error.ts';

test('hides a secret in each of its forms', () => {
  const { hide, clean } = createScrubber();
  hide('p@ss "word"/+');
  for (const form of ['p@ss "word"/+', 'p%40ss%20%22word%22%2F%2B', 'p@ss \\"word\\"/+', 'cEBzcyAid29yZCIvKw==']) {
    assert.equal(clean(`before ${form} after`), 'before *** after');
  }
});

test('hides the lines of a secret that has several', () => {
  const { hide, clean } = createScrubber();
  hide('-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END KEY-----');
  assert.equal(clean('line MIIEvQIBADANBgkq of it'), 'line *** of it');
});

test('leaves nothing of a secret that another is a part of', () => {
  const { hide, clean } = createScrubber();
  hide('hunter');
  hide('hunter-longer');
  assert.equal(clean('hunter-longer hunter'), '*** ***');
});

test('hides tokens and signatures that it was never told of', () => {
  const { clean } = createScrubber();
  assert.equal(clean('Bearer eyJhbGciOiJub25l.eyJzdWIiOiJ1c2VyIn0.c2ln'), 'Bearer ***');
  assert.equal(clean('https://x/y?sv=1&sig=abc%2Fdef&se=2'), 'https://x/y?sv=1&sig=***&se=2');
  assert.equal(
    clean('DefaultEndpointsProtocol=https;AccountKey=abc==;x=1'),
    'DefaultEndpointsProtocol=https;AccountKey=***;x=1',
  );
});

test('leaves ordinary words alone', () => {
  const { hide, clean } = createScrubber();
  hide('no');
  assert.equal(clean('no answer from shop, eyJ is a word'), 'no answer from shop, eyJ is a word');
});

test('keeps the kind of an error, and all but the secret', () => {
  const { hide, cleanError } = createScrubber();
  hide('hunter2hunter2');
  const azure = cleanError(
    new AzureError({
      status: 400,
      code: 'Bad',
      message: 'value hunter2hunter2',
      request: 'PUT /x',
      details: ['hunter2hunter2'],
      extendedCode: '54001',
    }),
  );
  assert.ok(azure instanceof AzureError);
  assert.deepEqual(
    [azure.message, azure.details, azure.code, azure.extendedCode],
    ['value ***', ['***'], 'Bad', '54001'],
  );
  const user = cleanError(new UserError('bad hunter2hunter2'));
  assert.ok(isUserError(user));
  assert.equal(user.message, 'bad ***');
  const answer = cleanError(new NoAnswer('x', 'because hunter2hunter2', ['DB=hunter2hunter2']));
  assert.ok(answer instanceof NoAnswer);
  assert.deepEqual([answer.because, answer.lines], ['because ***', ['DB=***']]);
  const other = cleanError(new TypeError('x hunter2hunter2'));
  assert.ok(other instanceof Error);
  assert.doesNotMatch(`${other.message} ${other.stack ?? ''}`, /hunter2/);
});
