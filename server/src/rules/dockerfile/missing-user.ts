import { baseOf, userFix } from '../../model/base-image.ts';
import { changesUserAtStart } from '../../model/user.ts';
import { dockerfileRule } from '../rule.ts';

export default dockerfileRule({
  id: 'missing-user',
  summary: 'Let the final image run as a user that is not root.',
  why: 'Without USER the program runs as root: whoever breaks into it may change every file of the image, and is root on the host once out of the container.',
  category: 'security',
  severity: 'warning',
  aliases: ['trivy:DS-0002', 'checkov:CKV_DOCKER_3', 'kics:Missing User Instruction'],
  bad: `
FROM python:3.12-slim
^^^^ The image runs as root: add a 'USER' before the program starts
COPY app.py /app/
CMD ["python", "/app/app.py"]
=> Create the user 'app' and run as it
FROM python:3.12-slim
COPY app.py /app/
RUN groupadd --system --gid 10001 app \\
    && useradd --system --uid 10001 --gid app --no-create-home --shell /usr/sbin/nologin app
USER app
CMD ["python", "/app/app.py"]
`,
  good: `
FROM node:22-slim AS build
RUN npm ci

FROM gcr.io/distroless/nodejs22-debian13:nonroot
COPY --from=build /app /app
CMD ["/app/server.js"]
`,

  *check(dockerfile) {
    const { finalStage: stage } = dockerfile;
    if (!stage || stage.effective('USER') || changesUserAtStart(dockerfile)) return;
    const base = baseOf(stage);
    if (base.kind === 'nonRoot' || base.kind === 'windows') return;
    // Nothing but what the stage copies is in there: no shell, no user database, nothing to break into.
    if (base.os === 'scratch') return;
    const own = stage.lineage.flatMap(({ instructions }) => instructions.slice(1));
    if (own.length > 0 && own.every(({ keyword }) => keyword === 'ONBUILD')) return;
    const fix = userFix(dockerfile, stage);
    yield {
      // Not the image's name: that may have problems of its own.
      range: stage.from.keywordRange,
      message: "The image runs as root: add a 'USER' before the program starts",
      // An image that nothing is known of may have set a user of its own.
      ...(base.kind === 'unknown' && { severity: 'info' as const }),
      ...(fix && { fix }),
    };
  },
});
