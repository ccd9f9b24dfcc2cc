import { pinnedTag } from '../../knowledge/pinned-tag.ts';
import { imageOf } from '../../model/compose-image.ts';
import type { ImageReference } from '../../model/image-reference.ts';
import { textOf } from '../../syntax/yaml/entries.ts';
import type { Fix } from '../../text/problem.ts';
import type { Range } from '../../text/range.ts';
import { shorten } from '../../text/shorten.ts';
import { composeRule } from '../rule.ts';

export default composeRule({
  id: 'compose-image-untagged',
  summary: 'Give every image a tag that stays what it is.',
  why: `
Without a tag, or with one such as \`latest\` or \`stable\`, each \`docker compose pull\` may bring another version:
one day a database comes up with a new major version and refuses its old data, and no diff shows why.
`,
  category: 'reproducibility',
  severity: 'warning',
  aliases: ['dclint:service-image-require-explicit-tag'],
  options: {
    floating: {
      type: 'strings',
      default: ['latest', 'stable', 'edge', 'test', 'nightly', 'dev', 'beta', 'canary', 'lts'],
      description: 'Tags that move from version to version.',
    },
  },
  bad: `
services:
  web:
    image: nginx
           ^^^^^ 'nginx' has no tag: pin a version
  cache:
    image: redis:latest
           ^^^^^^^^^^^^ 'redis:latest' floats: pin a version
=> Pin to 'nginx:1.31'; Pin to 'redis:8.10'
services:
  web:
    image: nginx:1.31
  cache:
    image: redis:8.10
`,
  good: `
services:
  web:
    image: nginx:1.27
  cache:
    image: redis:\${REDIS_VERSION:-7.4}
  api:
    build: .
    image: example/api
`,

  *check({ services, text: source }, { floating }) {
    const built = new Set(
      services.flatMap(({ entries }) => (entries.has('build') ? (textOf(entries.get('image')?.value) ?? []) : [])),
    );
    const seen = new Set<unknown>();
    for (const service of services) {
      const image = imageOf(service);
      // What a service of this file builds is tagged by whoever builds it.
      if (!image || service.entries.has('build') || built.has(image.node.text) || seen.has(image.node)) continue;
      seen.add(image.node);
      const { node, reference, isResolved } = image;
      const { name, tag, digest, text } = reference;
      if (digest !== undefined || name === '') continue;
      const isTagUnknown =
        !isResolved && (tag === undefined ? text.slice(text.lastIndexOf('/') + 1).includes('$') : tag.includes('$'));
      if (isTagUnknown) continue;
      if (tag !== undefined && !floating.includes(tag)) continue;
      const fix = pinned(reference, node.range, source);
      yield {
        range: node.range,
        message: `'${shorten(text, 60)}' ${tag === undefined ? 'has no tag' : 'floats'}: pin a version`,
        ...(fix && { fix }),
      };
    }
  },
});

/** For official images, the version that the tag stood for when our tables were made. */
function pinned({ text, tag, ...image }: ImageReference, range: Range, source: string): Fix | undefined {
  const version = tag === undefined || tag === 'latest' ? pinnedTag(image) : undefined;
  const written = source.slice(range.start, range.end);
  if (version === undefined || written.replace(/^(["'])(.*)\1$/, '$2') !== text) return undefined;
  const better = `${tag === undefined ? text : text.slice(0, -tag.length - 1)}:${version}`;
  return {
    title: `Pin to '${better}'`,
    safe: false,
    edits: [{ range, text: written.replace(text, better) }],
  };
}
