import { aptCalls, aptMentions } from '../../model/apt.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import { appendCommand } from '../../model/run-edits.ts';
import type { Script } from '../../syntax/shell/script.ts';
import type { Instruction } from '../../syntax/dockerfile/tree.ts';
import { dockerfileRule } from '../rule.ts';

const listsFolder = /(?:^|,)(?:target|dst|destination)=\/var\/lib(?:\/apt(?:\/lists)?)?\/?(?:,|$)/;
const cacheFolder = /(?:^|,)(?:target|dst|destination)=\/var\/cache(?:\/apt(?:\/archives)?)?\/?(?:,|$)/;

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
    for (const instruction of dockerfile.instructions) {
      if (instruction.keyword !== 'RUN' || !isKept(dockerfile, instruction)) continue;
      if (hasMount(instruction, listsFolder) && (hasMount(instruction, cacheFolder) || !keepsPackages)) continue;
      const script = dockerfile.script(instruction, aptMentions);
      const update = aptCalls(script).find(({ action }) => action === 'update');
      if (!update || removesLists(script)) continue;
      const edits = appendCommand(dockerfile, instruction, 'rm -rf /var/lib/apt/lists/*');
      yield {
        range: { start: update.command.programRange.start, end: update.actionWord.range.end },
        message: "The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN",
        ...(edits && {
          fix: { title: 'Remove the package lists', safe: !isNeededLater(dockerfile, instruction), edits },
        }),
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

function removesLists({ commands }: Script): boolean {
  return commands.some(({ program, arguments: args }) => {
    if (program !== 'rm' && program !== 'find') return false;
    return args.some(
      ({ value }) =>
        /^\/var\/lib\/apt(?:\/lists(?:\/.*)?|\/?|\/\*|\/\{.*)?$/.test(value) || /^\/var\/lib\/apt\/lists/.test(value),
    );
  });
}

/** Without its lists, a later RUN that installs without an update of its own would find nothing. */
function isNeededLater(dockerfile: Dockerfile, instruction: Instruction): boolean {
  return dockerfile.instructions.some((later) => {
    if (later.keyword !== 'RUN' || later.range.start <= instruction.range.start) return false;
    const calls = aptCalls(dockerfile.script(later, aptMentions));
    return calls.some(({ action }) => action === 'install') && !calls.some(({ action }) => action === 'update');
  });
}
