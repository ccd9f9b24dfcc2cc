import { pinnedTag } from '../../knowledge/pinned-tag.ts';
import { dockerfileRule } from '../rule.ts';

export default dockerfileRule({
  id: 'base-image-latest',
  summary: 'Pin the base image to a version instead of `latest`.',
  why: 'The same Dockerfile builds a different image whenever `latest` moves, and nothing in the diff says so.',
  category: 'reproducibility',
  severity: 'warning',
  aliases: ['hadolint:DL3007', 'trivy:DS-0001', 'checkov:CKV_DOCKER_7', "kics:Image Version Using 'latest'"],
  options: {
    tags: { type: 'strings', default: ['latest'], description: 'Tags that move, for example also `stable` or `edge`.' },
  },
  bad: `
FROM debian:latest
            ^^^^^^ 'latest' moves: pin 'debian' to a version
=> Pin to 'debian:13.6'
FROM debian:13.6
`,
  good: `
FROM node:22.11-alpine AS latest
FROM latest
`,

  *check({ stages }, { tags }) {
    for (const { image, parent, isResolved } of stages) {
      if (parent || !isResolved || image.digest !== undefined) continue;
      if (image.tag === undefined || !tags.includes(image.tag)) continue;
      const name = image.text.slice(0, image.text.lastIndexOf(':'));
      const tag = image.tag === 'latest' && image.tagRange ? pinnedTag(image) : undefined;
      yield {
        range: image.tagRange ?? image.range,
        message: `'${image.tag}' moves: pin '${name}' to a version`,
        ...(tag !== undefined &&
          image.tagRange && {
            fix: { title: `Pin to '${name}:${tag}'`, safe: false, edits: [{ range: image.tagRange, text: tag }] },
          }),
      };
    }
  },
});
