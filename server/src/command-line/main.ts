import { parseArguments } from './arguments.ts';
import { explain } from './explain.ts';
import { helpText } from './help.ts';
import { runLint } from './lint-command.ts';
import { runDeploy } from './deploy-command.ts';
import { runProve } from './prove-command.ts';
import { printRules } from './rules-command.ts';
import { say, survivesClosedPipe, write } from './streams.ts';
import { versionOf } from './version.ts';

/** `program` is the folder that the running file is in: what belongs to it lies there, too. Gives the exit code. */
export async function main(argv: readonly string[], program: string): Promise<number> {
  survivesClosedPipe();
  const command = parseArguments(argv);
  switch (command.kind) {
    case 'help':
      write(helpText);
      return 0;
    case 'version':
      write(`${versionOf(program)}\n`);
      return 0;
    case 'rules':
      return printRules(command.format);
    case 'explain':
      return explain(command.rule);
    case 'lint':
      return runLint(command, program);
    case 'prove':
      return runProve(command, program);
    case 'deploy':
      return runDeploy(command, program);
    case 'wrong':
      say(`${command.message}\nRun 'shipshape --help' to see what there is`);
      return 2;
  }
}
