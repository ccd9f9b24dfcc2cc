import { factsOf } from '../knowledge/images.ts';
import type { Fix } from '../text/problem.ts';
import { newlineOf } from '../text/lines.ts';
import type { Dockerfile, Stage } from './dockerfile.ts';

/** What the outermost image of a stage is to the user that programs run as. */
export interface BaseImage {
  readonly kind: 'root' | 'nonRoot' | 'windows' | 'unknown';
  readonly os?: string;
  /** A user that the image brings along. */
  readonly otherUser?: string;
}

const nonRootNames = /nonroot|non-root|unprivileged|rootless|^bitnami\/|^bitnamilegacy\//i;
const nonRootRegistries = new Set(['cgr.dev', 'dhi.io']);
const windowsNames = /(?:^|\/)windows(?:\/|$)|windowsservercore|nanoserver/i;
/** These serve on port 80 and write where only root may, so a `USER` line alone breaks them. */
const needsMoreThanUser = new Set(['nginx', 'httpd', 'haproxy', 'php', 'wordpress', 'traefik']);

export function baseOf(stage: Stage): BaseImage {
  const root = stage.lineage.at(-1) ?? stage;
  const { image, isResolved, parent } = root;
  if (windowsNames.test(image.text)) return { kind: 'windows' };
  if (!isResolved || parent) return { kind: 'unknown' };
  const facts = factsOf(image);
  const known = {
    ...(facts && { os: facts.os }),
    ...(facts?.otherUser !== undefined && { otherUser: facts.otherUser }),
  };
  if (facts) {
    const isRoot = /^(?:root|0)?(?::|$)/.test(facts.user);
    return { ...known, kind: isRoot ? 'root' : 'nonRoot' };
  }
  const isNonRoot = nonRootNames.test(image.text) || nonRootRegistries.has(image.registry ?? '');
  return { kind: isNonRoot ? 'nonRoot' : 'unknown' };
}

/** Creates a user where the image has none, with what its system understands, and runs as it from before the program starts. */
export function userFix(dockerfile: Dockerfile, stage: Stage): Fix | undefined {
  const { os, otherUser, kind } = baseOf(stage);
  if (kind === 'windows' || needsMoreThanUser.has(stage.lineage.at(-1)?.image.name ?? '')) return undefined;
  const newline = newlineOf(dockerfile.text);
  const escape = dockerfile.tree.escape;
  const lines = userLines(os, otherUser, escape);
  const at = insertionPoint(dockerfile, stage);
  const text = lines.map((line) => line + newline).join('');
  const needsBreak = at > 0 && dockerfile.text[at - 1] !== '\n';
  return {
    title:
      lines.length > 1 ? "Create the user 'app' and run as it" : `Run as '${lines[0]?.slice('USER '.length) ?? ''}'`,
    safe: false,
    edits: [{ range: { start: at, end: at }, text: needsBreak ? newline + text.slice(0, -newline.length) : text }],
  };
}

function userLines(os: string | undefined, otherUser: string | undefined, escape: string): string[] {
  if (otherUser !== undefined) return [`USER ${otherUser}`];
  // Numbers work where there is no user database, and where it is not known how to add to it.
  if (os === undefined || os === 'scratch' || /chiseled|micro$|-distroless$/.test(os)) return ['USER 10001:10001'];
  if (os.startsWith('distroless')) return ['USER nonroot'];
  if (os === 'alpine' || os === 'busybox' || os === 'wolfi') {
    return [
      `RUN addgroup -S -g 10001 app ${escape}`,
      '    && adduser -S -D -H -u 10001 -G app -s /sbin/nologin app',
      'USER app',
    ];
  }
  return [
    `RUN groupadd --system --gid 10001 app ${escape}`,
    '    && useradd --system --uid 10001 --gid app --no-create-home --shell /usr/sbin/nologin app',
    'USER app',
  ];
}

/** Before the lines that say how the program starts, or at the end of the stage. */
function insertionPoint({ text }: Dockerfile, stage: Stage): number {
  const startKeywords = new Set(['CMD', 'ENTRYPOINT', 'HEALTHCHECK', 'STOPSIGNAL', 'EXPOSE']);
  const { instructions } = stage;
  let first = instructions.length;
  while (first > 1 && startKeywords.has(instructions[first - 1]?.keyword ?? '')) first--;
  const following = instructions[first];
  if (following) return text.lastIndexOf('\n', following.range.start - 1) + 1;
  const last = instructions.at(-1)?.range.end ?? text.length;
  const newline = text.indexOf('\n', last);
  return newline < 0 ? text.length : newline + 1;
}
