import { dependencyInstalls, installMentions, type DependencyInstall } from '../../model/dependency-install.ts';
import type { Dockerfile, Stage } from '../../model/dockerfile.ts';
import { manifestsFirst, wholeFolderCopy } from '../../model/manifest-copy.ts';
import { isWorkspace } from '../../model/manifest-text.ts';
import type { Instruction } from '../../syntax/dockerfile/tree.ts';
import { shorten } from '../../text/shorten.ts';
import { dockerfileRule } from '../rule.ts';

export default dockerfileRule({
  id: 'copy-before-dependency-install',
  summary: 'Copy the manifests and install dependencies before copying the sources.',
  why: 'The cache of a step holds as long as the steps before it do. With all sources copied first, every edit of any file installs every dependency anew.',
  category: 'size',
  severity: 'warning',
  files: { 'package.json': '{}', 'package-lock.json': '{}' },
  bad: `
FROM node:22-slim
WORKDIR /app
COPY . .
     ^ Any edit repeats 'npm ci' below: copy 'package.json' first, the rest after it
RUN npm ci
CMD ["node", "server.js"]
=> Copy the manifests first
FROM node:22-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
CMD ["node", "server.js"]
`,
  good: `
FROM node:22-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build
`,

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      const found = firstOffence(dockerfile, stage);
      if (!found) continue;
      const { copy, run, install } = found;
      const source = wholeFolderCopy(copy);
      if (!source) continue;
      const edits = manifestsFirst(dockerfile, copy, run, install);
      yield {
        range: source.range,
        message: `Any edit repeats '${shorten(install.name, 25)}' below: ${adviceFor(install)}`,
        related: [{ range: install.command.range, message: 'Runs again whenever any file changes' }],
        ...(edits && { fix: { title: 'Copy the manifests first', safe: false, edits } }),
      };
    }
  },
});

function adviceFor({ manifests: [manifest = ''], needsOnlyManifests }: DependencyInstall): string {
  const name = shorten(manifest.replace(/^\/.*\//, ''), 25);
  return needsOnlyManifests ? `copy '${name}' first, the rest after it` : `install what '${name}' names first`;
}

/** The first install that follows a copy of everything, unless the same manager ran before it, on manifests alone. */
function firstOffence(dockerfile: Dockerfile, stage: Stage) {
  let copy: Instruction | undefined;
  const installedBefore = new Set<string>();
  for (const instruction of stage.instructions) {
    if (wholeFolderCopy(instruction)) copy ??= instruction;
    if (instruction.keyword !== 'RUN') continue;
    for (const install of installsOf(dockerfile, instruction)) {
      const manager = install.manifests[0] ?? install.name;
      if (isWorkspace(dockerfile.project, manager)) continue;
      if (copy && !installedBefore.has(manager)) return { copy, run: instruction, install };
      installedBefore.add(manager);
    }
  }
  return undefined;
}

function installsOf(dockerfile: Dockerfile, instruction: Instruction): DependencyInstall[] {
  const bindsManifest = instruction.flags.some(({ name, value }) => name === 'mount' && /type=bind/.test(value ?? ''));
  return bindsManifest ? [] : dependencyInstalls(dockerfile.script(instruction, installMentions).commands);
}
