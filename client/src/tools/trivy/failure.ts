import type { Ended } from '../command.ts';

/** Why Trivy failed, as far as we can do or say something about it. */
export interface TrivyFailure {
  readonly kind: FailureKind;
  /** For the user: what is wrong, then what to do. */
  readonly message: string;
}

export type FailureKind =
  | 'old'
  | 'space'
  | 'timeout'
  | 'locked'
  | 'no-database'
  | 'database'
  | 'no-image'
  | 'no-engine'
  | 'registry'
  | 'file'
  | 'container'
  | 'ended'
  | 'other';

interface Known {
  readonly kind: FailureKind;
  readonly pattern: RegExp;
  readonly message: (found: RegExpExecArray, context: FailureContext) => string;
}

export interface FailureContext {
  readonly subject: string;
  readonly timeout?: number;
}

export function explainFailure(ended: Ended, context: FailureContext): TrivyFailure {
  const log = ended.stderr;
  const fatal = fatalOf(log);
  for (const { kind, pattern, message } of known) {
    // What was fatal, before what was merely logged.
    const found = pattern.exec(fatal) ?? (kind === 'locked' || kind === 'no-database' ? pattern.exec(log) : null);
    if (found) return { kind, message: message(found, context) };
  }
  if (ended.code === undefined || ended.code === 137) {
    const how = ended.signal ?? 'SIGKILL';
    return { kind: 'ended', message: `Trivy was ended by ${how}: it may have run out of memory` };
  }
  const last = lastWords(fatal);
  return { kind: 'other', message: `Trivy failed: ${last === '' ? `it ended with code ${ended.code}` : short(last)}` };
}

/** In this order: one failure often names the next one as its consequence. */
const known: readonly Known[] = [
  {
    kind: 'old',
    pattern: /unknown (?:shorthand )?flag: (\S+)|unknown command "([^"]*)"/,
    message: ([, flag, command]) =>
      `This Trivy does not know '${short(flag ?? command ?? '', 30)}': install another version of it`,
  },
  {
    kind: 'space',
    pattern: /no space left on device|not enough space on the disk|disk quota exceeded/i,
    message: () => "The disk is full: free some space, or set 'TMPDIR' to a larger one",
  },
  {
    kind: 'no-database',
    pattern: /'?--skip-(java-)?db-update'? cannot be specified|first run cannot skip downloading (Java )?DB/,
    message: ([, java, javaToo]) =>
      `There is no ${(java ?? javaToo) ? 'Java' : 'vulnerability'} database to scan offline with: scan online once`,
  },
  {
    kind: 'old',
    pattern: /version of DB schema doesn't match|Trivy version is old/,
    message: () => 'The vulnerability database is newer than this Trivy: update Trivy',
  },
  {
    kind: 'locked',
    pattern: /cache may be in use by another process|Failed to acquire cache or database lock/,
    message: () => 'Another Trivy is using the cache: wait until it has ended, then scan again',
  },
  {
    kind: 'database',
    pattern: /(DB|database|artifact|Java)[^\n]*(TOOMANYREQUESTS|429 Too Many Requests)/i,
    message: () => 'The registry refuses to hand out the database so often: try again in some minutes',
  },
  {
    kind: 'database',
    pattern: /(trivy-(?:java-)?db|vulnerability DB|Java DB)[^\n]*(DENIED|UNAUTHORIZED)/i,
    message: () => "The registry of the database refuses your login: run 'docker logout' for it, then try again",
  },
  {
    kind: 'database',
    pattern: /(Java DB|trivy-java-db)/i,
    message: () => 'The Java database could not be downloaded: check the network, or scan offline',
  },
  {
    kind: 'database',
    pattern: /failed to download vulnerability DB|DB error: |database download error|trivy-db/i,
    message: () => 'The vulnerability database could not be downloaded: check the network, or scan offline',
  },
  {
    kind: 'timeout',
    pattern: /context deadline exceeded|deadline exceeded/i,
    message: (_, { timeout }) =>
      `The scan took longer than ${timeout ?? 5} minutes: raise the setting 'shipshape.trivy.timeout'`,
  },
  {
    kind: 'no-engine',
    pattern:
      /Cannot connect to the Docker daemon|no podman socket found|containerd socket not found|docker\.sock: connect|unable to initialize Podman client|error during connect|failed to resolve Docker host|failed to initialize a (?:docker|containerd) client|protocol not available/i,
    message: () => 'Trivy could not reach the container engine: start it, then scan again',
  },
  {
    // Of all logins that were tried, the last one is none: it is refused whatever the reason was.
    kind: 'no-image',
    pattern: /in \["remote"\][\s\S]*?(?:MANIFEST_UNKNOWN|NAME_UNKNOWN)/,
    message: (_, { subject }) => `'${short(subject, 50)}' is not in the registry any more: build it again`,
  },
  {
    kind: 'registry',
    pattern: /in \["remote"\][\s\S]*?(?:UNAUTHORIZED|DENIED|unexpected status code 40[13]\b)/,
    message: () => 'The registry does not let Trivy read the image: check that you may pull from it',
  },
  {
    kind: 'registry',
    pattern: /in \["remote"\][\s\S]*: (\S[^\n]*)/,
    message: ([, reason = '']) => `Trivy could not read the image from the registry: ${short(reason, 50)}`,
  },
  {
    kind: 'no-image',
    pattern:
      /No such image|image not found|unable to inspect the image|unable to find the specified image|MANIFEST_UNKNOWN/i,
    message: (_, { subject }) => `There is no image '${short(subject, 50)}' here: build it first`,
  },
  {
    kind: 'no-image',
    pattern: /could not parse reference|failed to parse the image name/i,
    message: (_, { subject }) => `'${short(subject, 60)}' is not the name of an image`,
  },
  {
    kind: 'file',
    pattern: /config file "([^"\n]*)" loading error: ([^\n]*)/,
    message: ([, file = '', reason = '']) => `'${nameOf(file)}' cannot be read: ${short(reason, 60)}`,
  },
  {
    kind: 'file',
    pattern: /filter(?:ing)? error: (\S[^\n]*?) error: [^\n]*?parse error: ([^\n]*)/,
    message: ([, file = '', reason = '']) => `'${nameOf(file)}' cannot be read: ${short(reason, 60)}`,
  },
  {
    kind: 'file',
    pattern: /invalid argument "([^"\n]*)" for "([^"\n]*)" flag/,
    message: ([, value = '', flag = '']) =>
      `Trivy refuses '${short(value, 30)}' for ${short(flag, 30)}: correct 'trivy.yaml'`,
  },
  {
    kind: 'container',
    pattern: /^docker: .*|^Error response from daemon: .*|^Error: .*initializing source.*/m,
    message: ([line]) =>
      `Trivy's container could not be started: ${short(line.replace(/^(?:docker: )?(?:Error(?: response from daemon)?: )?/, ''), 60)}`,
  },
];

/** From the word FATAL to the end: Trivy writes nothing after it, but some reasons have many lines. */
function fatalOf(log: string): string {
  const at = log.lastIndexOf('\tFATAL\t');
  return at < 0 ? log : log.slice(at + 7);
}

/** The reason without the steps that led to it. */
function lastWords(text: string): string {
  const line = text
    .split('\n')
    .map((one) => one.trim())
    .find((one) => one !== '');
  return (line ?? '')
    .replace(/^(?:Fatal error|Error)\t/, '')
    .split(/: (?=\S)/)
    .slice(-2)
    .join(': ');
}

function nameOf(path: string): string {
  return short(path.split(/[\\/]/).at(-1) ?? path, 30);
}

function short(text: string, most = 80): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
