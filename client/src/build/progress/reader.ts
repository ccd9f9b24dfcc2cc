import type { ProgressReader } from '../build.ts';
import type { ReaderKind } from '../plan.ts';
import { createClassicReader } from './classic.ts';
import { createPlainReader } from './plain.ts';
import { createPodmanReader } from './podman.ts';
import { createRawReader } from './raw.ts';

/** `now` gives milliseconds, for builders that do not tell how long a step took. */
export function createReader(kind: ReaderKind, now: () => number): ProgressReader {
  switch (kind) {
    case 'raw':
      return createRawReader();
    case 'plain':
      return createPlainReader();
    case 'classic':
      return createClassicReader(now);
    case 'podman':
      return createPodmanReader(now);
  }
}
