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
FROM node:22 AS build
                ^^^^^ Another stage is called 'build': choose a name of its own
=> Rename to 'build-2'
FROM golang:1.23 AS build
FROM node:22 AS build-2
`,
  good: `
FROM golang:1.23 AS backend
FROM golang:1.23 AS tools
`,

  *check({ stages }) {
    for (const { name, index } of stages) {
      if (!name) continue;
      const sameName = (other: string | undefined) => other?.toLowerCase() === name.value.toLowerCase();
      const first = stages.slice(0, index).find((stage) => sameName(stage.name?.value));
      if (!first?.name) continue;
      let number = 2;
      while (stages.some((stage) => stage.name?.value.toLowerCase() === `${name.value.toLowerCase()}-${number}`)) number++;
      const freeName = `${name.value}-${number}`;
      yield {
        range: name.range,
        message: `Another stage is called '${name.value}': choose a name of its own`,
        related: [{ range: first.name.range, message: 'The first stage of that name' }],
        fix: { title: `Rename to '${freeName}'`, safe: false, edits: [{ range: name.range, text: freeName }] },
      };
    }
  },
});
