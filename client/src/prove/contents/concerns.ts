import type { Concern } from '../promise.ts';
import type { ImageLayer } from './read-archive.ts';
import { redacted } from './secret-text.ts';

/** Each layer once, in this order. Nothing for those of the base image: FROM is what is marked then. */
export function concernsOf(layers: readonly Pick<ImageLayer, 'createdBy' | 'isOfBase'>[]): readonly Concern[] {
  const own = layers.filter(({ createdBy, isOfBase }) => !isOfBase && createdBy !== '');
  return [...new Set(own.map(({ createdBy }) => redacted(createdBy)))].map((createdBy) => ({
    kind: 'layer',
    createdBy,
  }));
}
