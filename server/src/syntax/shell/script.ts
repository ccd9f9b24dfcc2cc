import type { Range } from '../../text/range.ts';

/** The commands a piece of POSIX-like shell runs, in the order written. Every range is an offset into the document. */
export interface Script {
  readonly commands: readonly Command[];
  /** Pipelines of two commands or more. */
  readonly pipelines: readonly Pipeline[];
  /** Where the shell itself could not make sense of the text. */
  readonly errors: readonly Range[];
}

export interface Command {
  /** The program's name without folders or quotes (`/usr/bin/apt-get` is `apt-get`), or `undefined` when it is only known at run time. */
  readonly program: string | undefined;
  readonly programRange: Range;
  /** Program and arguments, without redirections; empty where variables are only assigned or a file is only redirected to. */
  readonly words: readonly ShellWord[];
  /** `words` without the program. */
  readonly arguments: readonly ShellWord[];
  /** `NAME=value` before the program. */
  readonly assignments: readonly Assignment[];
  readonly redirections: readonly Redirection[];
  /** From the first assignment or word to the last word or redirection; the body of a heredoc is not part of it. */
  readonly range: Range;
  /** How it is joined to the command before it in its list; absent for the first. A line break is a `;`. */
  readonly joinedBy?: Joint;
  /** The constructs round it, outermost first. */
  readonly inside: readonly Enclosure[];
  /**
   * Set for a command that another one runs (`sudo apt-get`, `env X=1 cmd`, `xargs rm`, `sh -c '...'`): that other command.
   * It takes the place of its outer command: same `joinedBy`, same `inside` (with 'string' or 'heredoc' where it was one), but no redirections.
   */
  readonly runBy?: Command;
}

export type Joint = '&&' | '||' | ';' | '&' | '|' | '|&';

export type Enclosure =
  'subshell' | 'group' | 'if' | 'loop' | 'case' | 'function' | 'substitution' | 'heredoc' | 'string';

export interface ShellWord {
  /** As written. */
  readonly text: string;
  /** Without quotes and escapes; expansions are left as written (`$X`, `$(...)`). */
  readonly value: string;
  /** True without `$X`, `$(...)` and the like. The patterns `*`, `?`, `{a,b}` and `~` are literal: they can be read in the file. */
  readonly isLiteral: boolean;
  readonly range: Range;
}

export interface Assignment {
  readonly name: string;
  readonly value: string;
  readonly range: Range;
}

export interface Redirection {
  /** With the descriptor before it: `>`, `2>`, `2>&`, `<<-`, `<<<`. */
  readonly operator: string;
  /** The file, the descriptor or the heredoc's name, without quotes. */
  readonly target: string;
  readonly range: Range;
  /** What is between `<<EOF` and `EOF`. */
  readonly body?: Range;
}

export interface Pipeline {
  /** As written, those within its subshells, groups and loops too; not those that another one runs, nor those in substitutions. */
  readonly commands: readonly Command[];
  readonly range: Range;
  /** What follows it in its list: `cmd | cmd || true`. A line break is a `;`. */
  readonly followedBy?: '&&' | '||' | ';' | '&';
  readonly inside: readonly Enclosure[];
}

/** Reads shell text; made once, as its grammar is loaded asynchronously. Results are cached by text. */
export interface ShellParser {
  /** `source` is a text of the same length as the part of the document it stands for, which begins at `offset`. */
  parse(source: string, offset: number): Script;
  /** The exec form: no shell reads it, but it may start one (`["sh", "-c", "..."]`), `sudo` or `tini`. */
  parseExec(words: readonly ExecWord[]): Script;
}

/** A string of a JSON array: `text` is as written, with its quotes, and `range` is that of the text. */
export interface ExecWord {
  readonly text: string;
  readonly value: string;
  readonly range: Range;
}

export const emptyScript: Script = { commands: [], pipelines: [], errors: [] };
