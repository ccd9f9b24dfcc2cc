import { readFileSync } from 'node:fs';
import { findTool } from '../../../client/src/container/find-tool.ts';
import { dockerfileOf } from '../../../client/src/dockerfile-model.ts';
import { createKeeper } from '../../../client/src/process/keep.ts';
import { createRun } from '../../../client/src/process/run.ts';
import { prove, type ProveProgress } from '../../../client/src/prove/execute.ts';
import { formatProof } from '../../../client/src/prove/formats/formats.ts';
import { placeOf } from '../../../client/src/prove/place.ts';
import { promiseIds, usualProveSettings, type ProveSettings } from '../../../client/src/prove/promise.ts';
import { promiseTitles, reportOf, type DockerfilePlaces } from '../../../client/src/prove/report.ts';
import { Cancelled, NotStarted } from '../../../client/src/tools/command.ts';
import { isUserError, UserError } from '../../../client/src/ui/user-error.ts';
import { explainSystemError } from './find-files.ts';
import { keeperScript, listenForSignals, writeOutput } from './programs.ts';
import type { ProveCommand } from './prove-arguments.ts';
import { say, wantsColours, write } from './streams.ts';

/** 0: all promises are kept, 1: one is broken, 2: it could not be told; as shells have it, 130 and the like when interrupted. */
export async function runProve(command: ProveCommand, program: string): Promise<number> {
  const { image, format, output } = command;
  const interruption = listenForSignals();
  const progress = showProgress();
  try {
    const dockerfile = command.dockerfile === undefined ? undefined : placesIn(command.dockerfile, command.target);
    const keeper = createKeeper(keeperScript(program));
    const run = createRun(keeper);
    const { signal } = interruption;
    const tool = await findTool(run, { kind: command.tool }, signal);
    const proof = await prove(image, settingsOf(command), { run, keeper, tool, signal, onProgress: progress.show });
    progress.clear();
    const report = reportOf(proof, dockerfile);
    const colours = wantsColours(output === undefined && process.stdout.isTTY);
    const text = formatProof(format, report, { colours });
    if (output === undefined) write(text);
    else writeOutput(output, text);
    return report.outcome === 'broken' ? 1 : 0;
  } catch (error) {
    progress.clear();
    if (error instanceof Cancelled) {
      say('Interrupted: all containers are removed');
      return interruption.code();
    }
    if (!isUserError(error) && !(error instanceof NotStarted)) throw error;
    // There are no settings of the editor here.
    say(error.message.replace(/, or set 'shipshape\.[^']*'/, ''));
    return 2;
  } finally {
    interruption.stop();
  }
}

function settingsOf({ settings, checks = promiseIds, skip }: ProveCommand): ProveSettings {
  return { ...usualProveSettings, ...settings, checks: checks.filter((id) => !skip.includes(id)) };
}

function placesIn(file: string, target: string | undefined): DockerfilePlaces {
  const text = readDockerfile(file);
  const dockerfile = dockerfileOf(text);
  if (target !== undefined && dockerfile.findStage(target) === undefined) {
    throw new UserError(`There is no stage '${target}' in '${file}'`);
  }
  return { file, text, placeOf: (verdict) => placeOf(verdict, dockerfile, target) };
}

function readDockerfile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`'${file}' cannot be read: ${explainSystemError(error)}`);
  }
}

/** One line that is written over, for who sits at a terminal. */
function showProgress(): { show: (progress: ProveProgress) => void; clear: () => void } {
  const { isTTY: isTerminal } = process.stderr;
  const clear = (): void => {
    if (isTerminal) process.stderr.write('\r\u001b[K');
  };
  return {
    clear,
    show(progress) {
      if (!isTerminal) return;
      const text =
        progress.kind === 'started'
          ? 'Proving ...'
          : `${progress.done} of ${progress.of}: ${promiseTitles[progress.verdict.promise]} (${progress.verdict.outcome})`;
      clear();
      process.stderr.write(text);
    },
  };
}
