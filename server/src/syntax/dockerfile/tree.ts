import type { Range } from '../../text/range.ts';

/** What a Dockerfile says, word by word, before anything is made of it. */
export interface DockerfileTree {
  readonly text: string;
  /** The character that continues a line: a backslash, or a backtick by the `escape` directive. */
  readonly escape: '\\' | '`';
  readonly directives: readonly Directive[];
  /** Every comment line, those inside continued instructions too, but not those in heredocs. */
  readonly comments: readonly Comment[];
  readonly instructions: readonly Instruction[];
}

/** `# name=value` at the very top of the file. */
export interface Directive {
  /** Lower case: the builder ignores case here. */
  readonly name: string;
  readonly value: string;
  readonly range: Range;
  readonly nameRange: Range;
  readonly valueRange: Range;
}

export interface Comment {
  /** From the `#` to the end of the line. */
  readonly range: Range;
  /** The words after the `#`, trimmed. */
  readonly text: string;
}

export interface Instruction {
  /** Upper case, as the builder reads it: `FROM`, `RUN`, or whatever unknown word stands there. */
  readonly keyword: string;
  readonly keywordRange: Range;
  /** From the keyword to the end of the last word, or of the last heredoc's terminator. */
  readonly range: Range;
  /** What follows the keyword and its flags on the logical line, without heredoc bodies; empty at its end when nothing does. */
  readonly argumentsRange: Range;
  readonly flags: readonly Flag[];
  /** The words after the flags, split at white space outside quotes. */
  readonly words: readonly Word[];
  /** The elements, when the arguments are a JSON array of strings as the builder demands. */
  readonly json?: readonly JsonElement[];
  readonly heredocs: readonly Heredoc[];
  /** Blank lines within the continued instruction, each with its line break. */
  readonly emptyLines: readonly Range[];
  /** What the builder takes out to make one logical line: escapes with their line breaks, comment lines and blank lines. */
  readonly gaps: readonly Range[];
  /** For ONBUILD: the instruction after it. */
  readonly trigger?: Instruction;
  /** For the instruction after ONBUILD: true. */
  readonly isTrigger: boolean;
}

/** `--name` or `--name=value`. */
export interface Flag {
  readonly name: string;
  readonly value?: string;
  readonly range: Range;
  readonly nameRange: Range;
  readonly valueRange?: Range;
}

export interface Word {
  /** As written, continuations taken out. */
  readonly text: string;
  /** Without its quotes and escapes; variables are left as written. */
  readonly value: string;
  readonly range: Range;
}

export interface JsonElement {
  readonly value: string;
  /** With its quotes. */
  readonly range: Range;
}

export interface Heredoc {
  readonly name: string;
  /** `<<"EOF"`: no variables are expanded in the body. */
  readonly quoted: boolean;
  /** `<<-EOF`: leading tabs are taken off. */
  readonly stripsTabs: boolean;
  /** The `<<EOF` word. */
  readonly range: Range;
  /** From the line after the instruction's to the terminator's line. */
  readonly body: Range;
  /** The terminating word; absent when the file ends first. */
  readonly terminator?: Range;
}
