import { instructions, notApplicable, type Check, type Judgement } from '../check.ts';
import type { ImageFacts } from '../facts.ts';
import { lines, nothingToRun, notStarted } from '../judge.ts';
import { plainRun, type PlainRun } from '../runs/plain.ts';

export const nonRoot: Check = {
  id: 'non-root',
  whyNot: nothingToRun,
  async run(context) {
    const plain = await context.once(plainRun);
    if (plain.user !== undefined) return judge(plain.user, plain, context.facts);
    return notStarted(context, plain, 'non-root') ?? notApplicable('The user of its processes cannot be seen here');
  },
};

const concerns = instructions('USER', 'ENTRYPOINT', 'CMD');

function judge(user: NonNullable<PlainRun['user']>, { processes }: PlainRun, { config }: ImageFacts): Judgement {
  const details = processes.flatMap(({ user: uid, command, name }) => lines(`${uid} ${command || name}`)).slice(0, 10);
  const [root] = user.rootProcesses;
  if (user.uid === 0) {
    const isSet = config.user !== '' && !/^(root|0)(:|$)/.test(config.user);
    const advice = isSet
      ? 'Its entry point becomes root again: drop that'
      : "Add a USER with a number above 0, such as 'USER 1000', before CMD";
    const others = processes.filter(({ user: uid }) => uid !== '0' && uid !== 'root').length;
    const message =
      others > 0 ? `Runs as root (uid 0), with ${others} of its processes as others` : 'Runs as root (uid 0)';
    return { outcome: 'broken', message, advice, details, concerns };
  }
  if (root !== undefined) {
    const message = `PID 1 runs as uid ${user.uid}, but '${root.name}' as root`;
    return { outcome: 'broken', message, advice: 'Start it without sudo, su or a setuid bit', details, concerns };
  }
  return {
    outcome: 'kept',
    message: `Runs as ${user.uid < 0 ? 'a user other than root' : `uid ${user.uid}`}`,
    details,
    concerns,
  };
}
