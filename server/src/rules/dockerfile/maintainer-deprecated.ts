import { keywordLike } from '../../model/instruction-lines.ts';
import { dockerfileRule } from '../rule.ts';

export default dockerfileRule({
  id: 'maintainer-deprecated',
  summary: 'Name the authors in a label instead of MAINTAINER.',
  why: 'MAINTAINER has been deprecated since Docker 1.13. A label says the same, is shown by `docker inspect`, and registries read it.',
  category: 'style',
  severity: 'warning',
  tag: 'deprecated',
  aliases: [
    'hadolint:DL4000',
    'buildkit:MaintainerDeprecated',
    'trivy:DS-0022',
    'checkov:CKV_DOCKER_6',
    'kics:MAINTAINER Instruction Being Used',
    'dockerfile-utils:DEPRECATED_MAINTAINER',
  ],
  bad: `
FROM alpine:3.20
MAINTAINER Ada Lovelace <ada@example.com>
^^^^^^^^^^ 'MAINTAINER' is deprecated: use a label
=> Replace with LABEL
FROM alpine:3.20
LABEL org.opencontainers.image.authors="Ada Lovelace <ada@example.com>"
`,
  good: `
FROM alpine:3.20
LABEL org.opencontainers.image.authors="Ada Lovelace <ada@example.com>"
`,

  *check(dockerfile) {
    const { text, tree } = dockerfile;
    for (const instruction of dockerfile.instructions) {
      const { keyword, keywordRange, argumentsRange, isTrigger, gaps } = instruction;
      if (keyword !== 'MAINTAINER') continue;
      const authors = text.slice(argumentsRange.start, argumentsRange.end).replace(/^(["'])(.*)\1$/, '$2');
      const canFix = authors !== '' && !isTrigger && gaps.length === 0;
      yield {
        range: keywordRange,
        message: "'MAINTAINER' is deprecated: use a label",
        ...(canFix && {
          fix: {
            title: 'Replace with LABEL',
            safe: true,
            edits: [
              { range: keywordRange, text: keywordLike(dockerfile, instruction, 'LABEL') },
              {
                range: argumentsRange,
                text: `org.opencontainers.image.authors="${escaped(authors, tree.escape)}"`,
              },
            ],
          },
        }),
      };
    }
  },
});

/** The builder reads a label's value for quotes, escapes and variables; MAINTAINER's it takes as it is. */
function escaped(text: string, escape: string): string {
  return text.replace(escape === '`' ? /["$`]/g : /["$\\]/g, (character) => escape + character);
}
