import { userFix } from '../../../server/src/model/base-image.ts';
import type { Dockerfile, Stage } from '../../../server/src/model/dockerfile.ts';
import { newlineOf } from '../../../server/src/text/lines.ts';
import type { Edit } from '../../../server/src/text/problem.ts';
import type { PromiseId, Verdict } from './promise.ts';

export interface ProofFix {
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** The rules that see in the text what a broken promise has shown: their fixes are fixes for it. */
export const rulesOf: Readonly<Partial<Record<PromiseId, readonly string[]>>> = {
  'non-root': ['missing-user', 'last-user-root'],
  stops: ['shell-form-cmd'],
  'no-zombies': ['shell-form-cmd'],
  'no-secrets': ['secret-in-arg-env', 'missing-dockerignore'],
  'no-git': ['missing-dockerignore'],
  'no-package-cache': ['apt-lists-not-removed'],
  size: ['missing-dockerignore', 'apt-lists-not-removed'],
};

/** What in the Dockerfile as it is now would keep a promise that was broken. */
export function fixesFor(
  { promise, advice = '' }: Verdict,
  dockerfile: Dockerfile,
  target?: string,
): readonly ProofFix[] {
  const stage = target === undefined ? dockerfile.finalStage : dockerfile.findStage(target);
  if (stage === undefined) return [];
  if (promise === 'port') return exposeFix(advice, dockerfile, stage);
  // Without reading shell commands it is not known whether they create a user: then the rule's own fix is the one to take.
  const createsUser = /\b(?:useradd|adduser)\b/.test(dockerfile.text);
  if (promise !== 'non-root' || createsUser || !advice.startsWith('Add a USER')) return [];
  const fix = userFix(dockerfile, stage);
  return fix ? [fix] : [];
}

/** The ports are those that the app was seen to listen on. */
function exposeFix(advice: string, { text }: Dockerfile, stage: Stage): readonly ProofFix[] {
  const exposed = stage.effective('EXPOSE');
  const added = /\b[Aa]dd 'EXPOSE ([\d/a-z ]+)'/.exec(advice)?.[1];
  const instead = /^Expose ([\d/a-z, ]+) instead/.exec(advice)?.[1]?.replaceAll(',', '');
  if (instead !== undefined && exposed) {
    return [{ title: `Expose ${instead} instead`, edits: [{ range: exposed.argumentsRange, text: instead }] }];
  }
  if (added === undefined) return [];
  const title = `Expose ${added}`;
  if (exposed) {
    const { end } = exposed.argumentsRange;
    return [{ title, edits: [{ range: { start: end, end }, text: ` ${added}` }] }];
  }
  // Before the program starts, where people look for it.
  const start = stage.instructions.find(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT');
  const newline = newlineOf(text);
  if (start) {
    const at = start.range.start;
    return [{ title, edits: [{ range: { start: at, end: at }, text: `EXPOSE ${added}${newline}` }] }];
  }
  const end = stage.instructions.at(-1)?.range.end ?? text.length;
  return [{ title, edits: [{ range: { start: end, end }, text: `${newline}EXPOSE ${added}` }] }];
}
