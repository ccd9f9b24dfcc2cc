import { linesOf, positionAt, type Lines } from '../../../server/src/text/lines.ts';
import type { Place } from './place.ts';
import type { Proof, PromiseId, Verdict } from './promise.ts';

/** What came of a proof, for every format. The JSON format writes it as it is: adding to it is fine, changing it is not. */
export interface ProofReport {
  readonly schema: 'shipshape-proof';
  readonly schemaVersion: 1;
  readonly image: string;
  readonly imageId: string;
  readonly outcome: 'kept' | 'broken';
  readonly summary: { readonly kept: number; readonly broken: number; readonly notApplicable: number };
  readonly seconds: number;
  readonly promises: readonly ReportedPromise[];
}

export interface ReportedPromise {
  readonly id: PromiseId;
  /** What is promised: 'Runs as non-root'. */
  readonly title: string;
  readonly outcome: Verdict['outcome'];
  readonly message: string;
  readonly advice?: string;
  readonly details: readonly string[];
  readonly seconds: number;
  /** Where it is decided, when the Dockerfile is known. */
  readonly place?: ReportedPlace;
}

export interface ReportedPlace {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly instruction: string;
}

export const promiseTitles: Readonly<Record<PromiseId, string>> = {
  'non-root': 'Runs as non-root',
  'read-only': 'Runs on a read-only file system',
  'no-privileges': 'Runs without capabilities and new privileges',
  limits: 'Runs within memory and CPU limits',
  port: 'Listens on the port it exposes',
  healthy: 'Becomes healthy',
  'unhealthy-when-stopped': 'Is unhealthy when the app has stopped',
  stops: 'Stops when asked to',
  'no-zombies': 'Leaves no zombies',
  'no-secrets': 'Contains no secrets',
  'no-git': 'Contains no Git history',
  'no-package-cache': 'Contains no package caches',
  size: 'Stays under its target size',
};

export interface DockerfilePlaces {
  /** As it is to be shown. */
  readonly file: string;
  readonly text: string;
  readonly placeOf: (verdict: Verdict) => Place | undefined;
}

export function reportOf(proof: Proof, dockerfile?: DockerfilePlaces): ProofReport {
  const count = (outcome: Verdict['outcome']): number =>
    proof.verdicts.filter((verdict) => verdict.outcome === outcome).length;
  const broken = count('broken');
  const lines = dockerfile && linesOf(dockerfile.text);
  return {
    schema: 'shipshape-proof',
    schemaVersion: 1,
    image: proof.image,
    imageId: proof.imageId,
    outcome: broken > 0 ? 'broken' : 'kept',
    summary: { kept: count('kept'), broken, notApplicable: count('not-applicable') },
    seconds: rounded(proof.seconds),
    promises: proof.verdicts.map((verdict) => reported(verdict, dockerfile, lines)),
  };
}

/** 'All 12 promises kept', '2 of 12 promises broken'. */
export function summaryLine({ summary: { kept, broken, notApplicable } }: Pick<ProofReport, 'summary'>): string {
  const asked = kept + broken;
  const left = notApplicable > 0 ? `, ${notApplicable} not applicable` : '';
  if (asked === 0) return `No promise could be asked for${left}`;
  const promises = asked === 1 ? 'promise' : 'promises';
  return broken > 0 ? `${broken} of ${asked} ${promises} broken${left}` : `All ${asked} ${promises} kept${left}`;
}

function reported(
  verdict: Verdict,
  dockerfile: DockerfilePlaces | undefined,
  lines: Lines | undefined,
): ReportedPromise {
  const { promise, outcome, message, advice, details = [], seconds } = verdict;
  const place = outcome === 'broken' ? dockerfile?.placeOf(verdict) : undefined;
  return {
    id: promise,
    title: promiseTitles[promise],
    outcome,
    message,
    ...(advice !== undefined && { advice }),
    details,
    seconds: rounded(seconds),
    ...(dockerfile &&
      lines &&
      place && {
        place: {
          file: dockerfile.file,
          line: positionAt(lines, place.range.start).line + 1,
          instruction: place.instruction.keyword,
        },
      }),
  };
}

function rounded(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
