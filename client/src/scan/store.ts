import { createHash } from 'node:crypto';
import { EventEmitter, FileType, Uri, workspace, type Event, type LogOutputChannel } from 'vscode';
import type { Finding, ScanReport, ScanSubject } from './finding.ts';

/** A finished scan, as it is kept over a reload. */
export interface Scan {
  /** The same for each scan of the same thing. */
  readonly key: string;
  readonly subject: ScanSubject;
  /** What was scanned, in a few words: `app:1`, `api/Dockerfile`. */
  readonly label: string;
  /** The Dockerfile an image was built from. */
  readonly dockerfile?: ScannedDockerfile;
  /** The folder that paths in the report are relative to, or the build context; a uri. */
  readonly folder?: string;
  /** The workspace folder with the ignore file; a uri. */
  readonly root?: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly report: ScanReport;
  readonly database: DatabaseNote;
  /** What the files said that findings were put on, by uri: a checksum. */
  readonly stamps: Readonly<Record<string, string>>;
}

export interface ScannedDockerfile {
  readonly uri: string;
  readonly target?: string;
  /** The image as the container tool names it, to see when another has been built. */
  readonly imageId?: string;
}

export interface DatabaseNote {
  /** As in `2026-11-20T06:12:00Z`. */
  readonly updatedAt?: string;
  readonly wasOffline: boolean;
}

const version = 1;
const mostScans = 20;
const mostBytes = 40_000_000;

/** The last scan of each subject, in a folder of files of our own: they may be far too large for the editor's own memory. */
export class ScanStore {
  readonly #folder: Uri;
  readonly #output: LogOutputChannel;
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange: Event<void> = this.#changed.event;
  #scans: readonly Scan[] = [];

  constructor(folder: Uri, output: LogOutputChannel) {
    this.#folder = folder;
    this.#output = output;
  }

  /** Newest first. */
  get all(): readonly Scan[] {
    return this.#scans;
  }

  async load(): Promise<void> {
    const entries = await settled(workspace.fs.readDirectory(this.#folder));
    const files = (entries ?? []).filter(([name, type]) => type === FileType.File && name.endsWith('.json'));
    const read = await Promise.all(files.map(([name]) => this.#read(Uri.joinPath(this.#folder, name))));
    const known = new Set(this.#scans.map(({ key }) => key));
    const loaded = read.flatMap((scan) => (scan && !known.has(scan.key) ? [scan] : []));
    if (loaded.length === 0) return;
    this.#scans = [...this.#scans, ...loaded].toSorted((a, b) => b.at - a.at);
    this.#changed.fire();
  }

  async put(scan: Scan): Promise<void> {
    const others = this.#scans.filter(({ key }) => key !== scan.key);
    this.#scans = [scan, ...others].slice(0, mostScans);
    this.#changed.fire();
    await Promise.all(others.slice(mostScans - 1).map((old) => this.#delete(old)));
    await this.#write(scan);
  }

  /** Takes findings out of a scan that was to be without them. */
  async without(key: string, isGone: (finding: Finding) => boolean): Promise<void> {
    const scan = this.#scans.find((each) => each.key === key);
    if (!scan) return;
    const findings = scan.report.findings.filter((finding) => !isGone(finding));
    if (findings.length === scan.report.findings.length) return;
    const changed = { ...scan, report: { ...scan.report, findings } };
    this.#scans = this.#scans.map((each) => (each === scan ? changed : each));
    this.#changed.fire();
    await this.#write(changed);
  }

  async remove(key: string): Promise<void> {
    const gone = this.#scans.filter((scan) => scan.key === key);
    this.#scans = this.#scans.filter((scan) => scan.key !== key);
    this.#changed.fire();
    await Promise.all(gone.map((scan) => this.#delete(scan)));
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #read(uri: Uri): Promise<Scan | undefined> {
    try {
      const { size } = await workspace.fs.stat(uri);
      if (size > mostBytes) return undefined;
      const stored = JSON.parse(new TextDecoder().decode(await workspace.fs.readFile(uri))) as {
        readonly version?: unknown;
        readonly scan?: Scan;
      };
      return stored.version === version && Array.isArray(stored.scan?.report.findings) ? stored.scan : undefined;
    } catch (error) {
      this.#output.warn(`The scan in ${uri.path} cannot be read: ${String(error)}`);
      return undefined;
    }
  }

  /** What cannot be kept is lost with the window, not before. */
  async #write(scan: Scan): Promise<void> {
    try {
      const bytes = new TextEncoder().encode(JSON.stringify({ version, scan: slim(scan) }));
      if (bytes.length > mostBytes)
        this.#output.warn(`The scan of ${scan.label} is too large to be kept over a reload`);
      else await workspace.fs.writeFile(this.#fileOf(scan), bytes);
    } catch (error) {
      this.#output.warn(`The scan of ${scan.label} cannot be kept over a reload: ${String(error)}`);
    }
  }

  async #delete(scan: Scan): Promise<void> {
    await settled(workspace.fs.delete(this.#fileOf(scan)));
  }

  #fileOf({ key }: Scan): Uri {
    return Uri.joinPath(this.#folder, `${checksum(key)}.json`);
  }
}

export function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** Long texts are what makes reports large, and the advisory has them all. */
function slim(scan: Scan): Scan {
  const findings = scan.report.findings.map((finding) => ({
    ...finding,
    references: finding.references.slice(0, 10),
    ...(finding.description !== undefined && { description: finding.description.slice(0, 3000) }),
  }));
  return { ...scan, report: { ...scan.report, findings } };
}

async function settled<T>(promise: Thenable<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch {
    return undefined;
  }
}
