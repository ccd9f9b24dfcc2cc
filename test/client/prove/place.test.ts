import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../../../server/src/text/problem.ts';
import { dockerfileOf } from '../../../client/src/dockerfile-model.ts';
import { judgePorts } from '../../../client/src/prove/checks/port.ts';
import { fixesFor } from '../../../client/src/prove/fixes.ts';
import { marksOf } from '../../../client/src/prove/marks.ts';
import { placeOf } from '../../../client/src/prove/place.ts';
import type { Concern, Verdict } from '../../../client/src/prove/promise.ts';

const text = `\
FROM debian:12 AS build
RUN make
FROM debian:12-slim AS runtime
ENV PORT=3000 \\
    API_KEY=kingfisher
COPY --chown=app:app . /app
RUN apt-get update \\
    && apt-get install -y curl
COPY --from=build /out /app/out
FROM runtime
EXPOSE 3000
CMD ["node"]
`;

const instruction = (keyword: string): Concern => ({ kind: 'instruction', keyword });
const layer = (createdBy: string): Concern => ({ kind: 'layer', createdBy });

function marked(concerns: readonly Concern[], target?: string): string | undefined {
  const place = placeOf({ concerns }, dockerfileOf(text), target);
  return place && text.slice(place.range.start, place.range.end);
}

function broken(more: Partial<Verdict>): Verdict {
  return { promise: 'port', outcome: 'broken', message: '', concerns: [], seconds: 0, ...more };
}

test('marks the first concern that the stage has, its bases included', () => {
  assert.equal(marked([instruction('USER'), instruction('CMD')]), 'CMD ["node"]');
  assert.equal(marked([instruction('ENV')]), 'ENV PORT=3000');
  assert.equal(marked([instruction('USER')]), 'FROM runtime');
  assert.equal(marked([instruction('CMD'), instruction('RUN')], 'runtime'), 'RUN apt-get update');
  assert.equal(marked([instruction('RUN')], '0'), 'RUN make');
  assert.equal(marked([], 'nowhere'), undefined);
});

test('finds the instruction of a layer as each builder tells it', () => {
  const steps: Readonly<Record<string, string>> = {
    'COPY . /app # buildkit': 'COPY --chown=app:app . /app',
    'COPY --chown=app:app . /app # buildkit': 'COPY --chown=app:app . /app',
    'COPY /out /app/out # buildkit': 'COPY --from=build /out /app/out',
    'RUN /bin/sh -c apt-get update     && apt-get install -y curl # buildkit': 'RUN apt-get update',
    'RUN |1 TOKEN=*** /bin/sh -c apt-get update     && apt-get install -y curl # buildkit': 'RUN apt-get update',
    '/bin/sh -c apt-get update     && apt-get install -y curl': 'RUN apt-get update',
    'ENV PORT=3000 API_KEY=***': 'API_KEY=kingfisher',
    // It is of a stage that the image does not have.
    'RUN /bin/sh -c make # buildkit': 'FROM runtime',
  };
  for (const [createdBy, expected] of Object.entries(steps))
    assert.equal(marked([layer(createdBy)]), expected, createdBy);
});

test('marks move with their instructions, and go when these are edited', () => {
  const verdicts = [
    broken({ promise: 'stops', concerns: [instruction('CMD')] }),
    broken({ promise: 'no-git', concerns: [layer('COPY . /app # buildkit')] }),
    broken({ promise: 'size', outcome: 'kept', concerns: [instruction('CMD')] }),
  ];
  const now = (after: string): readonly string[] =>
    marksOf(verdicts, { text }, after).map(
      ({ verdict, range }) => `${verdict.promise}: ${after.slice(range.start, range.end)}`,
    );
  const both = ['stops: CMD ["node"]', 'no-git: COPY --chown=app:app . /app'];
  assert.deepEqual(now(text), both);
  assert.deepEqual(now(`# syntax=docker/dockerfile:1\n\n${text}`), both);
  assert.deepEqual(now(text.replace('RUN make', 'RUN make all').replace('EXPOSE 3000', 'EXPOSE 1\nEXPOSE 2')), both);
  assert.deepEqual(now(text.replace('CMD ["node"]', 'CMD ["node", "a"]')), both.slice(1));
  assert.deepEqual(now(''), []);
});

test('fixes EXPOSE as the app was seen to listen', () => {
  const socket = (port: number) => ({ port, protocol: 'tcp', isLoopback: false }) as const;
  const fixed = (source: string, exposed: readonly number[], ...listens: readonly number[]): readonly string[] => {
    const judgement = judgePorts(
      exposed.map((port) => ({ port, protocol: 'tcp' })),
      listens.map(socket),
      'seen',
    );
    const fixes = fixesFor(broken(judgement), dockerfileOf(source));
    return fixes.map(({ title, edits }) => `${title}\n${applyEdits(source, edits)}`);
  };
  assert.deepEqual(fixed('FROM a\nCMD ["b"]\n', [], 3000), ['Expose 3000\nFROM a\nEXPOSE 3000\nCMD ["b"]\n']);
  assert.deepEqual(fixed('FROM a\r\nUSER b', [], 3000), ['Expose 3000\nFROM a\r\nUSER b\r\nEXPOSE 3000']);
  assert.deepEqual(fixed('FROM a\nEXPOSE 80\nCMD ["b"]\n', [80], 3000), [
    'Expose 3000 instead\nFROM a\nEXPOSE 3000\nCMD ["b"]\n',
  ]);
  assert.deepEqual(fixed('FROM a\nEXPOSE 80\nCMD ["b"]\n', [80], 80, 81), [
    'Expose 81\nFROM a\nEXPOSE 80 81\nCMD ["b"]\n',
  ]);
  assert.deepEqual(fixed('FROM a\nEXPOSE 80\nCMD ["b"]\n', [80]), []);
});

test('fixes a missing user where it is sure that there is none', () => {
  const verdict = broken({
    promise: 'non-root',
    advice: "Add a USER with a number above 0, such as 'USER 1000', before CMD",
  });
  const [fix] = fixesFor(verdict, dockerfileOf('FROM node:22\nCMD ["node"]\n'));
  assert.equal(applyEdits('FROM node:22\nCMD ["node"]\n', fix?.edits ?? []), 'FROM node:22\nUSER node\nCMD ["node"]\n');
  assert.deepEqual(fixesFor(verdict, dockerfileOf('FROM debian\nRUN useradd tide\nCMD ["node"]\n')), []);
});
