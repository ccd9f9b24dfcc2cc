import type { Dockerfile, Stage } from '../../../../server/src/model/dockerfile.ts';
import type { Instruction } from '../../../../server/src/syntax/dockerfile/tree.ts';
import type { Layer, ScanReport } from '../finding.ts';

export interface DockerfileLayers {
  /** The stage whose FROM names an image from elsewhere, which all else is built on. */
  readonly base: Stage | undefined;
  /** The instruction that made a layer, `base` for those that were there before, `undefined` where it cannot be told. */
  makerOf(layer: Layer | undefined): Instruction | 'base' | undefined;
}

/** Which instruction made which layer of the image, by the image's own history. */
export function layersOf(dockerfile: Dockerfile, target: string | undefined, report: ScanReport): DockerfileLayers {
  const stage = (target === undefined ? undefined : dockerfile.findStage(target)) ?? dockerfile.finalStage;
  const lineage = stage?.lineage ?? [];
  const own = [...lineage].reverse().flatMap(({ instructions }) => instructions.filter(makesLayer));
  const commands = report.history.filter(({ isEmpty }) => !isEmpty).map(({ createdBy }) => createdBy);
  const makers = matched(commands, own);
  const isWhole = commands.length === report.diffIds.length;
  return {
    base: lineage.at(-1),
    makerOf(layer) {
      if (layer === undefined) return undefined;
      const index = layer.diffId === undefined ? -1 : report.diffIds.indexOf(layer.diffId);
      if (isWhole && index >= 0) return makers[index];
      const command = layer.createdBy;
      return command === undefined ? undefined : own.find((each) => isMadeBy(command, each));
    },
  };
}

/** From the top down, as instructions were carried out: what is left below our own is the base's. */
function matched(commands: readonly string[], own: readonly Instruction[]): readonly (Instruction | 'base')[] {
  const makers: (Instruction | 'base')[] = commands.map(() => 'base');
  let next = own.length - 1;
  for (let i = commands.length - 1; i >= 0 && next >= 0; i--) {
    const command = commands[i] ?? '';
    const at = own.findLastIndex((instruction, index) => index <= next && isMadeBy(command, instruction));
    const instruction = own[at];
    if (!instruction) continue;
    makers[i] = instruction;
    next = at - 1;
  }
  // Between two layers that are known there is none of the base's.
  const first = makers.findIndex((maker) => maker !== 'base');
  return makers.map((maker, i) => (maker === 'base' && first >= 0 && i > first ? (makers[i - 1] ?? maker) : maker));
}

function makesLayer({ keyword }: Instruction): boolean {
  return keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD' || keyword === 'WORKDIR';
}

/** BuildKit writes `COPY . . # buildkit` and `RUN /bin/sh -c make # buildkit`, the classic builder `/bin/sh -c #(nop) COPY ...`. */
function isMadeBy(command: string, instruction: Instruction): boolean {
  const keyword = /(?:^|#\(nop\)\s+)(RUN|COPY|ADD|WORKDIR)\b/.exec(command)?.[1] ?? 'RUN';
  if (keyword !== instruction.keyword) return false;
  const made = plain(command);
  if (keyword === 'RUN' && instruction.heredocs.length > 0) return made.includes('<<');
  const said = instruction.words.map(({ value }) => plain(value)).filter((word) => word !== '' && !word.includes('$'));
  // The classic builder writes a checksum for what was copied: then only the destination is as it was said.
  const isHashed = /\b(?:file|dir|multi):[0-9a-f]{8}/.test(command);
  const wanted = isHashed ? said.slice(-1) : said;
  return wanted.length > 0 && wanted.every((word) => made.includes(word));
}

function plain(text: string): string {
  return text.replace(/["'\\\s[\],]+/g, '');
}
