import { dockerfileRule } from '../rule.ts';

export default dockerfileRule({
  id: 'duplicate-stage-name',
  summary: 'Give every stage a name of its own.',
  why: 'Names are compared without case. With two stages of one name, `--from`, `--target` and FROM mean whichever the builder finds, and the other is lost.',
  category: 'correctness',
  severity: 'error',
  aliases: [
    'hadolint:DL3024',
    'buildkit:DuplicateStageName',
    'trivy:DS-0012',
    'checkov:CKV_DOCKER_11',
    'kics:Same Alias In Different Froms',
    'dockerfile-utils:DUPLICATE_BUILD_STAGE_NAME',
  ],
  bad: `
FROM golang:1.23 AS build
                    ^^^^^ Another stage is called 'build', too: give each a name of its own
FROM node:22 AS build
                ^^^^^ Another stage is called 'build', too: give each a name of its own
=> Rename to 'build-2'
FROM golang:1.23 AS build
FROM node:22 AS build-2
`,
  good: `
FROM golang:1.23 AS backend
FROM golang:1.23 AS tools
`,

  *check({ stages }) {
    for (const stage of stages) {
      const { name } = stage;
      if (!name) continue;
      const key = name.value.toLowerCase();
      const others = stages.filter((other) => other !== stage && other.name?.value.toLowerCase() === key);
      if (others.length === 0) continue;
      const isFirst = others.every((other) => other.index > stage.index);
      const freeName = freeNameLike(name.value, new Set(stages.map((other) => other.name?.value.toLowerCase())));
      yield {
        range: name.range,
        message: `Another stage is called '${name.value}', too: give each a name of its own`,
        related: others.map((other) => ({
          range: other.name?.range ?? other.range,
          message: `The other '${name.value}'`,
        })),
        ...(!isFirst && {
          fix: { title: `Rename to '${freeName}'`, safe: false, edits: [{ range: name.range, text: freeName }] },
        }),
      };
    }
  },
});

function freeNameLike(name: string, taken: ReadonlySet<string | undefined>): string {
  let number = 2;
  while (taken.has(`${name}-${number}`.toLowerCase())) number++;
  return `${name}-${number}`;
}
