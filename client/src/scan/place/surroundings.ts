import type { Range } from '../../../../server/src/text/range.ts';
import type { Finding } from '../finding.ts';
import type { ManifestEntry, ManifestKind } from '../manifest/entries.ts';

/** What findings can be put on. */
export interface Surroundings {
  /** For an image: the Dockerfile that it was built from. */
  readonly dockerfile?: BuiltDockerfile;
  /** Manifests, lockfiles and whatever else findings are about. */
  readonly files: readonly SourceFile[];
}

export interface BuiltDockerfile {
  readonly uri: string;
  readonly text: string;
  /** The stage that was built; the last one when absent. */
  readonly target?: string;
}

export interface SourceFile {
  readonly uri: string;
  /** Relative to the scanned folder or to the build context, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface Placed {
  readonly finding: Finding;
  /** Absent when there is nothing to put it on: it is then only in the tree. */
  readonly place?: Place;
}

export interface Place {
  readonly uri: string;
  readonly range: Range;
  readonly kind: 'base' | 'instruction' | 'manifest' | 'line';
  /** What stands there, for people: `FROM node:20`, `package.json`. */
  readonly label: string;
  /** In a manifest: what asks for the package. */
  readonly entry?: ManifestEntry;
  readonly manifest?: ManifestKind;
}
