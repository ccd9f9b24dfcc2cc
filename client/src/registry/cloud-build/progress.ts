import type { BuildEvent } from '../../build/build.ts';
import { Lines } from '../../build/progress/lines.ts';
import { createReader } from '../../build/progress/reader.ts';

/** Reads the log of a build in the cloud, in which a builder and the agent that runs it both write. */
export interface CloudLogReader {
  readonly read: (text: string) => readonly BuildEvent[];
  readonly end: (hasSucceeded: boolean) => readonly BuildEvent[];
}

/** `2024/11/01 07:29:15 Step ID: build marked as successful`. */
const agentLine = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /;
const agentTrouble = /\bfail(?:ed|ure)\b|\berror\b/i;

export function createCloudLogReader(builder: 'classic' | 'buildkit', now: () => number): CloudLogReader {
  const reader = createReader(builder === 'buildkit' ? 'plain' : 'classic', now);
  const lines = new Lines();
  /** Both streams of the builder are one here. The classic one says last what is wrong, so that line is the one of its errors. */
  let held: string | undefined;
  let isBuilding = true;

  const release = (stream: 'stdout' | 'stderr'): readonly BuildEvent[] => {
    if (held === undefined) return [];
    const text = `${held}\n`;
    held = undefined;
    return reader.read(text, stream);
  };

  const readLine = (line: string): readonly BuildEvent[] => {
    if (agentLine.test(line)) {
      const isTrouble = agentTrouble.test(line);
      const events = release(isTrouble ? 'stderr' : 'stdout');
      // Between two of its lines about the build it is the builder who writes; elsewhere it is the agent's lists, or a push.
      isBuilding = / (?:Executing step ID|Launching container with name): build\b/.test(line);
      return [...events, { kind: 'line', text: line }];
    }
    if (!isBuilding || /^Run ID: /.test(line)) return [{ kind: 'line', text: line }];
    if (line.trim() === '') return [];
    const events = release('stdout');
    held = line;
    return events;
  };

  return {
    read: (text) => lines.add(text).flatMap(readLine),
    end: (hasSucceeded) => [
      ...lines.end().flatMap(readLine),
      ...release(hasSucceeded ? 'stdout' : 'stderr'),
      ...reader.end(hasSucceeded ? 0 : 1),
    ],
  };
}
