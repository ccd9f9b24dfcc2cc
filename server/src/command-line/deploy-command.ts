import { resolve } from 'node:path';
import { createKeeper } from '../../../client/src/process/keep.ts';
import { createRun } from '../../../client/src/process/run.ts';
import { Cancelled, NotStarted } from '../../../client/src/tools/command.ts';
import { isUserError } from '../../../client/src/ui/user-error.ts';
import type { DeployCommand } from './deploy-arguments.ts';
import { assertWritable, keeperScript, listenForSignals, writeOutput } from './programs.ts';
import { say, write } from './streams.ts';

/** 0: as wished, 1: the plan cannot begin, or Azure or the app refuses, 2: wrong usage or nothing could be read, 3: see `--exit-code`. */
export async function runDeploy(command: DeployCommand, program: string): Promise<number> {
  const { output } = command;
  const interruption = listenForSignals();
  const { signal } = interruption;
  // All of Azure is in a bundle of its own: linting must not pay for it.
  const { deployHeadless, explain } = await import('../../../client/src/deploy/headless.ts');
  try {
    if (output !== undefined) assertWritable(output);
    const keeper = createKeeper(keeperScript(program));
    const code = await deployHeadless({
      ...command,
      folder: resolve(command.folder),
      environment: process.env,
      run: createRun(keeper),
      keeper,
      signal,
      write: (text) => (output === undefined ? write(text) : writeOutput(output, text)),
      say,
    });
    return signal.aborted ? interruption.code() : code;
  } catch (error) {
    if (error instanceof Cancelled || signal.aborted) {
      say('Interrupted before anything was changed');
      return interruption.code();
    }
    say(isUserError(error) || error instanceof NotStarted ? error.message : explain(error).message);
    return 2;
  } finally {
    interruption.stop();
  }
}
