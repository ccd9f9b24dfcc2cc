import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Editor } from './editor.ts';

suite('hover', () => {
  test('explains the problem under the cursor and shows the text without it', async (t) => {
    const editor = await Editor.start(t);
    await editor.open('Dockerfile', 'FROM alpine:3.20\nMAINTAINER me\nUSER 1\n');
    const hover = await editor.hover('Dockerfile', 'INTAINER');
    assert.deepEqual(hover?.range, { start: { line: 1, character: 0 }, end: { line: 1, character: 10 } });
    assert.deepEqual(hover.contents, {
      kind: 'markdown',
      value: `**Name the authors in a label instead of MAINTAINER.**

MAINTAINER has been deprecated since Docker 1.13. A label says the same, is shown by \`docker inspect\`, and registries read it.

Better:

\`\`\`dockerfile
LABEL org.opencontainers.image.authors="me"
\`\`\`

[maintainer-deprecated](https://github.com/shipshape/shipshape/blob/main/docs/rules/maintainer-deprecated.md) · elsewhere: \
\`hadolint DL4000\`, \`buildkit MaintainerDeprecated\`, \`trivy DS-0022\`, \`checkov CKV_DOCKER_6\`, \
\`dockerfile-utils DEPRECATED_MAINTAINER\``,
    });
    assert.equal(await editor.hover('Dockerfile', 'USER'), null);
  });
});
