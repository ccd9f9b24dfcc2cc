import { pinnedTag } from '../../knowledge/pinned-tag.ts';
import { dockerfileRule } from '../rule.ts';

export default dockerfileRule({
  id: 'base-image-untagged',
  summary: 'Give the base image a tag or a digest.',
  why: 'Without a tag the builder takes `latest`: the same Dockerfile builds another image whenever that moves, and nothing in the diff says so.',
  category: 'reproducibility',
  severity: 'warning',
  aliases: ['hadolint:DL3006', 'trivy:DS-0001', 'checkov:CKV_DOCKER_7', 'kics:Image Version Not Explicit'],
  options: {
    allow: { type: 'strings', default: [], description: 'Images that may go without a tag, by name.' },
  },
  bad: `
FROM debian
     ^^^^^^ 'debian' has no tag: pin it to a version
=> Pin to 'debian:13.6'
FROM debian:13.6
`,
  good: `
ARG REGISTRY=localhost:5000
FROM \${REGISTRY}/tools/node:22.11 AS build
FROM build
FROM scratch
`,

  *check({ stages }, { allow }) {
    for (const { image, parent, isResolved } of stages) {
      if (parent || !isResolved || image.name === '' || image.name === 'scratch') continue;
      if (image.tag !== undefined || image.digest !== undefined || allow.includes(image.name)) continue;
      const tag = image.nameRange && pinnedTag(image);
      const end = image.nameRange?.end ?? image.range.end;
      yield {
        range: image.range,
        message: `'${image.text}' has no tag: pin it to a version`,
        ...(tag !== undefined && {
          fix: {
            title: `Pin to '${image.text}:${tag}'`,
            safe: false,
            edits: [{ range: { start: end, end }, text: `:${tag}` }],
          },
        }),
      };
    }
  },
});
