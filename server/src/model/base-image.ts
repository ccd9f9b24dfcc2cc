import { factsOf } from '../knowledge/images.ts';
import type { Instruction } from '../syntax/dockerfile/tree.ts';
import { newlineOf } from '../text/lines.ts';
import type { Edit, Fix } from '../text/problem.ts';
import type { Dockerfile, Stage } from './dockerfile.ts';
import { keywordLike, linesOfInstruction, placeAbove } from './instruction-lines.ts';
import { createdUser } from './user.ts';

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
/** These serve on port 80 or write where only root may, so a `USER` line alone breaks them. */
const needsMoreThanUser =
  /^(?:nginx|httpd|caddy|haproxy|traefik|php:.*(?:apache|fpm)|wordpress|nextcloud|drupal|joomla|matomo|mediawiki|phpmyadmin|yourls|backdrop|friendica|monica|postfixadmin|tomcat|tomee)(?::|$)/;
/** Systems whose image has `useradd`; the small ones of their kind have not. */
const hasUseradd =
  /^(?:debian|ubuntu|fedora|centos|centos-stream|rhel-ubi|rockylinux|almalinux|oraclelinux|opensuse|arch)$/;

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

/** Runs as a user from before the program starts: one that is there already, or one created with what the image's system understands. */
export function userFix(dockerfile: Dockerfile, stage: Stage): Fix | undefined {
  const { kind } = baseOf(stage);
  const root = stage.lineage.at(-1)?.image;
  if (kind === 'windows' || needsMoreThanUser.test(root ? `${root.name}:${root.tag ?? 'latest'}` : ''))
    return undefined;
  const known = createdUser(dockerfile, stage) ?? baseOf(stage).otherUser ?? withoutUseradd(stage);
  const title = known === undefined ? "Create the user 'app' and run as it" : `Run as '${known}'`;
  const last = lastBeforeStart(stage);
  const [name] = last.words;
  // `USER root` as the last step has no step after it that needs root.
  if (last.keyword === 'USER' && name && known !== undefined) {
    return { title, safe: false, edits: [{ range: name.range, text: known }] };
  }
  const newline = newlineOf(dockerfile.text);
  const keyword = keywordLike(dockerfile, stage.from, 'USER');
  const lines = [...(known === undefined ? creation(dockerfile, stage) : []), `${keyword} ${known ?? 'app'}`];
  return { title, safe: false, edits: [insertion(dockerfile, stage, lines.join(newline), newline)] };
}

/** A user for images in which none can be created, or of which it is not known how. Numbers work without a user database. */
function withoutUseradd(stage: Stage): string | undefined {
  const { os = '' } = baseOf(stage);
  if (os.startsWith('distroless')) return 'nonroot';
  const tag = stage.lineage.at(-1)?.image.tag ?? '';
  const isSmall = !/^(?:debian|ubuntu)$/.test(os) && /minimal|slim/.test(tag);
  return isBusybox(os) || (hasUseradd.test(os) && !isSmall) ? undefined : '10001:10001';
}

function creation(dockerfile: Dockerfile, stage: Stage): string[] {
  const run = keywordLike(dockerfile, stage.from, 'RUN');
  const { escape } = dockerfile.tree;
  return isBusybox(baseOf(stage).os)
    ? [`${run} addgroup -S -g 10001 app ${escape}`, '    && adduser -S -D -H -u 10001 -G app -s /sbin/nologin app']
    : [
        `${run} groupadd --system --gid 10001 app ${escape}`,
        '    && useradd --system --uid 10001 --gid app --no-create-home --shell /usr/sbin/nologin app',
      ];
}

function isBusybox(os: string | undefined): boolean {
  return os === 'alpine' || os === 'busybox' || os === 'wolfi';
}

/** The last step of a stage that is not about how the program starts. */
function lastBeforeStart({ instructions, from }: Stage): Instruction {
  return instructions.findLast(({ keyword }) => !startKeywords.has(keyword)) ?? from;
}

const startKeywords = new Set(['CMD', 'ENTRYPOINT', 'HEALTHCHECK', 'STOPSIGNAL', 'EXPOSE']);

/** Before the lines that say how the program starts, or at the end of the stage. */
function insertion(dockerfile: Dockerfile, stage: Stage, lines: string, newline: string): Edit {
  const { text } = dockerfile;
  const last = lastBeforeStart(stage);
  const following = stage.instructions[stage.instructions.indexOf(last) + 1];
  if (following) {
    const at = placeAbove(dockerfile, following);
    return { range: { start: at, end: at }, text: lines + newline };
  }
  const at = linesOfInstruction(dockerfile, last).end;
  return { range: { start: at, end: at }, text: text[at - 1] === '\n' ? lines + newline : newline + lines };
}
