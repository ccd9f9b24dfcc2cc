import type { Command } from '../tools/command.ts';
import type { ContainerTool } from '../tools/container/tool.ts';
import {
  databaseArguments,
  loginEnvironment,
  scanArguments,
  scanEnvironment,
  type Database,
  type ImageSource,
  type ScannedThing,
  type TrivyScan,
} from '../tools/trivy/arguments.ts';
import { containedCommand, type Mount } from '../tools/trivy/container.ts';
import type { Trivy } from '../tools/trivy/trivy.ts';
import type { RegistryLogin, ScanSubject } from './finding.ts';

export interface ScanFacts {
  readonly subject: ScanSubject;
  readonly trivy: Trivy;
  readonly isOffline: boolean;
  /** Minutes; absent when the config file says. */
  readonly timeout?: number;
  readonly skipFolders: readonly string[];
  /** Where Trivy runs, so that paths in its files mean what they mean in a terminal. */
  readonly folder?: string;
  readonly config?: ConfigFile;
  readonly ignoreFile?: string;
  /** Is there, too, but Trivy takes one only. */
  readonly unusedIgnoreFile?: string;
  readonly engine?: Engine;
}

export interface ConfigFile {
  readonly path: string;
  readonly hasScanners: boolean;
  readonly hasTimeout: boolean;
  readonly hasIgnoreFile: boolean;
}

/** Where images are. */
export interface Engine {
  readonly tool: ContainerTool;
  readonly source: ImageSource;
  /** The address of Docker's context. */
  readonly host?: string;
  /** Whether Trivy can ask it by itself; otherwise the image is saved to a file first. */
  readonly isDirect: boolean;
}

export interface ScanPlan {
  readonly steps: readonly ScanStep[];
  /** The report's path, for us. */
  readonly report: string;
  /** What names in the report begin with, and what they are called here. */
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
  /** Removed when the scan is cancelled. */
  readonly container?: { readonly tool: ContainerTool; readonly name: string };
}

export type ScanStep =
  /** Writes the image to a file in our folder. */
  | { readonly kind: 'save'; readonly command: Command }
  /** Brings a database up to date. */
  | { readonly kind: 'database'; readonly command: Command }
  | { readonly kind: 'scan'; readonly command: Command };

export interface ScanPlace {
  /** A new folder that is ours alone. */
  readonly folder: string;
  /** Unique, of letters and digits. */
  readonly id: string;
}

export interface ScanWay {
  /** Saves the image first, as the engine does not answer Trivy. */
  readonly viaArchive?: boolean;
  /** Another scan has the cache. */
  readonly withoutCache?: boolean;
  /** The image has programs in Java. */
  readonly withJava?: boolean;
}

export function planScan(facts: ScanFacts, place: ScanPlace, way: ScanWay = {}): ScanPlan {
  return facts.trivy.kind === 'installed'
    ? planInstalled(facts, facts.trivy.program, place, way)
    : planContained(facts, facts.trivy, place, way);
}

function planInstalled(facts: ScanFacts, program: string, place: ScanPlace, way: ScanWay): ScanPlan {
  const { subject, engine, folder, ignoreFile, config } = facts;
  const archive = engine && (!engine.isDirect || way.viaArchive === true) ? `${place.folder}/image.tar` : undefined;
  const report = `${place.folder}/report.json`;
  const trivyScan: TrivyScan = {
    ...common(facts, way),
    what: thingOf(subject, engine, { archive, root: '.', file: (path) => path }),
    output: report,
    ...(config && { configFile: config.path }),
    ...(ignoreFile !== undefined && { ignoreFile }),
  };
  const host = engine?.source === 'docker' && archive === undefined ? engine.host : undefined;
  const environment = { ...scanEnvironment, ...(host !== undefined && { DOCKER_HOST: host }) };
  // With nothing of the user's to read, it runs where there is nothing to find.
  const commandOf: CommandOf = (args, secrets) => {
    return { program, args, folder: folder ?? place.folder, environment: { ...environment, ...secrets } };
  };
  return {
    steps: [...saveSteps(subject, engine, archive), ...trivySteps(facts, way, trivyScan, commandOf)],
    report,
    renamed: renamedOf(subject, archive),
  };
}

type ContainedTrivy = Extract<Trivy, { kind: 'contained' }>;

/** The private folder, for Trivy in its container. */
const inside = '/shipshape';

/** An image of an engine goes in as a file: whoever has the engine's socket is root on this machine. */
function planContained(facts: ScanFacts, trivy: ContainedTrivy, place: ScanPlace, way: ScanWay): ScanPlan {
  const { subject, engine, folder, config, ignoreFile } = facts;
  const mounts: Mount[] = [{ source: place.folder, target: inside, isWritable: true }];
  const mount = (source: string, target: string): string => {
    mounts.push({ source, target });
    return target;
  };
  const needsFolder = subject.kind === 'workspace' || subject.kind === 'secrets';
  if (needsFolder) mount(subject.folder, '/scan');
  const file = (path: string): string => {
    if (needsFolder && folder !== undefined && isInside(path, folder))
      return `/scan${path.slice(folder.length).replaceAll('\\', '/')}`;
    return mount(path, `/files/${mounts.length}/${baseName(path)}`);
  };
  const login = loginOf(subject);
  const archive = subject.kind === 'image' && !login ? `${place.folder}/image.tar` : undefined;
  const trivyScan: TrivyScan = {
    ...common(facts, way),
    what: thingOf(subject, engine, { archive: archive && `${inside}/image.tar`, root: '/scan', file }),
    output: `${inside}/report.json`,
    ...(config && { configFile: file(config.path) }),
    ...(ignoreFile !== undefined && { ignoreFile: file(ignoreFile) }),
  };
  const name = `shipshape-scan-${place.id}`;
  const { tool, image } = trivy;
  const workdir = needsFolder ? '/scan' : inside;
  const isOffline = facts.isOffline && !login;
  const commandOf: CommandOf = (args, secrets) =>
    containedCommand({ tool, image, name, args, mounts, folder: workdir, isOffline, ...(secrets && { secrets }) });
  return {
    steps: [...saveSteps(subject, engine, archive), ...trivySteps(facts, way, trivyScan, commandOf)],
    report: `${place.folder}/report.json`,
    renamed: renamedOf(subject, archive && `${inside}/image.tar`),
    container: { tool, name },
  };
}

type CommandOf = (args: readonly string[], secrets?: Readonly<Record<string, string>>) => Command;

/**
 * Trivy offers a login to every registry that it meets, also to those of its databases: https://trivy.dev/docs/latest/advanced/private-registries.
 * So they are brought up to date before, without it.
 */
function trivySteps(facts: ScanFacts, way: ScanWay, trivyScan: TrivyScan, commandOf: CommandOf): readonly ScanStep[] {
  const login = loginOf(facts.subject);
  if (!login) return [{ kind: 'scan', command: commandOf(scanArguments(trivyScan)) }];
  const secrets = loginEnvironment(login.user, login.password);
  return [
    ...databasesFor(facts, way).map((database): ScanStep => {
      return { kind: 'database', command: commandOf(databaseArguments(database, trivyScan)) };
    }),
    { kind: 'scan', command: commandOf(scanArguments({ ...trivyScan, hasDatabases: true }), secrets) },
  ];
}

/** The one of Java is large: only who has it already, or has turned out to need it, gets it. */
function databasesFor({ trivy, isOffline }: ScanFacts, { withJava }: ScanWay): readonly Database[] {
  if (isOffline) return [];
  return trivy.databases.java !== undefined || withJava === true ? ['vulnerabilities', 'java'] : ['vulnerabilities'];
}

function loginOf(subject: ScanSubject): RegistryLogin | undefined {
  return subject.kind === 'image' ? subject.registry : undefined;
}

function common(facts: ScanFacts, way: ScanWay) {
  const { trivy, isOffline, skipFolders, timeout, config } = facts;
  return {
    version: trivy.version,
    isOffline,
    skipFolders,
    hasOwnScanners: config?.hasScanners ?? false,
    isWithoutCache: way.withoutCache ?? false,
    ...(timeout !== undefined && { timeout }),
  };
}

interface Paths {
  readonly archive: string | undefined;
  readonly root: string;
  readonly file: (path: string) => string;
}

function thingOf(subject: ScanSubject, engine: Engine | undefined, { archive, root, file }: Paths): ScannedThing {
  switch (subject.kind) {
    case 'image':
      if (archive !== undefined) return { kind: 'archive', file: archive };
      if (subject.registry !== undefined) return { kind: 'image', image: subject.image, source: 'remote' };
      return { kind: 'image', image: subject.image, source: engine?.source ?? 'docker' };
    case 'workspace':
    case 'secrets':
      return { kind: subject.kind, path: root };
    case 'dockerfile':
      return { kind: 'dockerfile', path: file(subject.file), name: baseName(subject.file) };
  }
}

function saveSteps(subject: ScanSubject, engine: Engine | undefined, archive: string | undefined): readonly ScanStep[] {
  if (subject.kind !== 'image' || !engine || archive === undefined) return [];
  const format = engine.tool.kind === 'podman' ? ['--format', 'docker-archive'] : [];
  const args = ['image', 'save', ...format, '--output', archive, '--', subject.image];
  return [{ kind: 'save', command: { program: engine.tool.program, args } }];
}

function renamedOf(subject: ScanSubject, archive: string | undefined): ScanPlan['renamed'] {
  if (subject.kind === 'image') return archive === undefined ? [] : [{ from: archive, to: subject.image }];
  return [];
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder) && /^[\\/]/.test(path.slice(folder.length));
}

function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
