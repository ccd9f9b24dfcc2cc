import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadSettings, type ConfigProblem } from '../engine/config.ts';
import { fixAll } from '../engine/fix-all.ts';
import { lint } from '../engine/lint.ts';
import { openDocument, reparse } from '../engine/open.ts';
import type { FileReport } from '../report/report.ts';
import type { ShellParser } from '../syntax/shell/script.ts';
import type { NewFile } from '../text/problem.ts';
import type { FailOn, LintCommand } from './arguments.ts';
import { explainSystemError } from './find-files.ts';
import type { NodeFiles } from './node-files.ts';
import { decode, encode, kindOf, type Source } from './source.ts';
import { createFile, replaceFile } from './write-file.ts';

export interface Target {
  /** As given. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
  /** What there is to lint, when it does not come from the disk. */
  readonly bytes?: Uint8Array;
  /** False when the name is made up, so that it says nothing. */
  readonly isNamed?: boolean;
}

export interface LintContext {
  readonly files: NodeFiles;
  readonly shell: ShellParser;
  readonly command: LintCommand;
}

export interface LintedFile {
  readonly report: FileReport;
  readonly failOn: FailOn;
  readonly configProblems: readonly ConfigProblem[];
  /** Standard input as its fixes leave it. */
  readonly fixedText?: string;
  /** What went wrong beside the linting: a fix that could not be written, a rule that failed. */
  readonly complaints: readonly string[];
}

/** Reads, lints and where that is wanted fixes one file. A message when it cannot be read. */
export async function lintFile(
  target: Target,
  context: LintContext,
): Promise<LintedFile | { readonly message: string }> {
  const { files, shell, command } = context;
  const bytes = readBytes(target);
  if (typeof bytes === 'string') return { message: bytes };
  const source = decode(bytes);
  if (source === undefined) return { message: 'it is not a text file' };

  const uri = pathToFileURL(target.file).href;
  const loaded = await loadSettings(files, uri);
  const settings = command.preset === undefined ? loaded : { ...loaded, preset: command.preset };
  const kind = kindOf(target.isNamed === false ? '' : target.file, source.text);
  const complaints = new Set<string>();
  const onRuleError = (rule: string, error: unknown): void => {
    complaints.add(
      `rule '${rule}' failed, please report it: ${error instanceof Error ? error.message : String(error)}`,
    );
  };
  let document = await openDocument({ uri, text: source.text, kind, files, shell });
  let fixedText: string | undefined;
  if (command.fix !== 'none') {
    const { text, newFiles } = fixAll({
      text: source.text,
      open: (changed) => reparse(document, changed, shell),
      settings,
      include: command.fix,
      allowsNewFiles: target.bytes === undefined,
      onRuleError,
    });
    fixedText = text;
    const complaint = target.bytes === undefined ? save(target, source, text, newFiles) : undefined;
    if (complaint !== undefined) complaints.add(complaint);
    else if (text !== source.text || newFiles.length > 0) {
      files.forget();
      document = await openDocument({ uri, text, kind, files, shell });
    }
  }
  return {
    report: { path: target.path, uri, kind, text: document.text, findings: lint(document, settings, { onRuleError }) },
    failOn: command.failOn ?? settings.failOn ?? 'error',
    configProblems: loaded.problems,
    complaints: [...complaints],
    ...(target.bytes !== undefined &&
      fixedText !== undefined && { fixedText: source.hasMark ? `\ufeff${fixedText}` : fixedText }),
  };
}

/** The bytes, or why there are none. */
function readBytes(target: Target): Uint8Array | string {
  if (target.bytes !== undefined) return target.bytes;
  try {
    return readFileSync(target.file);
  } catch (error) {
    return explainSystemError(error);
  }
}

/** Writes what changed; says what could not be written. */
function save(target: Target, source: Source, text: string, newFiles: readonly NewFile[]): string | undefined {
  if (text !== source.text && source.isLossy) return 'not fixed, as it is not valid UTF-8';
  try {
    if (text !== source.text) replaceFile(target.file, encode(text, source));
    for (const file of newFiles) createFile(join(dirname(target.file), file.path), file.text);
    return undefined;
  } catch (error) {
    return `not fixed: ${explainSystemError(error)}`;
  }
}
