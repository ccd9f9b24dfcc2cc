import { userFix } from '../../model/base-image.ts';
import { changesUserAtStart, isRootUser } from '../../model/user.ts';
import { shorten } from '../../text/shorten.ts';
import { dockerfileRule } from '../rule.ts';

export default dockerfileRule({
  id: 'last-user-root',
  summary: 'End the final stage as a user that is not root.',
  why: 'A process that runs as root in the container is root on the host once it breaks out, and it may change every file of the image.',
  category: 'security',
  severity: 'warning',
  aliases: ['hadolint:DL3002', 'trivy:DS-0002', 'checkov:CKV_DOCKER_8', "kics:Last User Is 'root'"],
  bad: `
FROM node:22-slim
USER root
     ^^^^ The image runs as 'root': switch to another user at the end
CMD ["node", "server.js"]
=> Run as 'node'
FROM node:22-slim
USER node
CMD ["node", "server.js"]
`,
  good: `
FROM node:22-slim AS build
USER root
FROM node:22-slim
USER root
RUN apt-get update
USER node
CMD ["node", "server.js"]
`,

  *check(dockerfile) {
    const { finalStage, instructions } = dockerfile;
    const user = finalStage ? finalStage.effective('USER') : instructions.findLast(({ keyword }) => keyword === 'USER');
    const [name] = user?.words ?? [];
    if (!user || !name || changesUserAtStart(dockerfile)) return;
    if (!isRootUser(dockerfile.expand(name.text, user) ?? name.text)) return;
    const fix = finalStage && userFix(dockerfile, finalStage);
    yield {
      range: name.range,
      message: `The image runs as '${shorten(name.value)}': switch to another user at the end`,
      ...(fix && { fix }),
    };
  },
});
