import type { ProgressReader } from '../build.ts';
import { StageNames } from './stage-names.ts';
import { createStepLinesReader } from './step-lines.ts';

/** Reads Docker's builder from before BuildKit: `Step 2/6 : RUN npm ci`, ` ---> Using cache`. Its own errors come by the other stream. */
export function createClassicReader(now: () => number): ProgressReader {
  const stages = new StageNames();
  return createStepLinesReader(
    {
      start(line) {
        const match = /^Step (\d+)\/\d+ : (.*)$/s.exec(line);
        const [, id, instruction] = match ?? [];
        if (id === undefined || instruction === undefined) return undefined;
        // It counts over the whole file, but does not say how many instructions each stage has.
        return { id, place: { ...stages.next(instruction), count: 0, instruction } };
      },
      remark(line) {
        if (line === ' ---> Using cache') return 'cached';
        // Colours that a step left on come before it.
        return /^(?:\u001b\[0m)? ---> |^Successfully (?:built|tagged) |^Sending build context /.test(line)
          ? 'remark'
          : undefined;
      },
      isTrouble: (_line, stream) => stream === 'stderr',
    },
    now,
  );
}
