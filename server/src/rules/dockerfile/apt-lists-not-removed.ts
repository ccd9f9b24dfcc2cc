import { aptCalls, aptMentions, type AptCall } from '../../model/apt.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import { appendCommand } from '../../model/run-edits.ts';
import type { Command, Script } from '../../syntax/shell/script.ts';
import type { Instruction } from '../../syntax/dockerfile/tree.ts';
import { dockerfileRule } from '../rule.ts';

const listsFolder = /(?:^|,)(?:target|dst|destination)=\/var\/lib(?:\/apt(?:\/lists)?)?\/?(?:,|$)/;
const cacheFolder = /(?:^|,)(?:target|dst|destination)=\/var\/cache(?:\/apt(?:\/archives)?)?\/?(?:,|$)/;

/** The lists, or a folder that they are in. */
const listsPath = /^\/var\/lib\/(?:apt(?:\/lists.*|\/\*|\/?|\/\{.*)|\{(?:.*,)?apt[,}/].*|\*)$/;
/** What reads the lists. */
const listActions = new Set([
  'install',
  'build-dep',
  'upgrade',
  'dist-upgrade',
  'full-upgrade',
  'satisfy',
  'source',
  'download',
  'policy',
  'search',
  'show',
  'list',
  'depends',
  'reinstall',
]);
const listPrograms = new Set(['apt-cache', 'apt-file', 'mk-build-deps', 'unattended-upgrade']);

export default dockerfileRule({
  id: 'apt-lists-not-removed',
  summary: 'Remove the package lists in the RUN that fetched them.',
  why: 'The lists weigh some 20 to 40 MB and are stale the next day. Deleted in a later RUN they are still in the layer below.',
  category: 'size',
  severity: 'info',
  aliases: ['hadolint:DL3009', 'kics:Apt Get Install Lists Were Not Deleted'],
  bad: `
FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl
    ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
=> Remove the package lists
FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
`,
  good: `
FROM debian:12-slim
RUN --mount=type=cache,target=/var/cache/apt --mount=type=cache,target=/var/lib/apt \\
    apt-get update && apt-get install -y --no-install-recommends curl
`,

  *check(dockerfile) {
    // Without this file apt keeps what it downloaded, so the folder for that must be mounted as well.
    const keepsPackages = dockerfile.text.includes('docker-clean');
    const readers = dockerfile.instructions.filter((instruction) => readsOldLists(dockerfile, instruction));
    for (const instruction of dockerfile.instructions) {
      if (instruction.keyword !== 'RUN' || !isKept(dockerfile, instruction)) continue;
      const mountsLists = hasMount(instruction, listsFolder);
      if (mountsLists && (hasMount(instruction, cacheFolder) || !keepsPackages)) continue;
      const script = dockerfile.script(instruction, aptMentions);
      const update = aptCalls(script).findLast(({ action }) => action === 'update');
      if (!update || removesLists(script, update)) continue;
      const range = { start: update.command.programRange.start, end: update.actionWord.range.end };
      if (mountsLists) {
        yield { range, message: "What apt downloads stays in the image: mount a cache at '/var/cache/apt', too" };
        continue;
      }
      if (isNeededLater(dockerfile, instruction, readers)) {
        yield { range, message: 'The package lists stay in the image: update, install and remove them in one RUN' };
        continue;
      }
      const sudo = update.command.runBy?.program === 'sudo' ? 'sudo ' : '';
      const edits = appendCommand(dockerfile, instruction, `${sudo}rm -rf /var/lib/apt/lists/*`);
      yield {
        range,
        message: "The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN",
        ...(edits && { fix: { title: 'Remove the package lists', safe: true, edits } }),
      };
    }
  },
});

/** Layers of a stage that only serves another one by COPY --from are thrown away. ONBUILD is for images that are made from the stage's own. */
function isKept(dockerfile: Dockerfile, instruction: Instruction): boolean {
  return instruction.isTrigger || (dockerfile.stageOf(instruction)?.isAncestorOfFinal ?? true);
}

function hasMount({ flags }: Instruction, folder: RegExp): boolean {
  return flags.some(
    ({ name, value = '' }) =>
      name === 'mount' && /(?:^|,)type=(?:cache|tmpfs)(?:,|$)/.test(value) && folder.test(value),
  );
}

function removesLists(script: Script, update: AptCall): boolean {
  const { end } = update.command.range;
  // `apt-get dist-clean` deletes the lists, `apt-get clean` only what was downloaded.
  const clean = aptCalls(script).some(
    ({ command, action }) => command.range.start > end && (action === 'dist-clean' || action === 'distclean'),
  );
  return (
    clean ||
    script.commands.some(
      ({ program, arguments: words, range }) =>
        range.start > end &&
        (program === 'rm' || program === 'find') &&
        words.some(({ value }) => listsPath.test(value)),
    )
  );
}

/** Without its lists, a later RUN of the image that reads them would find nothing. */
function isNeededLater(dockerfile: Dockerfile, instruction: Instruction, readers: readonly Instruction[]): boolean {
  const stage = dockerfile.stageOf(instruction);
  const isInImage = (later: Instruction): boolean =>
    stage === undefined || dockerfile.stageOf(later)?.lineage.includes(stage) === true;
  return readers.some((reader) => reader.range.start > instruction.range.start && isInImage(reader));
}

/** Asks apt for packages without an update of its own before that. */
function readsOldLists(dockerfile: Dockerfile, instruction: Instruction): boolean {
  if (instruction.keyword !== 'RUN') return false;
  const script = dockerfile.script(instruction, aptMentions);
  const calls = aptCalls(script);
  const first = calls.find(({ action }) => action === 'update');
  const isBeforeUpdate = (command: Command): boolean => !first || command.range.start < first.command.range.start;
  return (
    calls.some(({ command, action }) => isBeforeUpdate(command) && listActions.has(action)) ||
    script.commands.some((command) => isBeforeUpdate(command) && listPrograms.has(command.program ?? ''))
  );
}
