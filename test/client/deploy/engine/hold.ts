// A process that deploys nothing, alone: says so, and goes on until its input ends.
import { appendFileSync } from 'node:fs';
import { once } from 'node:events';
import { alone } from '../../../../client/src/deploy/alone.ts';
import { target } from './support.ts';

const [folder = '', how = ''] = process.argv.slice(2);

if (how === 'hold') {
  await alone(
    target,
    { from: 'the command line', doing: 'deployed' },
    async () => {
      process.stdout.write('held\n');
      process.stdin.resume();
      await once(process.stdin, 'end');
    },
    folder,
  );
} else {
  // Again and again: whoever is inside says when it comes and goes.
  for (let left = 5; left > 0;) {
    try {
      await alone(
        target,
        { from: 'the editor', doing: 'deployed' },
        async () => {
          appendFileSync(how, `+${process.pid}\n`);
          await new Promise((resolve) => setTimeout(resolve, 2));
          appendFileSync(how, `-${process.pid}\n`);
        },
        folder,
      );
      left--;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1 + Math.random() * 5));
    }
  }
}
