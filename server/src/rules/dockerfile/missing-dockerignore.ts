import { dockerignoreFor, stackOf } from '../../model/stack.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import { wholeFolderCopy } from '../../model/manifest-copy.ts';
import { localSources } from '../../model/start-files.ts';
import { subcommand } from '../../syntax/shell/command.ts';
import type { Command } from '../../syntax/shell/script.ts';
import { dockerfileRule } from '../rule.ts';

/** What should never be sent to the builder or end up in an image, and what shows that such things will be there. */
const unwanted =
  /^(?:\.git|node_modules|\.env(?:\..+)?|\.?venv|__pycache__|target|bin|obj|dist|build|vendor|\.idea|\.vscode|.+\.(?:pem|key|pfx)|id_rsa)$/;

export default dockerfileRule({
  id: 'missing-dockerignore',
  summary: 'Keep what the image does not need out of the build with a `.dockerignore`.',
  why: 'Copying the whole folder takes `.git`, `.env` and local dependencies along: secrets end up in a layer, the build is slow, and any change spoils its cache.',
  category: 'security',
  severity: 'warning',
  files: { 'package.json': '{}', 'node_modules/': '' },
  bad: `
FROM node:22-slim
WORKDIR /app
COPY . .
     ^ The whole folder is copied, and no '.dockerignore' holds anything back: write one
=> Write a '.dockerignore' for Node.js
+++ .dockerignore
# What the image does not need, or must never have.
.git
.gitignore
.github
.vscode
.idea
.DS_Store
Dockerfile*
compose*.y*ml
docker-compose*.y*ml
.dockerignore

# Secrets
**/.env
**/.env.*
!**/.env.example
**/*.pem
**/*.key

# Node.js
**/node_modules
npm-debug.log*
.npm
coverage
dist
`,
  good: `
FROM node:22-slim
WORKDIR /app
COPY package.json package-lock.json ./
COPY src/ ./src/
`,

  *check(dockerfile) {
    const { project } = dockerfile;
    const [source] = dockerfile.instructions.flatMap((instruction) => wholeFolderCopy(instruction) ?? []);
    const names = source && project.list('.')?.map(({ name }) => name);
    if (!names || hasIgnoreFile(project.fileName, names)) return;
    // With one further up, that is where this is built from.
    if (['..', '../..', '../../..'].some((folder) => project.text(`${folder}/.dockerignore`) !== undefined)) return;
    const stack = stackOf(names);
    if ((!stack || stack.isTidy === true) && !names.some((name) => unwanted.test(name))) return;
    yield {
      range: source.range,
      message: "The whole folder is copied, and no '.dockerignore' holds anything back: write one",
      fix: {
        title: `Write a '.dockerignore'${stack ? ` for ${stack.name}` : ''}`,
        safe: false,
        edits: [],
        newFiles: [{ path: '.dockerignore', text: dockerignoreFor(stack, neededPaths(dockerfile)) }],
      },
    };
  },
});

/** What the Dockerfile names: copied, mounted, or asked of git. */
function neededPaths(dockerfile: Dockerfile): string[] {
  const { instructions } = dockerfile;
  const copied = dockerfile.stages.flatMap((stage) => localSources(dockerfile, stage));
  const mounted = instructions
    .flatMap(({ flags }) => flags)
    .flatMap(({ value = '' }) => (/(?:^|,)from=/.test(value) ? [] : [/(?:^|,)(?:source|src)=([^,]+)/.exec(value)?.[1]]))
    .flatMap((path) => path?.replace(/^\.?\//, '') ?? []);
  const usesGit = instructions.some(
    (step) => step.keyword === 'RUN' && dockerfile.script(step, ['git']).commands.some(readsRepository),
  );
  return [...copied, ...mounted, ...(usesGit ? ['.git'] : [])].filter((path) => path !== '');
}

/** `git describe` for the version, as opposed to `git clone`. */
function readsRepository(command: Command): boolean {
  const action = command.program === 'git' ? subcommand(command)?.value : undefined;
  return (
    action !== undefined && ['describe', 'rev-parse', 'rev-list', 'log', 'show', 'status', 'submodule'].includes(action)
  );
}

function hasIgnoreFile(fileName: string, names: readonly string[]): boolean {
  return names.includes('.dockerignore') || names.includes(`${fileName}.dockerignore`);
}
