import type { Range } from '../../text/range.ts';
import type { Enclosure, Joint } from './script.ts';

/** What the syntax tree says of a script, as offsets into its source: enough to make commands of, when the tree is gone. */
export interface Structure {
  readonly commands: readonly CommandSketch[];
  readonly lines: readonly Line[];
  readonly errors: readonly Range[];
}

export interface CommandSketch {
  /** Start and end of each piece of a word, in turn; pieces without white space between them are one word. */
  readonly pieces: number[];
  readonly assignments: Range[];
  readonly redirections: RedirectionSketch[];
  readonly inside: readonly Enclosure[];
  readonly joint: Joint | undefined;
}

export interface RedirectionSketch {
  readonly start: number;
  operatorEnd: number;
  targetStart: number;
  targetEnd: number;
  body: Range | undefined;
}

/** Commands (or compounds) joined by pipes; most have but one. */
export interface Line {
  readonly inside: readonly Enclosure[];
  readonly start: number;
  end: number;
  elements: number;
  readonly commands: CommandSketch[];
  followedBy: Joint | undefined;
}
