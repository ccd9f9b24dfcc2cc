import { instructions, type Check, type CheckContext, type Judgement } from '../check.ts';
import { bootDetails, failure, lines, nothingToRun, notStarted } from '../judge.ts';
import { firstRefusedPath } from '../read-only-path.ts';
import { plainRun, type PlainRun } from '../runs/plain.ts';
import { isHopeless, productionRun, type Boot } from '../runs/production.ts';

export const readOnly: Check = {
  id: 'read-only',
  whyNot: nothingToRun,
  async run(context) {
    const [plain, production] = await Promise.all([context.once(plainRun), context.once(productionRun)]);
    const trouble = isHopeless(plain) ? notStarted(context, plain, 'read-only') : undefined;
    return trouble ?? judge(context, plain, production['read-only']);
  },
};

const concerns = instructions('VOLUME', 'WORKDIR', 'CMD', 'ENTRYPOINT');

function judge({ settings, facts }: CheckContext, { wrote }: PlainRun, boot: Boot | undefined): Judgement {
  const refused = firstRefusedPath(boot?.log ?? '');
  const path = refused?.path;
  const isWritable = (written: string): boolean =>
    [...settings.writable, ...facts.config.volumes].some(
      (folder) => written === folder || written.startsWith(`${folder}/`),
    );
  const others = wrote.filter((written) => !isWritable(written)).slice(0, 10);
  const paths = others.length > 0 ? [`Writes when it may: ${others.join(', ')}`] : [];
  if (boot?.isGood === true) {
    // It goes on without, which may be as it should; but it should be known.
    const failed = refused && `Boots with a read-only file system, though it could not write '${path ?? '?'}'`;
    const message =
      failed ??
      `Boots with a read-only file system${settings.writable.length > 0 ? ` and ${settings.writable.join(', ')} in memory` : ''}`;
    return { outcome: 'kept', message, details: [...lines(refused?.line ?? ''), ...paths], concerns };
  }
  const what = failure(boot, 'with a read-only file system');
  const culprit = path ?? others[0];
  const message = path !== undefined ? `Cannot write '${path}': ${lower(what)}` : what;
  return {
    outcome: 'broken',
    message,
    advice:
      culprit === undefined
        ? `Write only below ${settings.writable.join(', ') || 'a volume'}, or mount a volume where it writes`
        : `Mount a volume or tmpfs on '${folderOf(culprit)}', or let it write below ${settings.writable[0] ?? 'a volume'}`,
    details: [...paths, ...bootDetails(boot)],
    concerns,
  };
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function folderOf(path: string): string {
  return path.replace(/\/[^/]*$/, '') || path;
}
