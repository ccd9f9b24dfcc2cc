import { imageOf } from '../../model/compose-image.ts';
import { textOf } from '../../syntax/yaml/entries.ts';
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

  *check({ services }, { floating }) {
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
      if (tag === undefined) yield { range: node.range, message: `'${shorten(text, 60)}' has no tag: pin a version` };
      else if (floating.includes(tag))
        yield { range: node.range, message: `'${shorten(text, 60)}' floats: pin a version` };
    }
  },
});
