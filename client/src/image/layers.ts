import type { HistoryEntry } from '../tools/container/history.ts';
import type { ImageFacts } from '../tools/container/inspect.ts';
import { readCreatedBy, shownCreatedBy } from './created-by.ts';
import { originsOf, type BuiltFrom, type Origin } from './match.ts';

/** What an image is made of, oldest first. Kept between sessions: it has no values of build arguments in it. */
export interface ImageLayers {
  readonly image: string;
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly total: number;
  readonly layers: readonly Layer[];
  /** Of what it was built; absent for an image that was just looked at. */
  readonly source?: LayerSource;
}

export interface LayerSource {
  /** The Dockerfile's. */
  readonly uri: string;
  /** The Dockerfile as it was built. */
  readonly text: string;
  readonly target?: string;
  /** Folders that were in the context, not ignored, and have no place in an image. */
  readonly copiedAlong?: readonly string[];
}

export interface Layer {
  /** What it was made by, in one line. */
  readonly text: string;
  readonly bytes: number;
  /** The digest of the uncompressed layer, where it is plain which one it is. */
  readonly diffId?: string;
  /** An instruction's place in the Dockerfile as built. */
  readonly origin?: number | 'base';
}

// A heredoc may be as long as it likes.
const longestText = 500;

export function layersOf(
  image: string,
  history: readonly HistoryEntry[],
  facts: ImageFacts,
  built?: LayerSource & Pick<BuiltFrom, 'arguments'>,
): Omit<ImageLayers, 'at'> {
  const { environment, shell, id, diffIds } = facts;
  const createdBy = history.map((entry) => entry.createdBy);
  const origins: readonly Origin[] = built
    ? originsOf(createdBy, { ...built, environment, ...(shell && { shell }) })
    : [];
  const digests = digestsOf(history, diffIds);
  const layers = history.map((entry, index): Layer => {
    const text = shownCreatedBy(entry.createdBy);
    const origin = origins[index];
    const diffId = digests[index];
    return {
      text: text.length > longestText ? `${text.slice(0, longestText)}…` : text,
      bytes: entry.bytes,
      ...(diffId !== undefined && { diffId }),
      ...(origin !== undefined && { origin }),
    };
  });
  const total = layers.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    image,
    id,
    total,
    layers,
    ...(built && { source: sourceOf(built) }),
  };
}

/** Without the values of build arguments. */
function sourceOf({ uri, text, target, copiedAlong }: LayerSource): LayerSource {
  return { uri, text, ...(target !== undefined && { target }), ...(copiedAlong && { copiedAlong }) };
}

/** The history does not say which of its lines made a layer: what weighs something did, what only sets metadata did not. */
function digestsOf(history: readonly HistoryEntry[], diffIds: readonly string[]): readonly (string | undefined)[] {
  const kinds = history.map(kindOf);
  const sure = kinds.filter((kind) => kind === 'layer').length;
  const possible = kinds.filter((kind) => kind !== 'none').length;
  const digests: (string | undefined)[] = history.map(() => undefined);
  const give = (indices: readonly number[], ids: readonly string[]): void => {
    indices.forEach((index, at) => {
      digests[index] = ids[at];
    });
  };
  const indices = [...kinds.keys()];
  if (possible === diffIds.length) {
    give(
      indices.filter((index) => kinds[index] !== 'none'),
      diffIds,
    );
  } else if (sure === diffIds.length) {
    give(
      indices.filter((index) => kinds[index] === 'layer'),
      diffIds,
    );
  } else if (sure < diffIds.length && diffIds.length < possible) {
    // Up to the first doubt it is plain from the bottom, and from the last one on from the top.
    const first = kinds.indexOf('perhaps');
    const last = kinds.lastIndexOf('perhaps');
    const below = indices.filter((index) => index < first && kinds[index] === 'layer');
    const above = indices.filter((index) => index > last && kinds[index] === 'layer');
    give(below, diffIds.slice(0, below.length));
    give(above, diffIds.slice(diffIds.length - above.length));
  }
  return digests;
}

function kindOf({ createdBy, bytes }: HistoryEntry): 'layer' | 'none' | 'perhaps' {
  if (bytes > 0) return 'layer';
  const { keyword } = readCreatedBy(createdBy);
  const isLayer = keyword === undefined || ['RUN', 'COPY', 'ADD', 'WORKDIR'].includes(keyword);
  return isLayer ? 'perhaps' : 'none';
}
