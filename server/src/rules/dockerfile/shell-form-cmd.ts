import { execForm, looksLikeArray } from '../../model/exec-form.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import type { Instruction } from '../../syntax/dockerfile/tree.ts';
import { dockerfileRule } from '../rule.ts';

export default dockerfileRule({
  id: 'shell-form-cmd',
  summary: 'Write CMD and ENTRYPOINT as a JSON array.',
  why: 'In shell form, `/bin/sh -c` is the first process: it does not pass SIGTERM on, so the program is killed after the grace period instead of stopping by itself.',
  category: 'reliability',
  severity: 'warning',
  aliases: ['hadolint:DL3025', 'buildkit:JSONArgsRecommended', 'kics:Not Using JSON In CMD And ENTRYPOINT Arguments'],
  bad: `
FROM node:22-slim
CMD node server.js --port 8080
    ^^^^^^^^^^^^^^^^^^^^^^^^^^ Signals do not reach the program in shell form: use a JSON array
=> Convert to a JSON array
FROM node:22-slim
CMD ["node", "server.js", "--port", "8080"]
`,
  good: `
FROM node:22-slim AS app
CMD ["node", "server.js"]

FROM app
SHELL ["/bin/bash", "-c"]
CMD exec node server.js "$MODE"

FROM app
HEALTHCHECK CMD wget -q -O- http://127.0.0.1/ || exit 1
`,

  *check(dockerfile) {
    for (const instruction of dockerfile.instructions) {
      const { keyword, argumentsRange, json } = instruction;
      if ((keyword !== 'CMD' && keyword !== 'ENTRYPOINT') || json || argumentsRange.start >= argumentsRange.end)
        continue;
      // A shell that was chosen is meant; Windows tells every process of a container that it ends.
      const { kind, instruction: chosen } = dockerfile.shellOf(instruction);
      if (chosen || kind !== 'posix') continue;
      const written = dockerfile.text.slice(argumentsRange.start, argumentsRange.end);
      if (/^exec\s/.test(written)) continue;
      const looksLikeJson = looksLikeArray(written);
      const converted = execForm(dockerfile, instruction);
      yield {
        range: argumentsRange,
        message: looksLikeJson
          ? 'Not a valid JSON array, so a shell runs it as written: use double quotes'
          : 'Signals do not reach the program in shell form: use a JSON array',
        ...(converted && {
          fix: {
            title: looksLikeJson ? 'Write it as a JSON array' : 'Convert to a JSON array',
            safe: converted.isSame && !hasCounterpart(dockerfile, instruction),
            edits: [{ range: argumentsRange, text: converted.text }],
          },
        }),
      };
    }
  },
});

/** A shell-form ENTRYPOINT ignores CMD, and a shell-form CMD is handed to ENTRYPOINT in a shell: the other form changes what is run. */
function hasCounterpart(dockerfile: Dockerfile, { keyword, isTrigger, range }: Instruction): boolean {
  const other = keyword === 'CMD' ? 'ENTRYPOINT' : 'CMD';
  const stage = dockerfile.stages.findLast((candidate) => candidate.range.start <= range.start);
  if (isTrigger || !stage) return true;
  return dockerfile.stages.some((each) => each.lineage.includes(stage) && each.effective(other) !== undefined);
}
