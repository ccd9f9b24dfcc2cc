import type { SourceFacts } from '../facts.ts';

/** The commit's short name; of uncommitted states and outside git it follows from what is in the image. Never `latest`. */
export function tagOf(source: SourceFacts): string {
  const contents = source.contents.slice(0, 7);
  if (source.commit === undefined) return contents;
  return source.commit.isDirty ? `${source.commit.short}-${contents}` : source.commit.short;
}
