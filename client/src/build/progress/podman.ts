import type { ProgressReader } from '../build.ts';
import { StageNames } from './stage-names.ts';
import { createStepLinesReader } from './step-lines.ts';

/** Reads Podman and Buildah: `[1/2] STEP 2/6: RUN npm ci`, `--> Using cache 1a2b...`. What a RUN writes to stderr comes by stderr, too. */
export function createPodmanReader(now: () => number): ProgressReader {
  const stages = new StageNames();
  return createStepLinesReader(
    {
      start(line) {
        const match = /^(?:\[(\d+)\/\d+\] )?STEP (\d+)\/(\d+): (.*)$/s.exec(line);
        const [, stage = '1', index, count, instruction] = match ?? [];
        if (index === undefined || instruction === undefined) return undefined;
        const place = { ...stages.next(instruction), index: Number(index), count: Number(count), instruction };
        return { id: `${stage}.${index}`, place };
      },
      remark(line) {
        if (line.startsWith('--> Using cache ')) return 'cached';
        return /^--> [0-9a-f]{11,}$|^COMMIT\b|^Successfully tagged |^[0-9a-f]{64}$/.test(line) ? 'remark' : undefined;
      },
      isTrouble: (line, stream) => stream === 'stderr' && /^(?:Error: |time="[^"]*" level=)/.test(line),
    },
    now,
  );
}
