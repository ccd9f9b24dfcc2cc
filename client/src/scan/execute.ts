import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Keeper } from '../process/run.ts';
import { Cancelled, NotStarted, type Command, type Ended, type Run } from '../tools/command.ts';
import { isAtLeast } from '../tools/container/version.ts';
import type { ContainerTool } from '../tools/container/tool.ts';
import { removeContainer } from '../tools/trivy/container.ts';
import { explainFailure, type TrivyFailure } from '../tools/trivy/failure.ts';
import { stepOf } from '../tools/trivy/progress.ts';
import type { Trivy } from '../tools/trivy/trivy.ts';
import { UserError } from '../ui/user-error.ts';
import { describeScan } from './describe.ts';
import { scanFacts } from './facts.ts';
import type { ScanReport, ScanSubject } from './finding.ts';
import { planScan, type ScanFacts, type ScanPlan, type ScanWay } from './plan.ts';
import { readReport } from './read/read-report.ts';

/** What the user chose; all of it has a default. */
export interface ScanSettings {
  /** Nothing is downloaded and nobody is asked. */
  readonly offline?: boolean;
  /** Minutes; 15 unless told. */
  readonly timeout?: number;
  /** Folders not to look into, relative to the scanned one; globs as Trivy knows them. */
  readonly skipFolders?: readonly string[];
  /** Where `trivy.yaml` and the ignore file are looked for: the workspace folder. For a workspace or its secrets: that folder. */
  readonly folder?: string;
  /** Instead of the `trivy.yaml` found there. */
  readonly configFile?: string;
  /** Instead of the `.trivyignore.yaml` or `.trivyignore` found there. */
  readonly ignoreFile?: string;
}

export interface ScanParts {
  readonly run: Run;
  readonly trivy: Trivy;
  /** Whose images are scanned; needed for images. */
  readonly tool?: ContainerTool;
  readonly signal?: AbortSignal;
  /** Tidies up if the editor dies. */
  readonly keeper?: Keeper;
  readonly onProgress?: (progress: ScanProgress) => void;
}

export type ScanProgress =
  /** Something to show, in a few words: `Downloading the vulnerability database`. */
  | { readonly kind: 'step'; readonly message: string }
  /** A line of Trivy's own log, for the output channel. */
  | { readonly kind: 'log'; readonly line: string };

/** Rejects with `Cancelled`, or with a `UserError` that says what to do. */
export async function scan(subject: ScanSubject, settings: ScanSettings, parts: ScanParts): Promise<ScanReport> {
  const facts = await scanFacts(subject, settings, parts);
  for (const line of describeScan(facts, new Date())) parts.onProgress?.({ kind: 'log', line });
  return executeScan(facts, parts);
}

async function executeScan(facts: ScanFacts, parts: ScanParts): Promise<ScanReport> {
  let way: ScanWay = {};
  for (;;) {
    const result = await scanOnce(facts, way, parts);
    if ('report' in result) return result.report;
    const next = otherWay(result.failure, facts, way);
    if (!next) throw new UserError(result.failure.message);
    way = next;
  }
}

/** What else to try before the user hears of it. */
function otherWay(
  { kind }: TrivyFailure,
  { subject, trivy, engine, isOffline }: ScanFacts,
  way: ScanWay,
): ScanWay | undefined {
  if (subject.kind !== 'image') return undefined;
  const isRemote = subject.registry !== undefined;
  if (isRemote && kind === 'no-database' && !isOffline && way.withJava !== true) return { ...way, withJava: true };
  const isSaved = engine?.isDirect === false || trivy.kind === 'contained' || isRemote;
  if (kind === 'no-engine' && way.viaArchive !== true && !isSaved) return { ...way, viaArchive: true };
  // Trivy gives its cache of images to one scan at a time; before 0.53 it could not do without.
  const canWithout = isAtLeast(trivy.version, [0, 53]) && way.withoutCache !== true;
  return kind === 'locked' && canWithout ? { ...way, withoutCache: true } : undefined;
}

type Result = { readonly report: ScanReport } | { readonly failure: TrivyFailure };

async function scanOnce(facts: ScanFacts, way: ScanWay, parts: ScanParts): Promise<Result> {
  // Readable to us alone: a report on secrets says where they are.
  const folder = await mkdtemp(join(tmpdir(), 'shipshape-scan-'));
  const keep = parts.keeper?.runIfWeDie(removal(folder));
  try {
    const id = randomBytes(8).toString('hex');
    return await executePlan(facts, planScan(facts, { folder, id }, way), parts);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    keep?.();
  }
}

async function executePlan(facts: ScanFacts, plan: ScanPlan, parts: ScanParts): Promise<Result> {
  for (const { kind, command } of plan.steps) {
    if (kind === 'save') {
      parts.onProgress?.({ kind: 'step', message: 'Saving the image' });
      const failure = whySaveFailed(await start(command, facts, plan, parts), facts);
      if (failure) return { failure };
      continue;
    }
    parts.onProgress?.({ kind: 'step', message: 'Starting Trivy' });
    const ended = await start(command, facts, plan, parts);
    const failure = await whyFailed(ended, facts, plan);
    if (failure) return { failure };
  }
  parts.onProgress?.({ kind: 'step', message: 'Reading the report' });
  return { report: await reportOf(facts, plan, parts.signal) };
}

async function start(
  command: Command,
  { trivy }: ScanFacts,
  { container }: ScanPlan,
  parts: ScanParts,
): Promise<Ended> {
  const { run, signal, keeper, onProgress } = parts;
  const removeIt = container && removeContainer(container.tool, container.name);
  const keep = removeIt && keeper?.runIfWeDie(removeIt);
  const log = logReader(onProgress);
  try {
    return await run(command, { long: true, onOutput: log.take, ...(signal && { signal }) });
  } catch (error) {
    // Its client is gone, but the engine goes on with it.
    if (removeIt) await run(removeIt).catch(() => undefined);
    if (error instanceof NotStarted) throw new UserError(notStarted(error, trivy));
    throw error;
  } finally {
    log.end();
    keep?.();
  }
}

/** Tells each whole line, and each step once. */
function logReader(onProgress: ScanParts['onProgress']) {
  let unfinished = '';
  let last: string | undefined;
  const tell = (line: string): void => {
    if (line.trim() === '') return;
    onProgress?.({ kind: 'log', line });
    const message = stepOf(line);
    if (message === undefined || message === last) return;
    last = message;
    onProgress?.({ kind: 'step', message });
  };
  return {
    take: (text: string): void => {
      const lines = (unfinished + text).split(/\r?\n|\r/);
      unfinished = lines.pop() ?? '';
      for (const line of lines) tell(line);
    },
    end: (): void => tell(unfinished),
  };
}

function notStarted({ message, isMissing }: NotStarted, trivy: Trivy): string {
  if (isMissing && trivy.kind === 'installed') return `${message}: install Trivy, or set 'shipshape.trivy.path'`;
  return message;
}

function whySaveFailed(ended: Ended, { subject, timeout }: ScanFacts): TrivyFailure | undefined {
  if (ended.code === 0) return undefined;
  const { kind, message } = explainFailure(ended, contextOf(subject, timeout));
  if (kind === 'space' || kind === 'no-image') return { kind, message };
  const last = ended.stderr.trim().split('\n').at(-1)?.trim() ?? '';
  return { kind: 'container', message: `The image could not be saved for Trivy: ${last.slice(0, 60)}` };
}

/** A report may be there although the code is not 0: `trivy.yaml` can ask for such codes. */
async function whyFailed(
  ended: Ended,
  { subject, timeout }: ScanFacts,
  plan: ScanPlan,
): Promise<TrivyFailure | undefined> {
  if (ended.code === 0) return undefined;
  const size = await stat(plan.report).then(
    (found) => found.size,
    () => 0,
  );
  if (size > 0 && ended.code !== undefined && !ended.stderr.includes('\tFATAL\t')) return undefined;
  return explainFailure(ended, contextOf(subject, timeout));
}

function contextOf(subject: ScanSubject, timeout: number | undefined) {
  const name = subject.kind === 'image' ? subject.image : subject.kind === 'dockerfile' ? subject.file : subject.folder;
  return { subject: name, ...(timeout !== undefined && { timeout }) };
}

async function reportOf(
  { subject }: ScanFacts,
  { report, renamed }: ScanPlan,
  signal?: AbortSignal,
): Promise<ScanReport> {
  try {
    const chunks = createReadStream(report, { highWaterMark: 256 * 1024, ...(signal && { signal }) });
    const read = await readReport(chunks, renamed);
    return { ...read, artifactName: nameOf(subject) };
  } catch (error) {
    if (signal?.aborted === true) throw new Cancelled();
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UserError('Trivy wrote no report: look at its log in the output');
    if (code !== undefined) throw new UserError(`The report of Trivy cannot be read: ${code}`);
    throw error;
  }
}

/** Trivy was told `.` or a path of its container. */
function nameOf(subject: ScanSubject): string {
  switch (subject.kind) {
    case 'image':
      return subject.image;
    case 'dockerfile':
      return subject.file;
    case 'workspace':
    case 'secrets':
      return subject.folder;
  }
}

function removal(folder: string): Command {
  const script = 'require("node:fs").rmSync(process.argv[1], { recursive: true, force: true })';
  // In the editor our program is Electron, which is Node only when asked to be.
  return { program: process.execPath, args: ['-e', script, folder], environment: { ELECTRON_RUN_AS_NODE: '1' } };
}
