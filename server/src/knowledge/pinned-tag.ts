import { latestTags } from './latest-tags.ts';

/** The version that an official image's `latest` stood for when the tables were made. */
export function pinnedTag(image: { readonly name: string; readonly registry?: string }): string | undefined {
  if (image.registry !== undefined) return undefined;
  return Object.hasOwn(latestTags, image.name) ? latestTags[image.name] : undefined;
}
