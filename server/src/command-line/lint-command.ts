import { writeFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { reaches } from '../engine/settings.ts';
import { describedRules } from '../report/described-rules.ts';
import { formatReport } from '../report/formats.ts';
import type { FileReport, Report, UnreadableFile } from '../report/report.ts';
import type { LintCommand } from './arguments.ts';
import { explainSystemError, findFiles } from './find-files.ts';
import { lintFile, type LintedFile, type Target } from './lint-file.ts';
import { nodeFiles } from './node-files.ts';
import { readStandardInput, say, wantsColours, write } from './streams.ts';
import { loadShell } from './shell-parser.ts';
import { versionOf } from './version.ts';

export async function runLint(command: LintCommand, program: string): Promise<number> {
  const folder = process.cwd();
  const search = command.stdin ? undefined : findFiles(command.paths.length > 0 ? command.paths : [''], folder);
  const targets: readonly Target[] = search?.files ?? [standardInput(command, folder, await readStandardInput())];
  for (const path of search?.empty ?? []) say(`There are no Dockerfiles or Compose files in '${path || '.'}'`);

  const unreadable: UnreadableFile[] = (search?.failures ?? []).map(({ path, file, message }) =>
    unread(path, file, message),
  );
  const linted: LintedFile[] = [];
  if (targets.length > 0) {
    const context = { files: nodeFiles(), shell: await loadShell(program), command };
    for (const target of targets) {
      const result = await lintFile(target, context);
      if ('message' in result) unreadable.push(unread(target.path, target.file, result.message));
      else linted.push(result);
    }
  }

  for (const { path, message } of unreadable) say(`'${path}' cannot be read: ${message}`);
  for (const file of linted) for (const complaint of file.complaints) say(`'${file.report.path}': ${complaint}`);
  const configs = configReports(linted, folder);
  const report: Report = {
    version: versionOf(program),
    root: `${pathToFileURL(folder).href.replace(/\/$/, '')}/`,
    files: [...linted.map((file) => file.report), ...configs],
    unreadable,
  };
  const isWritten = print(report, command, linted);
  if (!isWritten || unreadable.length > 0 || linted.some((file) => file.complaints.length > 0)) return 2;
  if (search !== undefined && search.empty.length > 0) return 2;
  const failed = linted.some((file) => file.report.findings.some(({ severity }) => reaches(severity, file.failOn)));
  const configFailOn = command.failOn ?? 'error';
  return failed || configs.some((file) => file.findings.some(({ severity }) => reaches(severity, configFailOn)))
    ? 1
    : 0;
}

function standardInput({ stdinFilename }: LintCommand, folder: string, bytes: Uint8Array): Target {
  const path = stdinFilename ?? '<stdin>';
  return { path, file: resolve(folder, stdinFilename ?? 'stdin'), bytes, isNamed: stdinFilename !== undefined };
}

function unread(path: string, file: string, message: string): UnreadableFile {
  return { path, uri: pathToFileURL(file).href, message };
}

/** With `--stdin --fix` the fixed text is what the caller waits for; the report goes beside it. */
function print(report: Report, command: LintCommand, linted: readonly LintedFile[]): boolean {
  const fixedText = command.stdin && command.fix !== 'none' ? linted[0]?.fixedText : undefined;
  const stream = fixedText === undefined ? process.stdout : process.stderr;
  const colours = wantsColours(command.output === undefined && stream.isTTY);
  const look = { colours, width: Math.max((stream.columns || 120) - 8, 40) };
  const text = formatReport(command.format, report, { look, rules: describedRules });
  if (fixedText !== undefined) write(fixedText);
  if (command.output === undefined) {
    stream.write(text);
    return true;
  }
  try {
    writeFileSync(command.output, text);
    return true;
  } catch (error) {
    say(`'${command.output}' cannot be written: ${explainSystemError(error)}`);
    return false;
  }
}

/** What is wrong in the config files that were met, each said once. */
function configReports(linted: readonly LintedFile[], folder: string): readonly FileReport[] {
  const reports = new Map<string, FileReport>();
  for (const { uri, text } of linted.flatMap((file) => file.configProblems)) {
    if (reports.has(uri)) continue;
    const problems = linted.flatMap((file) => file.configProblems).filter((problem) => problem.uri === uri);
    const findings = [...new Map(problems.map(({ finding }) => [JSON.stringify(finding), finding])).values()];
    const path = relative(folder, fileURLToPath(uri)).split(sep).join('/');
    reports.set(uri, { path, uri, kind: 'config', text, findings });
  }
  return [...reports.values()];
}
